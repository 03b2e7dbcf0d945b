import Glibc
import Kernels

// Functions of one tensor, element by element, with their derivatives.

extension Tensor {
  /// `max(x, 0)`; the derivative at 0 is 0.
  public func relu() throws -> Tensor {
    try map(.relu) { gradient, _, result in
      try Tensor(shape: gradient.shape) { target in
        gradient.read { gradient in
          result.read { Elementwise.reluBackward(result.count, $0, gradient: gradient, into: target) }
        }
      }
    }
  }

  /// `x` where positive, `slope * x` elsewhere.
  public func leakyRelu(slope: Float = 0.01) throws -> Tensor {
    let value = try Tensor(shape: shape) { target in
      read { Elementwise.leakyRelu(count, slope: slope, $0, into: target) }
    }
    let input = detached
    return value.recorded(from: [self]) { gradient in
      let toInput = try Tensor(shape: input.shape) { target in
        gradient.read { gradient in
          input.read { Elementwise.leakyReluBackward(input.count, slope: slope, $0, gradient: gradient, into: target) }
        }
      }
      return [toInput]
    }
  }

  public func exponential() throws -> Tensor {
    try map(.exponential) { gradient, _, result in try gradient * result }
  }

  /// The natural logarithm.
  public func logarithm() throws -> Tensor {
    try map(.logarithm) { gradient, input, _ in try gradient / input }
  }

  public func squareRoot() throws -> Tensor {
    try map(.squareRoot) { gradient, _, result in try gradient / (result * Tensor(2)) }
  }

  public func hyperbolicTangent() throws -> Tensor {
    try map(.hyperbolicTangent) { gradient, _, result in try gradient * (Tensor(1) - result * result) }
  }

  public func logistic() throws -> Tensor {
    try map(.sigmoid) { gradient, _, result in try gradient * result * (Tensor(1) - result) }
  }

  public func absolute() throws -> Tensor {
    try map(.absolute) { gradient, input, _ in try gradient * input.sign() }
  }

  public func sine() throws -> Tensor {
    try map(sin) { gradient, input in try gradient * input.cosine() }
  }

  public func cosine() throws -> Tensor {
    try map(cos) { gradient, input in try -(gradient * input.sine()) }
  }

  /// -1, 0 or 1; carries no gradient.
  public func sign() throws -> Tensor { try apply(.sign) }

  /// To the nearest whole number, halves away from zero; carries no gradient.
  public func rounded() throws -> Tensor { try apply { $0.rounded() } }

  private func map(
    _ kernel: UnaryOperation,
    pullback: @escaping @Sendable (_ gradient: Tensor, _ input: Tensor, _ result: Tensor) throws -> Tensor
  ) throws -> Tensor {
    let value = try apply(kernel)
    guard isTracked else { return value }
    let input = detached
    return value.recorded(from: [self]) { [try pullback($0, input, value)] }
  }

  private func apply(_ kernel: UnaryOperation) throws -> Tensor {
    try Tensor(shape: shape) { target in
      read { Elementwise.unary(kernel, count, $0, into: target) }
    }
  }

  /// Functions that no network needs have no kernel of their own.
  private func map(
    _ function: (Float) -> Float, pullback: @escaping @Sendable (_ gradient: Tensor, _ input: Tensor) throws -> Tensor
  ) throws -> Tensor {
    let input = detached
    return try apply(function).recorded(from: [self]) { [try pullback($0, input)] }
  }

  private func apply(_ function: (Float) -> Float) throws -> Tensor {
    try Tensor(shape: shape) { target in
      read { for index in 0..<count { target[index] = function($0[index]) } }
    }
  }
}
