import Execution
import Foundation
import Networks
import Passports
import Tensors
import Testing

@testable import Training

struct ObjectiveTests {
  /// Two classes: with logits (z, 0) and label 0 the loss is ln(1 + e^-z).
  private func loss(_ z: Float) -> Float { ln(1 + power(z)) }
  private func power(_ z: Float) -> Float { (try? Tensor(-z).exponential().scalar()) ?? .nan }
  private func ln(_ x: Float) -> Float { (try? Tensor(x).logarithm().scalar()) ?? .nan }

  private func branch(_ objective: Objective, _ z: [Float], triggers: Int) throws -> Objective.BranchLoss {
    let logits = try Tensor(z.flatMap { [$0, 0] }, shape: [z.count, 2])
    let batch = Objective.Batch(
      samples: try Tensor(0), labels: [Int32](repeating: 0, count: z.count), triggers: triggers)
    return try objective.branchLoss(logits: logits, batch)
  }

  private func isNear(_ tensor: Tensor?, _ expected: Float) throws -> Bool {
    try abs(#require(tensor).scalar() - expected) <= 1e-6 * max(1, abs(expected))
  }

  @Test func withoutAWeightTriggersCountLikeSamples() throws {
    let found = try branch(Objective(), [1, -2, 0.5, 3], triggers: 1)
    #expect(try isNear(found.total, (loss(1) + loss(-2) + loss(0.5) + loss(3)) / 4))
    #expect(try isNear(found.task, (loss(1) + loss(-2) + loss(0.5)) / 3))
    #expect(try isNear(found.trigger, loss(3)))
  }

  @Test func aWeightAddsTheTriggersMean() throws {
    let found = try branch(Objective(lambdaTrigger: 0.25), [1, -2, 0.5, 3], triggers: 2)
    #expect(try isNear(found.total, (loss(1) + loss(-2)) / 2 + 0.25 * (loss(0.5) + loss(3)) / 2))
  }

  @Test func triggersDoNotCountAsSamplesThatWereGotRight() throws {
    #expect(try branch(Objective(), [1, -2, 0.5, 3], triggers: 2).correct == 1)
  }

  @Test func penaltiesCountInTheTotalOnly() throws {
    let logits = try Tensor([1, 0, -2, 0], shape: [2, 2])
    let batch = Objective.Batch(samples: try Tensor(0), labels: [0, 0], triggers: 1)
    let penalties = ["fstn": try Tensor(8), "stn": try Tensor(2)]
    let found = try Objective(lambdaTransform: 0.5).branchLoss(logits: logits, penalties: penalties, batch)
    #expect(try isNear(found.total, (loss(1) + loss(-2)) / 2 + 5))
    #expect(try isNear(found.task, loss(1)))
    let usual = try Objective().branchLoss(logits: logits, penalties: penalties, batch)
    #expect(try isNear(usual.total, (loss(1) + loss(-2)) / 2 + 0.01))
  }

  @Test func withoutTriggersTheTaskIsAll() throws {
    let found = try branch(Objective(lambdaTrigger: 7), [1, -2], triggers: 0)
    #expect(try isNear(found.total, (loss(1) + loss(-2)) / 2))
    #expect(found.trigger == nil)
  }

  /// b·w is 0.3, -0.2 and 0.05; beyond the margin 0.1 the first costs nothing, the others 0.3 and 0.05.
  @Test func theSignLossIsTheSumOverChannels() throws {
    let signature = Signature(signs: [1, -1, -1])
    let scale = try Tensor([0.3, 0.2, -0.05], shape: [3])
    let shift = try Tensor([-1, -1, -1], shape: [3])
    let reading = PassportReading(scale: scale, shift: shift)
    let squares: Float = 1e-5 * (0.09 + 0.04 + 0.0025)
    #expect(try isNear(Objective().signLoss(reading, signature), 0.1 * 0.35 + squares))
    #expect(try isNear(Objective(lambdaSign: 2).signLoss(reading, signature), 2 * 0.35 + squares))
    #expect(try isNear(Objective(margin: 0.5).signLoss(reading, signature), 0.1 * (0.2 + 0.7 + 0.45) + squares))
    let heavy = 0.1 * (0.09 + 0.04 + 0.0025)
    #expect(try isNear(Objective(lambdaReading: 0.1).signLoss(reading, signature), 0.1 * 0.35 + Float(heavy)))
    // The shift agrees in the last two bits; the first is 1.1 short of the margin.
    #expect(
      try isNear(Objective(signsShift: true).signLoss(reading, signature), 0.1 * (0.35 + 1.1) + squares + 3e-5))
  }

  /// Checkpoints know a training by its objective: one from before a weight could be chosen goes on.
  @Test func usualWeightsAreWrittenAsBeforeThereWasAChoice() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let usual = try String(decoding: encoder.encode(Objective()), as: UTF8.self)
    #expect(usual.contains("\"lambdaSign\":0.1") && !usual.contains("lambdaReading"))
    for objective in [Objective(), Objective(lambdaTrigger: 0.5, lambdaReading: 0.25)] {
      #expect(try JSONDecoder().decode(Objective.self, from: encoder.encode(objective)) == objective)
    }
  }

  @Test func aStepAddsTheBranchesAndTheSignLoss() throws {
    let plan = try Small.plan(epochs: 1)
    var network = try Small.network()
    let passports = try #require(plan.passport).issue(for: network)
    let step = TrainingStep(
      objective: Objective(), passports: passports, patches: try passports.patches(in: network),
      randomness: RandomStream(seed: 1, name: "test"), executor: Executor(network))
    let images = try Small.images(8)
    let batch = Objective.Batch(samples: try images.batch(Array(0..<8), draws: nil), labels: images.labels)
    let both = try step.gradients(of: &network, batch, .both)
    let parts = try [both.free?.total.scalar(), both.aware?.total.scalar(), both.signLoss].compactMap { $0 }
    #expect(parts.count == 3)
    #expect(abs(both.loss - parts.reduce(0, +)) < 1e-6)
  }

  /// The passport-free branch has no use for FC blocks, and the other none for γ₀ and β₀.
  @Test func oneBranchLeavesTheOthersParametersWithoutAGradient() throws {
    let plan = try Small.plan(epochs: 1)
    var network = try Small.network()
    let passports = try #require(plan.passport).issue(for: network)
    let step = TrainingStep(
      objective: Objective(), passports: passports, patches: try passports.patches(in: network),
      randomness: RandomStream(seed: 1, name: "test"), executor: Executor(network))
    let images = try Small.images(8)
    let batch = Objective.Batch(samples: try images.batch(Array(0..<8), draws: nil), labels: images.labels)
    let free = try step.gradients(of: &network, batch, .free).gradients.keys
    let aware = try step.gradients(of: &network, batch, .aware).gradients.keys
    #expect(!free.contains { $0.contains(".fc.") })
    #expect(!aware.contains { $0.hasSuffix(".scale") || $0.hasSuffix("norm1.bias") || $0.hasSuffix("norm2.bias") })
    #expect(Set(free).union(aware) == Set(network.parameterNames))
  }
}
