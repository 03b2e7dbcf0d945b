import Datasets
import Foundation
import Synchronization
import Tensors
import Testing

@testable import Training

/// 40 samples in batches of 8 make 5 batches an epoch.
struct BatchLoaderTests {
  private static let start = BatchPlace(epoch: 0, batch: 0, step: 0)

  private func places(epochs: Range<Int>) -> [BatchPlace] {
    epochs.flatMap { epoch in (0..<5).map { BatchPlace(epoch: epoch, batch: $0, step: 5 * epoch + $0) } }
  }

  private func expectEqual(_ batch: Objective.Batch, _ other: Objective.Batch) {
    #expect(batch.samples.shape == other.samples.shape)
    #expect(batch.samples.elements == other.samples.elements)
    #expect(batch.labels == other.labels)
    #expect(batch.triggers == other.triggers)
  }

  @Test func aBatchIsTaskSamplesThenTriggers() throws {
    let (plan, images) = (try Small.plan(epochs: 2), try Small.images(40))
    var recipe = BatchRecipe(plan, images)
    let batch = try recipe.batch(at: BatchPlace(epoch: 1, batch: 2, step: 7))
    let positions = plan.batches(of: 40, epoch: 1)[2]
    let chosen = plan.triggerPositions(of: 7, step: 7)
    let task = try images.batch(positions, draws: plan.draws(positions, epoch: 1))
    let triggers = try #require(plan.triggers).samples
    #expect(batch.samples.shape == [10, 1, 8, 8])
    #expect(batch.samples.elements == (try task.elements + triggers.batch(chosen, draws: nil).elements))
    #expect(batch.labels == images.batchLabels(positions) + triggers.batchLabels(chosen))
    #expect(batch.triggers == 2)
  }

  @Test(arguments: [0, 3, 5, 14]) func batchesAreThoseOfTheRecipeAcrossEpochs(first: Int) throws {
    var recipe = BatchRecipe(try Small.plan(epochs: 3), try Small.images(40))
    let rest = places(epochs: 0..<3).dropFirst(first)
    let loader = BatchLoader(recipe, from: try #require(rest.first))
    for place in rest { expectEqual(try loader.batch(at: place), try recipe.batch(at: place)) }
  }

  /// A checkpoint may have been written between the last step of an epoch and the epoch's end.
  @Test func theEndOfAnEpochIsFollowedByTheNext() throws {
    let probe = try Probe()
    let recipe = BatchRecipe(try Small.plan(epochs: 2), probe)
    let loader = BatchLoader(recipe, from: BatchPlace(epoch: 0, batch: 5, step: 5))
    for place in places(epochs: 1..<2) { _ = try loader.batch(at: place) }
    loader.stop()
    #expect(probe.written == 5)
  }

  @Test func anyOtherPlaceIsServedToo() throws {
    var recipe = BatchRecipe(try Small.plan(epochs: 3), try Small.images(40))
    let loader = BatchLoader(recipe, from: Self.start)
    for place in places(epochs: 0..<3).reversed() {
      expectEqual(try loader.batch(at: place), try recipe.batch(at: place))
    }
    loader.stop()
    expectEqual(try loader.batch(at: Self.start), try recipe.batch(at: Self.start))
  }

  @Test func noMoreAreMadeThanAreAhead() throws {
    let probe = try Probe()
    let loader = BatchLoader(BatchRecipe(try Small.plan(epochs: 2), probe), from: Self.start)
    for taken in 1...3 {
      _ = try loader.batch(at: places(epochs: 0..<1)[taken - 1])
      let most = taken + BatchLoader.batchesAhead
      probe.wait(forBatches: most)
      Thread.sleep(forTimeInterval: 0.02)
      #expect(probe.written == most)
    }
  }

  @Test func aTrainingMakesItsBatchesAndNoOthers() throws {
    let probe = try Probe()
    var trainer = try Trainer(Small.network(), on: probe, plan: Small.plan(epochs: 3))
    try trainer.run(isInterrupted: { false }, elapsed: { 0 }, observe: { _ in })
    #expect(probe.written == 15)
    let plain = try Small.train(Small.plan(epochs: 3))
    #expect(trainer.network.contents == plain.network.contents)
    #expect(trainer.log == plain.log)
  }

  @Test(arguments: [0, 1, 7, 14]) func anErrorComesAtItsStep(failing: Int) throws {
    let probe = try Probe { if $0 == failing { throw TrainingError("no batch \($0)") } }
    var trainer = try Trainer(Small.network(), on: probe, plan: Small.plan(epochs: 3))
    var steps = 0
    #expect(throws: TrainingError("no batch \(failing)")) {
      try trainer.run(isInterrupted: { false }, elapsed: { 0 }) { if case .batch = $0 { steps += 1 } }
    }
    #expect(steps == failing)
    #expect(trainer.log.epochs == failing / 5)
    #expect(probe.written == failing + 1)
    let before = try Small.train(Small.plan(epochs: 3), stopAfter: failing)
    #expect(trainer.network.contents == before.network.contents)
  }

  @Test func stoppingWaitsForTheBatchInTheMakingAndMakesNoOther() throws {
    let probe = try Probe { _ in Thread.sleep(forTimeInterval: 0.05) }
    let loader = BatchLoader(BatchRecipe(try Small.plan(epochs: 3), probe), from: Self.start)
    probe.wait(forBatches: 1)
    loader.stop()
    #expect(probe.finished == 1)
    loader.stop()
    #expect(probe.written == 1)
  }

  /// The thread holds the samples as long as it lives.
  @Test(arguments: [0, 1, 4]) func aDroppedLoaderLeavesNoThread(taken: Int) throws {
    weak var remains: Probe?
    func load() throws {
      let probe = try Probe()
      remains = probe
      let loader = BatchLoader(BatchRecipe(try Small.plan(epochs: 3), probe), from: Self.start)
      for place in places(epochs: 0..<1).prefix(taken) { _ = try loader.batch(at: place) }
    }
    try load()
    #expect(remains == nil)
  }

  private enum End: CaseIterable { case epochs, interrupt, interruptWithinAStep, budget, error, observer }

  @Test(arguments: End.allCases) private func aTrainingLeavesNoThreadHoweverItEnds(end: End) throws {
    weak var remains: Probe?
    func train() throws {
      let probe = try Probe { if end == .error, $0 == 7 { throw TrainingError("no batch") } }
      remains = probe
      var plan = try Small.plan(epochs: 3)
      if end == .budget { plan.budget = 1 }
      var trainer = try Trainer(Small.network(), on: probe, plan: plan)
      var (steps, polls) = (0, 0)
      func isInterrupted() -> Bool {
        polls += 1
        return end == .interrupt && steps == 7 || end == .interruptWithinAStep && polls == 30
      }
      try withoutActuallyEscaping(isInterrupted) { isInterrupted in
        try trainer.run(isInterrupted: isInterrupted, elapsed: { Double(steps) / 7 }) { event in
          if case .batch = event { steps += 1 }
          if end == .observer, steps == 7 { throw TrainingError("nobody is watching") }
        }
      }
      let written = probe.written
      Thread.sleep(forTimeInterval: 0.01)
      #expect(probe.written == written)
      #expect((trainer.log.stop == nil) == (end == .epochs))
    }
    if end == .error || end == .observer {
      #expect(throws: TrainingError.self) { try train() }
    } else {
      try train()
    }
    #expect(remains == nil)
  }
}

/// 40 small images that count how often a batch of them is made, and that do what a test asks for with each.
private final class Probe: Samples {
  private let images: ImageSet
  private let body: @Sendable (_ batch: Int) throws -> Void
  private let counts = Mutex((begun: 0, finished: 0))

  init(_ body: @escaping @Sendable (_ batch: Int) throws -> Void = { _ in }) throws {
    images = try Small.images(40)
    self.body = body
  }

  var count: Int { images.count }
  var sampleShape: Shape { images.sampleShape }
  var labels: [Int32] { images.labels }

  /// Batches that were begun, and those that were made or failed.
  var written: Int { counts.withLock { $0.begun } }
  var finished: Int { counts.withLock { $0.finished } }

  func write(
    _ positions: [Int], draws: [AugmentationDraw]?, to destination: UnsafeMutablePointer<Float>
  ) throws {
    let batch = counts.withLock { counts in
      defer { counts.begun += 1 }
      return counts.begun
    }
    defer { counts.withLock { $0.finished += 1 } }
    try body(batch)
    try images.write(positions, draws: draws, to: destination)
  }

  /// Waits until so many batches were begun, five seconds at most.
  func wait(forBatches wanted: Int) {
    let end = Date().addingTimeInterval(5)
    while written < wanted, Date() < end { Thread.sleep(forTimeInterval: 0.001) }
  }
}
