import Tensors

/// `dense(width)`: x Wᵀ + b on a vector, with PyTorch's default start U(±1/√fan_in).
public struct DenseLayer: WeightedLayer {
  public static let kind = "dense"

  public var width: Int
  public var hasBias: Bool

  public init(width: Int, hasBias: Bool = true) {
    self.width = width
    self.hasBias = hasBias
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
    let weight = ParameterDeclaration("weight", [width, inputs[0][0]], .uniformFanIn)
    return hasBias ? [weight, ParameterDeclaration("bias", [width], .uniformFanIn, fanIn: inputs[0][0])] : [weight]
  }

  public func forward(_ inputs: [Tensor], _ pass: LayerPass) throws -> Tensor {
    try inputs[0].dense(weight: pass.parameter("weight"), bias: hasBias ? pass.parameter("bias") : nil)
  }

  /// The passport itself: a dense layer has one position.
  public func meanPatch(of passport: Tensor) throws -> Tensor { try passport.reshaped(to: [-1]) }

  public func multiplyAdds(for inputs: [Shape], output: Shape) -> Int { inputs[0][0] * width }
}
