import Datasets
import Networks
import Passports
import Tensors
import Testing
import Training

@testable import Attacks

@Suite struct RetrainingTests {
  private static let head: Set<String> = ["head.weight", "head.bias"]

  private func isStatistic(_ name: String) -> Bool { name.contains("running") }

  @Test(arguments: FineTuning.Method.allCases)
  func whatIsFrozenStaysAndTheRestMoves(method: FineTuning.Method) throws {
    let (network, _) = try Stolen.released()
    let before = network
    let attacked = try Stolen.run(FineTuning(method), on: network, with: Stolen.images(32)).network
    let isFrozen = { (name: String) in method.trainsHeadAlone && !Self.head.contains(name) && !isStatistic(name) }
    #expect(attacked.contents(where: isFrozen) == before.contents(where: isFrozen))
    for name in before.parameterNames where !isFrozen(name) {
      #expect(attacked.parameters[name]?.elements != before.parameters[name]?.elements, "\(name)")
    }
    // Batch statistics move whatever is trained, as in the released code.
    for name in before.bufferNames {
      #expect(attacked.buffers[name]?.elements != before.buffers[name]?.elements, "\(name)")
    }
    #expect(network.contents { _ in true } == before.contents { _ in true })
  }

  @Test(arguments: FineTuning.Method.allCases)
  func theHeadStartsAnewWhereItShould(method: FineTuning.Method) throws {
    let (network, _) = try Stolen.released()
    func begin(_ seed: UInt64) throws -> Network {
      var plan = Stolen.plan()
      plan.seed = seed
      return try FineTuning(method).begin(on: network, with: Stolen.images(32), plan: plan, options: .init()).network
    }
    let (one, other) = (try begin(7), try begin(8))
    let isHead = { (name: String) in Self.head.contains(name) }
    #expect((one.contents(where: isHead) == network.contents(where: isHead)) == !method.restartsHead)
    #expect((one.contents(where: isHead) == other.contents(where: isHead)) == !method.restartsHead)
    #expect(one.contents { !isHead($0) } == network.contents { !isHead($0) })
  }

  @Test func statisticsAreLostAsInTheReleasedClone() throws {
    let (network, _) = try Stolen.released()
    let attack = FineTuning(.ftal, losesStatistics: true)
    let start = try attack.begin(on: network, with: Stolen.images(32), plan: Stolen.plan(), options: .init()).network
    #expect(Set(start.bufferNames) == Set(start.buffers.keys))
    for (name, tensor) in start.buffers {
      #expect(tensor.elements.allSatisfy { $0 == (name.hasSuffix("running_var") ? 1 : 0) }, "\(name)")
    }
    #expect(start.contents { !isStatistic($0) } == network.contents { !isStatistic($0) })
  }

  @Test func transferKeepsTheFeaturesAndAsksTheOldHead() throws {
    let (network, claim) = try Stolen.released()
    let trainer = try Stolen.run(Transfer(classes: 7), on: network, with: Stolen.images(32, classes: 7))
    let attacked = trainer.network
    #expect(attacked.outputShape == [7])
    let isHead = { (name: String) in Self.head.contains(name) }
    let asked = try Transfer(classes: 7).answering(attacked, suspect: network)
    #expect(asked.outputShape == [4])
    #expect(asked.contents(where: isHead) == network.contents(where: isHead))
    #expect(asked.contents { !isHead($0) } == attacked.contents { !isHead($0) })
    #expect(asked.contents { !isHead($0) } != network.contents { !isHead($0) })
    let owner = Examination(claim: claim, data: try Stolen.images(16, classes: 7), triggers: try Stolen.triggers())
    let found = try owner.survival(in: attacked, answering: asked)
    #expect(found.bits == claim.bits)
    #expect(found.goneBits == 0)
    #expect(try found.trigger == Predictor(asked).accuracy(Stolen.triggers().samples))
  }

  @Test func aTransferThatTrainsTheHeadAloneLeavesTheSignature() throws {
    let (network, claim) = try Stolen.released()
    let attack = Transfer(classes: 7, trainsHeadAlone: true)
    let attacked = try Stolen.run(attack, on: network, with: Stolen.images(32, classes: 7)).network
    let isFeature = { (name: String) in !Self.head.contains(name) && !isStatistic(name) }
    #expect(attacked.contents(where: isFeature) == network.contents(where: isFeature))
    let owner = Examination(claim: claim)
    #expect(try owner.survival(in: attacked).matches == owner.survival(in: network).matches)
  }

  /// p3 carries a passport on the logits; another number of classes takes it away, and nothing else.
  @Test func bitsOfALostHeadAreGone() throws {
    let (network, claim) = try Stolen.pointNet(classes: 8)
    let clouds = try Stolen.clouds(16, classes: 5)
    var plan = Stolen.plan(epochs: 1)
    plan.optimizer = .released(for: network, imageRate: Transfer.imageRate)
    #expect(plan.optimizer == .adam(rate: 1e-3, decay: 1e-4))
    let attack = Transfer(classes: 5, trainsHeadAlone: true)
    let attacked = try Stolen.run(attack, on: network, with: clouds, plan: plan).network
    #expect(attacked.node(at: "p3") == nil)
    #expect(attacked.node(at: "p3.linear")?.shape == [5])
    let found = try Examination(claim: claim, data: clouds).survival(in: attacked)
    #expect(found.goneBits == 8)
    #expect(found.bits == claim.bits - 8)
    #expect(found.aware != nil)
  }

  @Test func overwritingGivesTheSecondOwnerAClaim() throws {
    let (network, first) = try Stolen.released()
    var plan = Stolen.plan(epochs: 8)
    plan.optimizer = .sgd(rate: 0.01, momentum: 0.9, decay: 5e-4)
    plan.passport = Passport(text: "ha", seed: 77)
    plan.objective.lambdaSign = 1
    let trainer = try Stolen.run(Overwriting(), on: network, with: Stolen.images(32), plan: plan)
    let attacked = try Overwriting().result(of: trainer)
    #expect(!attacked.carriesPassports)
    let second = try #require(try trainer.claim())
    let (his, hers) = (Examination(claim: second), Examination(claim: first))
    #expect(try #require(his.survival(in: attacked).signature) > 0.9)
    #expect(try #require(his.survival(in: network).signature) < 0.8)
    #expect(try hers.survival(in: network).signature == 1)
    #expect(try hers.survival(in: attacked).bits == first.bits)
  }

  @Test func overwritingNeedsAPassport() throws {
    let error = #expect(throws: TrainingError.self) {
      try Stolen.run(Overwriting(), on: Stolen.network(), with: Stolen.images(16))
    }
    #expect(error?.message == "overwriting needs a passport of the second owner")
  }

  @Test func aStudentLearnsWhatItsTeacherSays() throws {
    let (teacher, claim) = try Stolen.released()
    // Other labels than the teacher's: whoever learns these has not asked it.
    let samples = try Stolen.images(32, seed: 21)
    let said = try Predictor(teacher).predictions(samples)
    var plan = Stolen.plan(epochs: 60)
    plan.optimizer = .sgd(rate: 0.05, momentum: 0.9, decay: 0)
    for answers in [Distillation.Answers.labels, .probabilities(temperature: 4)] {
      let trainer = try Stolen.run(Distillation(answers), on: teacher, with: samples, plan: plan)
      let agreement = try zip(Predictor(trainer.network).predictions(samples), said).count { $0 == $1 }
      #expect(agreement >= 30, "\(answers): \(agreement) of 32")
      #expect(trainer.log.loss.first ?? 0 > trainer.log.loss.last ?? 0)
    }
    let start = try Distillation(.labels).begin(on: teacher, with: samples, plan: plan, options: .init()).network
    let found = try Examination(claim: claim).survival(in: start)
    #expect(found.bits == claim.bits)
    #expect(try #require(found.signature) < 0.85)
  }

  @Test func aStudentOfAnotherArchitectureHasNoSignature() throws {
    let (teacher, claim) = try Stolen.released()
    let student = try Stage.input([1, 8, 8]).appending(FlattenLayer()).appending(DenseLayer(width: 4))
      .network(named: "flat", seed: 2)
    let attack = Distillation(.labels, student: student)
    let attacked = try Stolen.run(attack, on: teacher, with: Stolen.images(32)).network
    let owner = Examination(claim: claim, data: try Stolen.images(8), triggers: try Stolen.triggers())
    let found = try owner.survival(in: attacked)
    #expect(found.signature == nil)
    #expect(found.goneBits == claim.bits)
    #expect(found.aware == nil)
    #expect(found.free != nil)
    #expect(found.trigger != nil)
  }

  @Test func aStudentOfOtherClassesIsRefused() throws {
    let student = try Stage.input([1, 8, 8]).appending(FlattenLayer()).appending(DenseLayer(width: 3))
      .network(named: "flat", seed: 2)
    let error = #expect(throws: TrainingError.self) {
      try Stolen.run(Distillation(.labels, student: student), on: Stolen.network(), with: Stolen.images(16))
    }
    #expect(error?.message == "the student gives outputs [3], and the model that it learns from [4]")
  }

  @Test func aHeadThatIsNoDenseLayerIsNotReplaced() throws {
    let network = try Stage.input([1, 8, 8]).appending(ConvolutionLayer(channels: 4, kernel: 3), path: "last")
      .appending(GlobalPoolLayer(takesMaximum: false)).network(named: "conv", seed: 1)
    let error = #expect(throws: NetworkError.self) { try network.replacingHead(classes: 5, seed: 1) }
    #expect(error?.message == "the last layer with weights is last, which is no dense layer")
  }
}
