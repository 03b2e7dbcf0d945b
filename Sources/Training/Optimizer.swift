import Kernels
import Tensors

/// How gradients change the parameters: PyTorch's SGD and Adam, with weight decay added to the gradient.
public enum OptimizerSettings: Sendable, Equatable, Codable {
  /// v ← μ v + g + λ p;  p ← p - η v  (no dampening, no Nesterov)
  case sgd(rate: Double, momentum: Double, decay: Double)
  /// Kingma & Ba 2015, ε added to the root of the corrected second moment.
  case adam(rate: Double, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, decay: Double = 0)

  public var rate: Double {
    switch self {
    case .sgd(let rate, _, _), .adam(let rate, _, _, _, _): rate
    }
  }
}

/// When the learning rate falls.
public enum Schedule: Sendable, Equatable, Codable {
  case constant
  /// Times `factor` after each of these epochs (MultiStepLR).
  case milestones([Int], factor: Double)
  /// Times `factor` after every `epochs` epochs (StepLR).
  case every(epochs: Int, factor: Double)

  /// What the rate is multiplied by during an epoch, counted from 0.
  public func factor(epoch: Int) -> Double {
    let (steps, factor): (Int, Double) =
      switch self {
      case .constant: (0, 1)
      case .milestones(let epochs, let factor): (epochs.count { $0 <= epoch }, factor)
      case .every(let epochs, let factor): (epoch / max(epochs, 1), factor)
      }
    return (0..<steps).reduce(1) { product, _ in product * factor }
  }
}

/// An optimiser with its memory of the steps so far.
public struct Optimizer: Sendable {
  public let settings: OptimizerSettings
  /// Velocity (SGD), or first and second moments (Adam), by parameter.
  public internal(set) var memory: [String: [Tensor]] = [:]
  /// Steps that each parameter has taken; Adam corrects its moments by it.
  public internal(set) var steps: [String: Int] = [:]

  public init(_ settings: OptimizerSettings) { self.settings = settings }

  /// One step. A parameter without a gradient stays as it is, as in PyTorch.
  public mutating func apply(
    _ gradients: [String: Tensor], to parameters: inout [String: Tensor], rateFactor: Double = 1
  ) throws {
    for (name, gradient) in gradients {
      // Taken out of the dictionary, so that there is one holder and the step can write in place.
      guard var parameter = parameters.removeValue(forKey: name) else { continue }
      var memory = try memory.removeValue(forKey: name) ?? freshMemory(like: parameter)
      let step = (steps[name] ?? 0) + 1
      try update(&parameter, gradient, &memory, step: step, rateFactor: rateFactor)
      parameters[name] = parameter
      self.memory[name] = memory
      steps[name] = step
    }
  }

  private func freshMemory(like parameter: Tensor) throws -> [Tensor] {
    let count = if case .sgd = settings { 1 } else { 2 }
    return try (0..<count).map { _ in try Tensor(repeating: 0, shape: parameter.shape) }
  }

  private func update(
    _ parameter: inout Tensor, _ gradient: Tensor, _ memory: inout [Tensor], step: Int, rateFactor: Double
  ) throws {
    let count = parameter.count
    switch settings {
    case .sgd(let rate, let momentum, let decay):
      try parameter.mutate { parameter in
        try memory[0].mutate { velocity in
          gradient.read { gradient in
            Update.sgd(
              count, parameter: parameter, gradient: gradient, velocity: velocity,
              learningRate: rate * rateFactor, momentum: momentum, decay: decay)
          }
        }
      }
    case .adam(let rate, let beta1, let beta2, let epsilon, let decay):
      var (first, second) = (memory[0], memory[1])
      memory = []
      try parameter.mutate { parameter in
        try first.mutate { first in
          try second.mutate { second in
            gradient.read { gradient in
              Update.adam(
                count, parameter: parameter, gradient: gradient, m: first, v: second,
                learningRate: rate * rateFactor, beta1: beta1, beta2: beta2, epsilon: epsilon, decay: decay,
                step: step)
            }
          }
        }
      }
      memory = [first, second]
    }
  }
}
