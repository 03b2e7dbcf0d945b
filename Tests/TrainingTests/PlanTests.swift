import Datasets
import Networks
import Testing

@testable import Training

struct PlanTests {
  @Test(arguments: [(0.5, 50), (0.1, 10), (0, 0), (1, 100), (0.25, 25)])
  func alternatingGivesTheAwareBranchItsShare(ratio: Double, share: Int) {
    let choices = (0..<100).map { BranchSchedule.alternate(ratio: ratio).choice(step: $0) }
    #expect(choices.count { $0 == .aware } == share)
    #expect(choices.count { $0 == .free } == 100 - share)
  }

  @Test func theShareIsSpreadEvenly() {
    let choices = (0..<100).map { BranchSchedule.alternate(ratio: 0.1).choice(step: $0) }
    #expect(choices.indices.filter { choices[$0] == .aware } == Array(stride(from: 9, to: 100, by: 10)))
  }

  @Test func togetherTakesBothInEveryStep() {
    #expect((0..<5).allSatisfy { BranchSchedule.together.choice(step: $0) == .both })
  }

  @Test func anEpochTakesEachSampleOnceInAnOrderOfItsOwn() throws {
    let plan = try Small.plan(epochs: 2)
    let (first, second) = (plan.batches(of: 40, epoch: 0), plan.batches(of: 40, epoch: 1))
    #expect(first.map(\.count) == [8, 8, 8, 8, 8])
    #expect(Set(first.joined()) == Set(0..<40))
    #expect(first != second)
  }

  @Test func anIncompleteBatchIsDroppedUnlessItIsTheOnlyOne() throws {
    let plan = try Small.plan(epochs: 1)
    #expect(plan.batches(of: 23, epoch: 0).map(\.count) == [8, 8])
    #expect(plan.batches(of: 5, epoch: 0).map(\.count) == [5])
  }

  @Test func triggersComeInTurn() throws {
    let plan = try Small.plan(epochs: 1)
    let positions = (0..<7).flatMap { plan.triggerPositions(of: 7, step: $0) }
    #expect(Set(positions.prefix(7)) == Set(0..<7))
    #expect(Set(positions.suffix(7)) == Set(0..<7))
  }

  @Test func augmentationDependsOnEpochAndSampleAlone() throws {
    let plan = try Small.plan(epochs: 1)
    let (alone, among) = (plan.draws([3], epoch: 2), plan.draws([1, 3], epoch: 2))
    #expect(alone?.first == among?.last)
    #expect((0..<20).contains { plan.draws([3], epoch: $0) != alone })
  }

  @Test func whatCannotBeTrainedIsRefused() throws {
    let changes: [((inout TrainingPlan) throws -> Void, String)] = [
      ({ $0.epochs = 0 }, "epochs is a whole number of at least 1, not 0"),
      ({ $0.batchSize = 0 }, "batch is a whole number of at least 1, not 0"),
      ({ $0.optimizer = .adam(rate: -1) }, "the learning rate is a number above 0, not -1.0"),
      (
        { $0.branches = .alternate(ratio: 1.5) },
        "train: ratio is the share of passport-aware steps, from 0% to 100%, not 150%"
      ),
      ({ $0.triggersPerBatch = 0 }, "a batch takes at least one trigger"),
    ]
    for (change, message) in changes {
      var plan = try Small.plan(epochs: 1)
      try change(&plan)
      let error = #expect(throws: TrainingError.self) { try Small.train(plan) }
      #expect(error?.message == message)
    }
  }
}

struct TrainerTests {
  @Test func theLogHasAnEntryForEachEpoch() throws {
    let log = try Small.train(Small.plan(epochs: 3)).log
    let series = [
      log.loss, log.taskLoss, log.triggerLoss, log.signLoss, log.free, log.aware, log.trigger, log.signature,
    ]
    #expect(series.allSatisfy { $0.count == 3 })
    #expect(log.stop == nil)
  }

  @Test func theBudgetStopsIt() throws {
    var plan = try Small.plan(epochs: 100)
    plan.budget = 3
    var trainer = try Trainer(Small.network(), on: Small.images(40), plan: plan)
    var seconds = 0.0
    try withoutActuallyEscaping({ seconds }) { clock in
      try trainer.run(isInterrupted: { false }, elapsed: clock) { if case .batch = $0 { seconds += 0.5 } }
    }
    #expect(trainer.log.stop == .budget)
    #expect(trainer.state.step == 6)
  }

  @Test func anInterruptedStepLeavesNoTrace() throws {
    var trainer = try Trainer(Small.network(), on: Small.images(40), plan: Small.plan(epochs: 1))
    // The loop asks once; then the step asks before each layer, and the third of them is told to stop.
    var asked = 0
    func ask() -> Bool {
      asked += 1
      return asked == 4
    }
    try withoutActuallyEscaping(ask) { try trainer.run(isInterrupted: $0, elapsed: { 0 }) { _ in } }
    #expect(trainer.log.stop == .interrupt)
    #expect(try trainer.network.contents == Small.network().contents)
  }

  @Test func learningTakesPlace() throws {
    var plan = try Small.plan(epochs: 30)
    plan.branches = .together
    plan.augments = false
    plan.objective.lambdaSign = 1
    let log = try Small.train(plan).log
    #expect(try #require(log.free.last) > 0.8)
    #expect(try #require(log.signature.last) > 0.95)
  }

  @Test func samplesOfAnotherShapeAreRefused() throws {
    let images = try AbstractPictures.make(count: 4, size: 10, channels: 1, seed: 1)
    let error = #expect(throws: TrainingError.self) {
      _ = try Trainer(Small.network(), on: images, plan: TrainingPlan(epochs: 1, seed: 0))
    }
    #expect(error?.message == "the samples have shape [1, 10, 10], and the model takes [1, 8, 8]")
  }
}
