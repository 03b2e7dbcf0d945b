import Tensors
import Testing

@testable import Training

struct OptimizerTests {
  private func isNear(_ found: [Float], _ expected: [Double]) -> Bool {
    found.count == expected.count && zip(found, expected).allSatisfy { abs(Double($0) - $1) <= 3e-7 * max(1, abs($1)) }
  }

  private func parameters(
    after steps: [[Float]], _ settings: OptimizerSettings, rateFactor: Double = 1
  ) throws -> [Float] {
    var parameters = ["p": try Tensor([1, -2, 0.5], shape: [3])]
    var optimizer = Optimizer(settings)
    for step in steps {
      try optimizer.apply(["p": Tensor(step, shape: [3])], to: &parameters, rateFactor: rateFactor)
    }
    return try #require(parameters["p"]).elements
  }

  private let gradients: [[Float]] = [[0.5, -1, 2], [0.25, 4, -2], [-1, 0, 1]]
  private let start = [1.0, -2, 0.5]

  /// The formulas of PyTorch's documentation, in float64.
  @Test func sgdIsPyTorchs() throws {
    let (rate, momentum, decay) = (0.1, 0.9, 0.01)
    let expected = (0..<3).map { index in
      var (p, v) = (start[index], 0.0)
      for gradient in gradients {
        v = momentum * v + Double(gradient[index]) + decay * p
        p -= rate * v
      }
      return p
    }
    #expect(isNear(try parameters(after: gradients, .sgd(rate: rate, momentum: momentum, decay: decay)), expected))
  }

  @Test func adamIsPyTorchs() throws {
    let (rate, beta1, beta2, epsilon, decay) = (0.1, 0.8, 0.95, 1e-8, 0.01)
    let expected = (0..<3).map { index in
      var (p, m, v) = (start[index], 0.0, 0.0)
      var (power1, power2) = (1.0, 1.0)
      for gradient in gradients {
        let g = Double(gradient[index]) + decay * p
        (m, v) = (beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g)
        (power1, power2) = (power1 * beta1, power2 * beta2)
        p -= rate * m / (1 - power1) / ((v / (1 - power2)).squareRoot() + epsilon)
      }
      return p
    }
    let settings = OptimizerSettings.adam(rate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon, decay: decay)
    #expect(isNear(try parameters(after: gradients, settings), expected))
  }

  @Test func theScheduleScalesTheRate() throws {
    let scaled = try parameters(after: gradients, .sgd(rate: 0.2, momentum: 0.9, decay: 0), rateFactor: 0.5)
    #expect(try scaled == parameters(after: gradients, .sgd(rate: 0.1, momentum: 0.9, decay: 0)))
  }

  @Test func aParameterWithoutAGradientStaysAndTakesNoStep() throws {
    var parameters = ["p": try Tensor(1), "q": try Tensor(1)]
    var optimizer = Optimizer(.adam(rate: 0.1, decay: 0.1))
    try optimizer.apply(["p": Tensor(1)], to: &parameters)
    #expect(try #require(parameters["q"]).scalar() == 1)
    #expect(optimizer.steps == ["p": 1])
  }

  @Test func milestonesCountFinishedEpochs() {
    let schedule = Schedule.milestones([2, 4], factor: 0.1)
    #expect((0..<6).map { schedule.factor(epoch: $0) } == [1, 1, 0.1, 0.1, 0.1 * 0.1, 0.1 * 0.1])
  }

  @Test func everyFewEpochsTheRateFalls() {
    let schedule = Schedule.every(epochs: 2, factor: 0.5)
    #expect((0..<5).map { schedule.factor(epoch: $0) } == [1, 1, 0.5, 0.5, 0.25])
  }
}
