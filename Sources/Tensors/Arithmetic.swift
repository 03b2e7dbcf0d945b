import Kernels

// Elementwise arithmetic of two tensors, with broadcasting: `[3, 1] + [4]` is `[3, 4]`.

extension Tensor {
  public static func + (left: Tensor, right: Tensor) throws -> Tensor {
    try combine(left, right, .add, "+") { gradient, left, right in
      try [gradient.summed(to: left.shape), gradient.summed(to: right.shape)]
    }
  }

  public static func - (left: Tensor, right: Tensor) throws -> Tensor {
    try combine(left, right, .subtract, "-") { gradient, left, right in
      try [gradient.summed(to: left.shape), (-gradient).summed(to: right.shape)]
    }
  }

  public static func * (left: Tensor, right: Tensor) throws -> Tensor {
    try combine(left, right, .multiply, "*") { gradient, left, right in
      try [(gradient * right).summed(to: left.shape), (gradient * left).summed(to: right.shape)]
    }
  }

  public static func / (left: Tensor, right: Tensor) throws -> Tensor {
    try combine(left, right, .divide, "/") { gradient, left, right in
      let toLeft = try gradient / right
      return try [toLeft.summed(to: left.shape), (-(toLeft * left / right)).summed(to: right.shape)]
    }
  }

  /// The larger of each pair; a tie sends the gradient to the left one.
  public static func maximum(_ left: Tensor, _ right: Tensor) throws -> Tensor {
    try combine(left, right, .maximum, "max") { gradient, left, right in
      let toLeft = try gradient * compare(left, right, .greaterEqual)
      return try [toLeft.summed(to: left.shape), (gradient - toLeft).summed(to: right.shape)]
    }
  }

  /// The smaller of each pair; a tie sends the gradient to the left one.
  public static func minimum(_ left: Tensor, _ right: Tensor) throws -> Tensor {
    try combine(left, right, .minimum, "min") { gradient, left, right in
      let toLeft = try gradient * compare(left, right, .lessEqual)
      return try [toLeft.summed(to: left.shape), (gradient - toLeft).summed(to: right.shape)]
    }
  }

  /// `base ** exponent`, element by element.
  public static func power(_ base: Tensor, _ exponent: Tensor) throws -> Tensor {
    try combine(base, exponent, .power, "**") { gradient, base, exponent in
      let one = try Tensor(1)
      let toBase = try gradient * exponent * power(base, exponent - one)
      let toExponent = try gradient * power(base, exponent) * base.logarithm()
      return try [toBase.summed(to: base.shape), toExponent.summed(to: exponent.shape)]
    }
  }

  /// Ones where the comparison holds, zeros elsewhere; carries no gradient.
  public static func compare(_ left: Tensor, _ right: Tensor, _ comparison: BinaryOperation) throws -> Tensor {
    try broadcast(left.detached, right.detached, comparison, "comparison")
  }

  public static prefix func - (tensor: Tensor) throws -> Tensor { try tensor * Tensor(-1) }

  private static func combine(
    _ left: Tensor, _ right: Tensor, _ kernel: BinaryOperation, _ symbol: String,
    pullback: @escaping @Sendable (_ gradient: Tensor, _ left: Tensor, _ right: Tensor) throws -> [Tensor?]
  ) throws -> Tensor {
    let value = try broadcast(left, right, kernel, symbol)
    guard left.isTracked || right.isTracked else { return value }
    let (leftValue, rightValue) = (left.detached, right.detached)
    return value.recorded(from: [left, right]) { try pullback($0, leftValue, rightValue) }
  }

  private static func broadcast(
    _ left: Tensor, _ right: Tensor, _ kernel: BinaryOperation, _ symbol: String
  ) throws -> Tensor {
    let shape = try left.shape.broadcast(with: right.shape, for: symbol)
    let count = try shape.elementCount()
    return try Tensor(shape: shape) { target in
      left.read { leftElements in
        right.read { rightElements in
          if right.count == 1, left.count == count {
            Elementwise.binary(kernel, count, leftElements, rightElements[0], into: target)
          } else if left.count == 1, right.count == count {
            Elementwise.binary(kernel, count, leftElements[0], rightElements, into: target)
          } else if left.count == count, right.count == count {
            Elementwise.binary(kernel, count, leftElements, rightElements, into: target)
          } else {
            Broadcast.binary(
              kernel, shape: shape, aStrides: left.shape.strides(broadcastTo: shape), leftElements,
              bStrides: right.shape.strides(broadcastTo: shape), rightElements, into: target)
          }
        }
      }
    }
  }

  /// Sums over the axes along which `shape` was stretched: the gradient of broadcasting.
  func summed(to shape: Shape) throws -> Tensor {
    guard self.shape != shape else { return self }
    var sum = self
    let missing = rank - shape.count
    for axis in self.shape.indices where axis < missing || shape[axis - missing] != self.shape[axis] {
      sum = try sum.sum(axis: axis, keepingAxis: true)
    }
    return try sum.reshaped(to: shape)
  }
}
