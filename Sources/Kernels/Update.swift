import CKernels

/// One step of an optimiser over `count` parameters, in the order of operations of PyTorch.
public enum Update {
  /// g = gradient + decay p;  velocity = momentum velocity + g;  p -= learningRate velocity.
  ///
  /// A velocity of zeros before the first step gives PyTorch's first step.
  public static func sgd(
    _ count: Int, parameter: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>,
    velocity: UnsafeMutablePointer<Float>, learningRate: Double, momentum: Double, decay: Double
  ) {
    Pool.forEachBlock(count, of: Elementwise.blockSize) {
      kernel_sgd(
        $0.count, parameter + $0.lowerBound, gradient + $0.lowerBound, velocity + $0.lowerBound,
        Float(learningRate), Float(momentum), Float(decay))
    }
  }

  /// Adam (Kingma and Ba, 2015) with the decay added to the gradient; `step` counts from 1.
  public static func adam(
    _ count: Int, parameter: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>,
    m: UnsafeMutablePointer<Float>, v: UnsafeMutablePointer<Float>, learningRate: Double,
    beta1: Double, beta2: Double, epsilon: Double, decay: Double, step: Int
  ) {
    let constants = kernel_adam_step(
      one_minus_beta1: Float(1 - beta1), beta2: Float(beta2), one_minus_beta2: Float(1 - beta2),
      root_correction: Float((1 - power(beta2, step)).squareRoot()), epsilon: Float(epsilon),
      step_size: Float(learningRate / (1 - power(beta1, step))), decay: Float(decay))
    Pool.forEachBlock(count, of: Elementwise.blockSize) {
      kernel_adam(
        $0.count, parameter + $0.lowerBound, gradient + $0.lowerBound, m + $0.lowerBound, v + $0.lowerBound, constants)
    }
  }

  /// base^exponent by repeated squaring.
  private static func power(_ base: Double, _ exponent: Int) -> Double {
    var result = 1.0, square = base, rest = max(exponent, 0)
    while rest > 0 {
      if rest & 1 == 1 { result *= square }
      square *= square
      rest >>= 1
    }
    return result
  }
}
