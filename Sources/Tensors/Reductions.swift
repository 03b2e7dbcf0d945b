import Kernels

// Sums, means and extremes, over one axis or all.

extension Tensor {
  /// The sum of all elements, or along one axis.
  public func sum(axis requested: Int? = nil, keepingAxis: Bool = false) throws -> Tensor {
    guard let requested else { return try reshaped(to: [count]).sum(axis: 0) }
    let axis = try shape.resolve(axis: requested, for: "sum")
    let (outer, length, inner) = shape.split(at: axis)
    let kept = shape.replacing(axis, with: 1)
    let result = try Tensor(shape: keepingAxis ? kept : shape.removing(axis)) { target in
      read { Reduction.sum(outer: outer, count: length, inner: inner, $0, into: target) }
    }
    let full = shape
    return result.recorded(from: [self]) { gradient in
      [try gradient.reshaped(to: kept).stretched(to: full)]
    }
  }

  /// The mean of all elements, or along one axis; an empty tensor has none.
  public func mean(axis: Int? = nil, keepingAxis: Bool = false) throws -> Tensor {
    let divisor = try axis.map { shape[try shape.resolve(axis: $0, for: "mean")] } ?? count
    guard divisor > 0 else { throw TensorError("mean: a tensor of shape \(shape) has no elements") }
    return try sum(axis: axis, keepingAxis: keepingAxis) * Tensor(1 / Float(divisor))
  }

  /// The largest element along an axis (of all elements where none is given); ties go to the first.
  public func maximum(axis: Int? = nil) throws -> Tensor { try extreme(axis, largest: true).value }

  /// The smallest element along an axis (of all elements where none is given); ties go to the first.
  public func minimum(axis: Int? = nil) throws -> Tensor { try extreme(axis, largest: false).value }

  /// The position of the largest element along an axis; carries no gradient.
  public func argmax(axis: Int? = nil) throws -> Tensor {
    let (value, positions) = try detached.extreme(axis, largest: true)
    return try Tensor(positions.map(Float.init), shape: value.shape)
  }

  private func extreme(_ requested: Int?, largest: Bool) throws -> (value: Tensor, positions: [Int32]) {
    guard let requested else { return try reshaped(to: [count]).extreme(0, largest: largest) }
    let name = largest ? "max" : "min"
    let axis = try shape.resolve(axis: requested, for: name)
    let (outer, length, inner) = shape.split(at: axis)
    guard length > 0 else {
      throw TensorError("\(name): a tensor of shape \(shape) has no elements along axis \(axis)")
    }
    var positions = [Int32](repeating: 0, count: outer * inner)
    let value = try Tensor(shape: shape.removing(axis)) { target in
      read { source in
        positions.withUnsafeMutableBufferPointer { positions in
          guard let positions = positions.baseAddress else { return }
          let reduce = largest ? Reduction.maximum : Reduction.minimum
          reduce(outer, length, inner, source, target, positions)
        }
      }
    }
    let (full, chosen) = (shape, positions)
    let recorded = value.recorded(from: [self]) { gradient in
      var spread = try Tensor(repeating: 0, shape: full)
      try spread.mutate { target in
        gradient.read { source in
          for index in chosen.indices {
            target[(index / inner * length + Int(chosen[index])) * inner + index % inner] = source[index]
          }
        }
      }
      return [spread]
    }
    return (recorded, positions)
  }

  /// Repeats the axes of length 1 until the shape is `target`.
  func stretched(to target: Shape) throws -> Tensor {
    try Tensor(shape: target) { result in
      read { Broadcast.stridedCopy(shape: target, strides: shape.strides(broadcastTo: target), $0, into: result) }
    }
  }
}

extension Shape {
  func removing(_ axis: Int) -> Shape { Array(self[..<axis] + self[(axis + 1)...]) }

  func replacing(_ axis: Int, with length: Int) -> Shape {
    var shape = self
    shape[axis] = length
    return shape
  }
}
