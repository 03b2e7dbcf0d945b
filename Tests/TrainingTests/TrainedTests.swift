import Files
import Foundation
import Networks
import Passports
import Tensors
import Testing

@testable import Training

/// A training of some parameters only.
struct TrainedTests {
  private static let head: Set<String> = ["head.weight", "head.bias"]

  /// Full steps whose gradients of all the others are thrown away.
  private func filteredSteps(_ plan: TrainingPlan, _ trained: Set<String>) throws -> Network {
    let trainer = try Trainer(Small.network(), on: Small.images(40), plan: plan)
    var (network, optimizer) = (trainer.network, Optimizer(plan.optimizer))
    var recipe = try BatchRecipe(plan, Small.images(40))
    var step = 0
    for epoch in 0..<plan.epochs {
      for batch in 0..<recipe.batchesPerEpoch {
        let outcome = try TrainingStep(
          objective: plan.objective, passports: trainer.passports, patches: trainer.patches,
          randomness: RandomStream(seed: plan.seed, name: "train/dropout").substream(step),
          executor: .init(network, isExact: plan.isExact)
        ).gradients(
          of: &network, recipe.batch(at: BatchPlace(epoch: epoch, batch: batch, step: step)),
          plan.branches.choice(step: step))
        try optimizer.apply(
          outcome.gradients.filter { trained.contains($0.key) }, to: &network.parameters,
          rateFactor: plan.schedule.factor(epoch: epoch))
        step += 1
      }
    }
    return network
  }

  @Test(arguments: [true, false], [head, ["norm2.fc.0.weight", "conv2.weight"], ["norm1.scale"]])
  func itIsTheFullTrainingWithoutTheOthersGradients(isExact: Bool, trained: Set<String>) throws {
    var plan = try Small.plan(epochs: 2)
    plan.isExact = isExact
    let expected = try filteredSteps(plan, trained).contents
    plan.trained = trained
    let trainer = try Small.train(plan)
    #expect(trainer.network.contents == expected)
    #expect(trainer.state.optimizer.memory.keys.allSatisfy(trained.contains))
    let start = try Small.network()
    for name in start.parameterNames {
      let isSame = trainer.network.parameters[name]?.elements == start.parameters[name]?.elements
      #expect(isSame == !trained.contains(name), "\(name)")
    }
  }

  @Test func aCheckpointOfItResumesAndBelongsToItAlone() throws {
    let path = NSTemporaryDirectory() + "/passbook-trained-" + UUID().uuidString + ".safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    var plan = try Small.plan(epochs: 3)
    plan.trained = Self.head
    let whole = try Small.train(plan)
    plan.checkpoint = path
    _ = try Small.train(plan, stopAfter: 7)
    plan.checkpoint = nil
    plan.resume = path
    #expect(try Small.train(plan).network.contents == whole.network.contents)
    for other in [nil, ["head.weight"]] as [Set<String>?] {
      plan.trained = other
      let error = #expect(throws: TrainingError.self) { try Small.train(plan) }
      #expect(error?.message == "\(path) belongs to a training with other settings or data")
    }
  }

  @Test func theCacheKnowsItFromOthers() throws {
    let cache = TrainingCache(folder: "/nowhere")
    let keys = try [nil, Self.head, ["head.bias"]].map { (trained: Set<String>?) in
      var plan = try Small.plan(epochs: 1)
      plan.trained = trained
      return try Trainer(Small.network(), on: Small.images(40), plan: plan).cacheKey(cache)
    }
    #expect(Set(keys).count == 3)
  }

  @Test func unknownNamesAndNoNamesAreRefused() throws {
    for (trained, message) in [
      (["head.weight", "nose.weight"], "the model has no parameter named nose.weight to train"),
      ([], "not one parameter is to be trained"),
    ] as [(Set<String>, String)] {
      var plan = try Small.plan(epochs: 1)
      plan.trained = trained
      let error = #expect(throws: TrainingError.self) { try Small.train(plan) }
      #expect(error?.message == message)
    }
  }

  @Test func aTrainingEpochByEpochIsTheWholeTraining() throws {
    let whole = try Small.train(Small.plan(epochs: 3))
    var parts = try Trainer(Small.network(), on: Small.images(40), plan: Small.plan(epochs: 3))
    for epoch in 1...3 {
      try parts.run(through: epoch, isInterrupted: { false }, elapsed: { 0 }, observe: { _ in })
      #expect(parts.log.epochs == epoch)
      #expect(parts.log.stop == nil)
    }
    #expect(parts.network.contents == whole.network.contents)
    #expect(parts.log == whole.log)
  }
}
