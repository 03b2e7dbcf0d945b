/// The lengths of a tensor's axes, outermost first; `[]` is a scalar.
public typealias Shape = [Int]

extension Shape {
  /// The most axes of a tensor.
  public static let mostAxes = 32
  /// The largest product of lengths, counting an empty axis as 1: strides and what is derived from them stay countable.
  private static let mostElements = 1 << 44

  /// The number of elements. Throws for too many axes or elements, and where a length is negative.
  public func elementCount() throws -> Int {
    guard count <= Self.mostAxes else {
      throw TensorError("a tensor has at most \(Self.mostAxes) axes, and this shape has \(count)")
    }
    var extent = 1
    for length in self {
      guard length >= 0 else { throw TensorError("a shape has no negative lengths, but this is \(self)") }
      // An empty axis does not excuse the others: strides multiply them without it.
      let (product, overflow) = extent.multipliedReportingOverflow(by: Swift.max(length, 1))
      guard !overflow, product <= Self.mostElements else {
        throw TensorError("there is not enough memory for a tensor of shape \(self): it has more elements than can be counted")
      }
      extent = product
    }
    return contains(0) ? 0 : extent
  }

  /// Row-major strides, in elements.
  var strides: [Int] {
    var strides = [Int](repeating: 1, count: count)
    for axis in indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * self[axis + 1] }
    return strides
  }

  /// The common shape of two operands: axes are matched from the last, and a length of 1 stretches.
  func broadcast(with other: Shape, for operation: String) throws -> Shape {
    var result = Shape(repeating: 1, count: Swift.max(count, other.count))
    for offset in 1..<(result.count + 1) {
      let left = offset <= count ? self[count - offset] : 1
      let right = offset <= other.count ? other[other.count - offset] : 1
      guard left == right || left == 1 || right == 1 else {
        throw TensorError(
          "\(operation): shapes \(self) and \(other) do not match",
          help: "axes are compared from the last; each pair must be equal, or one of them 1")
      }
      result[result.count - offset] = left == 1 ? right : left
    }
    return result
  }

  /// Strides that read this shape as if it were `target`: 0 along every stretched axis.
  func strides(broadcastTo target: Shape) -> [Int] {
    let missing = target.count - count
    let own = strides
    return target.indices.map { axis in
      axis < missing || self[axis - missing] == 1 ? 0 : own[axis - missing]
    }
  }

  /// `axis`, counted from the end where it is negative.
  func resolve(axis: Int, for operation: String) throws -> Int {
    let resolved = axis < 0 ? axis + count : axis
    guard indices.contains(resolved) else {
      throw TensorError("\(operation): a tensor of shape \(self) has no axis \(axis)")
    }
    return resolved
  }

  /// Lengths before, at and after an axis, as products: the view [outer, length, inner].
  func split(at axis: Int) -> (outer: Int, length: Int, inner: Int) {
    (self[..<axis].reduce(1, *), self[axis], self[(axis + 1)...].reduce(1, *))
  }
}
