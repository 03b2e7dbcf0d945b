import Tensors

/// `relu`: max(x, 0).
public struct ReluLayer: Layer {
  public static let kind = "relu"

  public init() {}

  public func outputShape(of inputs: [Shape]) throws -> Shape { try inputs.only(for: Self.kind) }

  public func forward(_ inputs: [Tensor], _ pass: LayerPass) throws -> Tensor { try inputs[0].relu() }
}

/// `leaky_relu(slope)`: x where positive, slope · x elsewhere.
public struct LeakyReluLayer: Layer {
  public static let kind = "leaky_relu"

  public var slope: Float

  public init(slope: Float = 0.01) { self.slope = slope }

  public func outputShape(of inputs: [Shape]) throws -> Shape { try inputs.only(for: Self.kind) }

  public func forward(_ inputs: [Tensor], _ pass: LayerPass) throws -> Tensor {
    try inputs[0].leakyRelu(slope: slope)
  }
}

/// `dropout(rate)`: zeroes a share of the elements while training, and does nothing otherwise.
public struct DropoutLayer: Layer {
  public static let kind = "dropout"

  public var rate: Float

  public init(rate: Float) { self.rate = rate }

  public func outputShape(of inputs: [Shape]) throws -> Shape {
    guard rate >= 0, rate < 1 else {
      throw NetworkError("dropout: the rate is a share of at least 0% and less than 100%, not \(rate)")
    }
    return try inputs.only(for: Self.kind)
  }

  public func forward(_ inputs: [Tensor], _ pass: LayerPass) throws -> Tensor {
    pass.isTraining ? try inputs[0].droppedOut(rate: rate, using: pass.randomness) : inputs[0]
  }
}

extension [Shape] {
  /// The shape of a layer's one input.
  func only(for kind: String) throws -> Shape {
    guard count == 1 else { throw NetworkError("\(kind): one input was expected, not \(count)") }
    return self[0]
  }
}
