import Kernels

// The same elements in another arrangement.

extension Tensor {
  /// The same elements in row-major order under another shape; one length may be -1 and is worked out.
  public func reshaped(to target: Shape) throws -> Tensor {
    var shape = target
    if let free = target.firstIndex(of: -1) {
      let known = try target.removing(free).elementCount()
      guard known > 0, count % known == 0 else {
        throw TensorError("reshape: \(count) elements of shape \(self.shape) do not divide into \(target)")
      }
      shape[free] = count / known
    }
    guard try shape.elementCount() == count else {
      throw TensorError(
        "reshape: shape \(self.shape) has \(count) elements, and \(target) takes \(try shape.elementCount())")
    }
    guard shape != self.shape else { return self }
    let original = self.shape
    return Tensor(shape: shape, storage: storage).recorded(from: [self]) { [try $0.reshaped(to: original)] }
  }

  /// The axes in another order; without `axes`, in reverse.
  public func transposed(_ axes: [Int]? = nil) throws -> Tensor {
    let order = try (axes ?? Array(shape.indices.reversed())).map { try shape.resolve(axis: $0, for: "transpose") }
    guard order.sorted() == Array(shape.indices) else {
      throw TensorError("transpose: a tensor of shape \(shape) needs each of its \(rank) axes once, not \(order)")
    }
    let strides = shape.strides
    let result = try Tensor(shape: order.map { shape[$0] }) { target in
      read {
        Broadcast.stridedCopy(shape: order.map { shape[$0] }, strides: order.map { strides[$0] }, $0, into: target)
      }
    }
    var inverse = order
    for (position, axis) in order.enumerated() { inverse[axis] = position }
    let back = inverse
    return result.recorded(from: [self]) { [try $0.transposed(back)] }
  }

  /// Tensors joined along an axis; all other axes must agree.
  public static func concatenated(_ tensors: [Tensor], axis: Int) throws -> Tensor {
    guard let first = tensors.first else { throw TensorError("concat: there is nothing to join") }
    let axis = try first.shape.resolve(axis: axis, for: "concat")
    for other in tensors
    where other.rank != first.rank
      || other.shape.removing(axis) != first.shape.removing(axis)
    {
      throw TensorError("concat: shapes \(first.shape) and \(other.shape) differ beside axis \(axis)")
    }
    let lengths = tensors.map { $0.shape[axis] }
    let (outer, _, inner) = first.shape.split(at: axis)
    let total = lengths.reduce(0, +)
    let result = try Tensor(shape: first.shape.replacing(axis, with: total)) { target in
      var offset = 0
      for tensor in tensors {
        let run = tensor.shape[axis] * inner
        tensor.read { source in
          for block in 0..<outer {
            (target + block * total * inner + offset).update(from: source + block * run, count: run)
          }
        }
        offset += run
      }
    }
    return result.recorded(from: tensors) { gradient in
      var start = 0
      return try lengths.map { length in
        defer { start += length }
        return try gradient.sliced(axis: axis, from: start, count: length)
      }
    }
  }

  /// The elements `from ..< from + count` along an axis.
  public func sliced(axis: Int, from start: Int, count length: Int) throws -> Tensor {
    let axis = try shape.resolve(axis: axis, for: "slice")
    guard start >= 0, length >= 0, start <= shape[axis] - length else {
      throw TensorError(
        "index \(length == 1 ? "\(start)" : "\(start)..<\(start &+ length)") is outside axis \(axis) of shape \(shape)",
        help: "positions count from 0 to \(shape[axis] - 1)")
    }
    return try gathered(axis: axis, positions: Array(start..<start + length))
  }

  /// The elements at the given positions along an axis, in that order, repetitions allowed.
  public func gathered(axis: Int, positions: [Int]) throws -> Tensor {
    let axis = try shape.resolve(axis: axis, for: "index")
    for position in positions where !(0..<shape[axis]).contains(position) {
      throw TensorError(
        "index \(position) is outside axis \(axis) of shape \(shape)",
        help: shape[axis] == 0 ? "the axis is empty" : "positions count from 0 to \(shape[axis] - 1)")
    }
    let (outer, length, inner) = shape.split(at: axis)
    let result = try Tensor(shape: shape.replacing(axis, with: positions.count)) { target in
      read { source in
        for block in 0..<outer {
          for (row, position) in positions.enumerated() {
            (target + (block * positions.count + row) * inner)
              .update(from: source + (block * length + position) * inner, count: inner)
          }
        }
      }
    }
    let full = shape
    return result.recorded(from: [self]) { gradient in
      var spread = try Tensor(repeating: 0, shape: full)
      try spread.mutate { target in
        gradient.read { source in
          for block in 0..<outer {
            for (row, position) in positions.enumerated() {
              let to = target + (block * length + position) * inner
              let from = source + (block * positions.count + row) * inner
              for element in 0..<inner { to[element] += from[element] }
            }
          }
        }
      }
      return [spread]
    }
  }
}
