import Tensors

/// `dense(width)`: x Wᵀ + b on a vector, by default with PyTorch's start U(±1/√fan_in).
public struct DenseLayer: WeightedLayer {
  public static let kind = "dense"

  public var width: Int
  public var hasBias: Bool
  /// Of the weight; a bias is uniform in ±1/√fan_in.
  public var initialization: Initialization

  public init(width: Int, hasBias: Bool = true, initialization: Initialization = .uniformFanIn) {
    self.width = width
    self.hasBias = hasBias
    self.initialization = initialization
  }

  public func outputShape(of inputs: [Shape]) throws -> Shape {
    guard inputs.count == 1, inputs[0].count == 1 else {
      throw NetworkError(
        "dense: a vector was expected, not \(inputs.first ?? [])", help: "put flatten, or a global pooling, before it")
    }
    guard (1...16_777_216).contains(width) else {
      throw NetworkError("dense: the width is a whole number of at least 1, not \(width)")
    }
    return [width]
  }

  public func parameters(for inputs: [Shape]) -> [ParameterDeclaration] {
    let weight = ParameterDeclaration("weight", [width, inputs[0][0]], initialization)
    return hasBias ? [weight, ParameterDeclaration("bias", [width], .uniformFanIn, fanIn: inputs[0][0])] : [weight]
  }

  public func forward(_ inputs: [Tensor], _ pass: LayerPass) throws -> Tensor {
    try inputs[0].dense(weight: pass.parameter("weight"), bias: hasBias ? pass.parameter("bias") : nil)
  }

  /// The passport itself: a dense layer has one position.
  public func meanPatch(of passport: Tensor) throws -> Tensor { try passport.reshaped(to: [-1]) }

  public func meetings(over positions: Shape) -> [Tensor] { [] }

  public func multiplyAdds(for inputs: [Shape], output: Shape) -> Int { inputs[0][0] * width }
}

// A file says how the weight starts only where that is not the default, as files from before there was a choice.
extension DenseLayer {
  private enum CodingKeys: String, CodingKey { case width, hasBias, initialization }

  public init(from decoder: any Decoder) throws {
    let options = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      width: try options.decode(Int.self, forKey: .width), hasBias: try options.decode(Bool.self, forKey: .hasBias),
      initialization: try options.decodeIfPresent(Initialization.self, forKey: .initialization) ?? .uniformFanIn)
  }

  public func encode(to encoder: any Encoder) throws {
    var options = encoder.container(keyedBy: CodingKeys.self)
    try options.encode(width, forKey: .width)
    try options.encode(hasBias, forKey: .hasBias)
    if initialization != .uniformFanIn { try options.encode(initialization, forKey: .initialization) }
  }
}
