import CKernels

/// A function of two numbers, element by element; comparisons give 0 or 1, a NaN in either operand of `maximum` and
/// `minimum` is kept.
public enum BinaryOperation: Sendable, CaseIterable {
  case add, subtract, multiply, divide, maximum, minimum, power
  case equal, notEqual, less, lessEqual, greater, greaterEqual

  var kernel: kernel_operation {
    switch self {
    case .add: kernel_add
    case .subtract: kernel_subtract
    case .multiply: kernel_multiply
    case .divide: kernel_divide
    case .maximum: kernel_maximum
    case .minimum: kernel_minimum
    case .power: kernel_power
    case .equal: kernel_equal
    case .notEqual: kernel_not_equal
    case .less: kernel_less
    case .lessEqual: kernel_less_equal
    case .greater: kernel_greater
    case .greaterEqual: kernel_greater_equal
    }
  }
}

/// A function of one number, element by element.
public enum UnaryOperation: Sendable, CaseIterable {
  case negate, absolute, sign, relu, squareRoot, exponential, logarithm, hyperbolicTangent, sigmoid

  var kernel: kernel_unary {
    switch self {
    case .negate: kernel_negate
    case .absolute: kernel_absolute
    case .sign: kernel_sign
    case .relu: kernel_relu
    case .squareRoot: kernel_square_root
    case .exponential: kernel_exponential
    case .logarithm: kernel_logarithm
    case .hyperbolicTangent: kernel_hyperbolic_tangent
    case .sigmoid: kernel_sigmoid
    }
  }
}

/// Functions over `count` elements; outputs may be the inputs themselves.
public enum Elementwise {
  /// Elements in a chunk of parallel work: a quarter of a second-level cache for three arrays.
  static let blockSize = 1 << 15

  /// y = f(x).
  public static func unary(
    _ operation: UnaryOperation, _ count: Int, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>
  ) {
    let kernel = operation.kernel
    Pool.forEachBlock(count, of: blockSize) { kernel($0.count, x + $0.lowerBound, y + $0.lowerBound) }
  }

  /// c = f(a, b).
  public static func binary(
    _ operation: BinaryOperation, _ count: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    into c: UnsafeMutablePointer<Float>
  ) {
    let kernel = operation.kernel
    Pool.forEachBlock(count, of: blockSize) {
      kernel_binary(kernel, $0.count, a + $0.lowerBound, 1, b + $0.lowerBound, 1, c + $0.lowerBound)
    }
  }

  /// c = f(a, scalar).
  public static func binary(
    _ operation: BinaryOperation, _ count: Int, _ a: UnsafePointer<Float>, _ scalar: Float,
    into c: UnsafeMutablePointer<Float>
  ) {
    if operation == .power, scalar == 2 { return binary(.multiply, count, a, a, into: c) }
    let kernel = operation.kernel
    Pool.forEachBlock(count, of: blockSize) { block in
      withUnsafePointer(to: scalar) {
        kernel_binary(kernel, block.count, a + block.lowerBound, 1, $0, 0, c + block.lowerBound)
      }
    }
  }

  /// c = f(scalar, b).
  public static func binary(
    _ operation: BinaryOperation, _ count: Int, _ scalar: Float, _ b: UnsafePointer<Float>,
    into c: UnsafeMutablePointer<Float>
  ) {
    let kernel = operation.kernel
    Pool.forEachBlock(count, of: blockSize) { block in
      withUnsafePointer(to: scalar) {
        kernel_binary(kernel, block.count, $0, 0, b + block.lowerBound, 1, c + block.lowerBound)
      }
    }
  }

  /// y += scale * x.
  public static func axpy(
    _ count: Int, _ scale: Float, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>
  ) {
    Pool.forEachBlock(count, of: blockSize) { kernel_axpy($0.count, scale, x + $0.lowerBound, y + $0.lowerBound) }
  }

  /// y = scale * x + shift.
  public static func affine(
    _ count: Int, _ x: UnsafePointer<Float>, scale: Float, shift: Float, into y: UnsafeMutablePointer<Float>
  ) {
    Pool.forEachBlock(count, of: blockSize) {
      kernel_affine($0.count, x + $0.lowerBound, scale, shift, y + $0.lowerBound)
    }
  }

  /// y = x where x > 0, else slope * x.
  public static func leakyRelu(
    _ count: Int, slope: Float, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>
  ) {
    Pool.forEachBlock(count, of: blockSize) {
      kernel_leaky_relu($0.count, slope, x + $0.lowerBound, y + $0.lowerBound)
    }
  }

  /// The input gradient of `leakyRelu`; `x` may be its input or, for a slope that is not negative, its output.
  public static func leakyReluBackward(
    _ count: Int, slope: Float, _ x: UnsafePointer<Float>, gradient: UnsafePointer<Float>,
    into inputGradient: UnsafeMutablePointer<Float>
  ) {
    Pool.forEachBlock(count, of: blockSize) {
      kernel_leaky_relu_backward(
        $0.count, slope, x + $0.lowerBound, gradient + $0.lowerBound, inputGradient + $0.lowerBound)
    }
  }

  /// The input gradient of relu from its input or output: `gradient` where x > 0, else 0.
  public static func reluBackward(
    _ count: Int, _ x: UnsafePointer<Float>, gradient: UnsafePointer<Float>,
    into inputGradient: UnsafeMutablePointer<Float>
  ) {
    Pool.forEachBlock(count, of: blockSize) {
      kernel_relu_backward($0.count, x + $0.lowerBound, gradient + $0.lowerBound, inputGradient + $0.lowerBound)
    }
  }

  /// y = value.
  public static func fill(_ count: Int, _ value: Float, into y: UnsafeMutablePointer<Float>) {
    Pool.forEachBlock(count, of: blockSize) { kernel_fill($0.count, value, y + $0.lowerBound) }
  }

  /// y = x.
  public static func copy(_ count: Int, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>) {
    Pool.forEachBlock(count, of: blockSize) { (y + $0.lowerBound).update(from: x + $0.lowerBound, count: $0.count) }
  }
}
