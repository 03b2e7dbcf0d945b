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

  /// What PyTorch 2.15 makes of the same start and gradients, printed to nine digits.
  @Test(arguments: [
    (OptimizerSettings.sgd(rate: 0.1, momentum: 0.9, decay: 0.01), [0.911609769, -2.47776961, 0.235757157]),
    (.adam(rate: 0.1, beta1: 0.8, beta2: 0.95, decay: 0.01), [0.835697174, -2.00332236, 0.394416243]),
  ])
  func stepsArePyTorchs(settings: OptimizerSettings, expected: [Double]) throws {
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
