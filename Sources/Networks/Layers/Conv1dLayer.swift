import Tensors

/// `conv1d(channels)`: one dense layer for every position of [channels, positions], as PointNet has it for the points
/// of a cloud: a one-dimensional convolution with a kernel of 1.
public struct Conv1dLayer: WeightedLayer {
  public static let kind = "conv1d"

  public var channels: Int
  public var hasBias: Bool
  public var initialization: Initialization

  /// - Parameter initialization: of the weight; a bias is uniform in ±1/√fan_in.
  public init(channels: Int, hasBias: Bool = false, initialization: Initialization = .kaimingFanOut) {
    self.channels = channels
    self.hasBias = hasBias
    self.initialization = initialization
  }

  public func outputShape(of inputs: [Shape]) throws -> Shape {
    let input = try inputs.only(for: Self.kind)
    guard input.count == 2 else {
      throw NetworkError("conv1d: a cloud [channels, points] was expected, not \(input)")
    }
    guard (1...65_536).contains(channels) else {
      throw NetworkError("conv1d: channels is a whole number from 1 to 65536, not \(channels)")
    }
    return [channels, input[1]]
  }

  /// The weight is [out, in, 1], as PyTorch has it.
  public func parameters(for inputs: [Shape]) -> [ParameterDeclaration] {
    let weight = ParameterDeclaration("weight", [channels, inputs[0][0], 1], initialization)
    return hasBias ? [weight, ParameterDeclaration("bias", [channels], .uniformFanIn, fanIn: inputs[0][0])] : [weight]
  }

  public func forward(_ inputs: [Tensor], _ pass: LayerPass) throws -> Tensor {
    try inputs[0].pointwiseConvolution(
      weight: pass.parameter("weight"), bias: hasBias ? pass.parameter("bias") : nil)
  }

  /// The mean over the points of a passport [1, channels, points].
  public func meanPatch(of passport: Tensor) throws -> Tensor { try passport.mean(axis: 2).reshaped(to: [-1]) }

  /// Each point is one of all outputs' positions, and meets the one weight of its channel there.
  public func meetings(over positions: Shape) throws -> [Tensor] {
    try positions.map { try Tensor(repeating: 1 / Float(max($0, 1)), shape: [$0, 1]) }
  }

  public func multiplyAdds(for inputs: [Shape], output: Shape) -> Int { inputs[0][0] * output.reduce(1, *) }
}

extension Tensor {
  /// A convolution of [batch, in, positions] with a weight [out, in, 1]: an image of one row.
  public func pointwiseConvolution(weight: Tensor, bias: Tensor? = nil) throws -> Tensor {
    guard rank == 3, weight.rank == 3, weight.shape[2] == 1 else {
      throw TensorError(
        "conv1d: an input [batch, channels, points] and a weight [out, in, 1] were expected, "
          + "not shapes \(shape) and \(weight.shape)")
    }
    let output = try reshaped(to: [shape[0], shape[1], 1, shape[2]])
      .convolution(weight: weight.reshaped(to: weight.shape + [1]), bias: bias)
    return try output.reshaped(to: [shape[0], weight.shape[0], shape[2]])
  }
}
