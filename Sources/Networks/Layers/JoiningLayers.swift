import Tensors

/// `flatten`: an image as one vector, channel after channel.
public struct FlattenLayer: Layer {
  public static let kind = "flatten"

  public init() {}

  public func outputShape(of inputs: [Shape]) throws -> Shape { [try inputs.only(for: Self.kind).elementCount()] }

  public func forward(_ inputs: [Tensor], _ pass: LayerPass) throws -> Tensor {
    try inputs[0].reshaped(to: [inputs[0].shape[0], inputs[0].shape.dropFirst().reduce(1, *)])
  }
}

/// `add(x)`: the sum of two stages of one shape, as at the end of a residual block.
public struct AddLayer: Layer {
  public static let kind = "add"

  public init() {}

  public func outputShape(of inputs: [Shape]) throws -> Shape {
    guard inputs.count == 2 else { throw NetworkError("add: two inputs were expected, not \(inputs.count)") }
    guard inputs[0] == inputs[1] else {
      if inputs[0].dropFirst() == inputs[1].dropFirst(), let here = inputs[0].first, let there = inputs[1].first {
        throw NetworkError(
          "add: channels differ, \(here) here and \(there) in x", help: "project the shortcut with conv(\(here), 1)")
      }
      throw NetworkError("add: shapes differ, \(inputs[0]) here and \(inputs[1]) in x")
    }
    return inputs[0]
  }

  public func forward(_ inputs: [Tensor], _ pass: LayerPass) throws -> Tensor { try inputs[0] + inputs[1] }
}

/// `concat(x)`: the channels of two or more stages side by side.
public struct ConcatenateLayer: Layer {
  public static let kind = "concat"

  public init() {}

  public func outputShape(of inputs: [Shape]) throws -> Shape {
    guard let first = inputs.first, !first.isEmpty else { throw NetworkError("concat: there is nothing to join") }
    for other in inputs where other.dropFirst() != first.dropFirst() || other.isEmpty {
      throw NetworkError("concat: sizes differ, \(first) here and \(other) in x")
    }
    return [inputs.reduce(0) { $0 + $1[0] }] + first.dropFirst()
  }

  public func forward(_ inputs: [Tensor], _ pass: LayerPass) throws -> Tensor {
    try Tensor.concatenated(inputs, axis: 1)
  }
}
