import Tensors

/// How a tensor of a new network starts: PyTorch's defaults, and the released code's choice for convolutions.
public enum Initialization: String, Sendable, Codable, CaseIterable {
  case zeros
  case ones
  /// Normal with deviation √(2 / (out · kernel area)): `kaiming_normal_(mode: fan_out)` (He et al. 2015).
  case kaimingFanOut = "kaiming_fan_out"
  /// Normal with deviation √(2 / fan_in).
  case kaimingFanIn = "kaiming_fan_in"
  /// Uniform within ±1/√fan_in: PyTorch's default for dense and convolution layers.
  case uniformFanIn = "uniform"

  /// Makes the tensor from a stream that belongs to its name, so that networks of one seed start alike layer by layer.
  ///
  /// Weights are [out, in, ...]; a bias takes the fan-in of the weight it goes with.
  public func makeTensor(_ shape: Shape, fanIn: Int? = nil, from stream: RandomStream) throws -> Tensor {
    var stream = stream
    let count = try shape.elementCount()
    let area = shape.dropFirst(2).reduce(1, *)
    let fanIn = fanIn ?? shape.dropFirst().reduce(1, *)
    let fanOut = (shape.first ?? 1) * area
    switch self {
    case .zeros: return try Tensor(repeating: 0, shape: shape)
    case .ones: return try Tensor(repeating: 1, shape: shape)
    case .kaimingFanOut: return try normal(shape, deviation: (2 / Float(max(fanOut, 1))).squareRoot(), &stream)
    case .kaimingFanIn: return try normal(shape, deviation: (2 / Float(max(fanIn, 1))).squareRoot(), &stream)
    case .uniformFanIn:
      let bound = 1 / Float(max(fanIn, 1)).squareRoot()
      return try Tensor(shape: shape) { target in
        stream.fillUniform(UnsafeMutableBufferPointer(start: target, count: count), from: -bound, to: bound)
      }
    }
  }

  private func normal(_ shape: Shape, deviation: Float, _ stream: inout RandomStream) throws -> Tensor {
    let count = try shape.elementCount()
    return try Tensor(shape: shape) { target in
      stream.fillNormal(UnsafeMutableBufferPointer(start: target, count: count), deviation: deviation)
    }
  }
}
