import Attacks
import Language
import Networks
import Passports
import Training

// What the natives of removal attacks have in common: the thief's training, the owner's look at the result, the table.

/// The attacked model, after all epochs or as far as it came.
func attacked(_ call: NativeCall, _ attack: some Retraining) throws -> Value {
  .object(ModelObject(try attack.result(of: finished(call, attack))))
}

/// The training of an attack, run to its end or as far as it came.
func finished(_ call: NativeCall, _ attack: some Retraining) throws -> Trainer {
  var trainer = try call.trainer(attack)
  try call.session.throughCache(&trainer) { trainer in
    var watch = TrainingWatch(call.session)
    try watch.run(&trainer)
  }
  call.session.noteInterrupt(of: trainer)
  return trainer
}

/// What an owner finds before an attack trains and after each of its epochs.
struct RetrainingCurve {
  /// Complete epochs, from 0; a resumed attack begins where its checkpoint was written.
  var epochs: [Int] = []
  var found: [Survival] = []
  /// Whether Ctrl-C ended it: the rows are those of the epochs before.
  var isInterrupted = false
}

/// Runs an attack epoch by epoch.
///
/// - Parameter look: what else to note of the training and the attacked network after each epoch.
func retrainingCurve(
  _ call: NativeCall, _ attack: some Retraining, look: (Trainer, Network) throws -> Void = { _, _ in }
) throws -> RetrainingCurve {
  let suspect = try call.network("net")
  let owner = try call.examination(of: suspect)
  var trainer = try call.trainer(attack)
  var watch = TrainingWatch(call.session)
  var curve = RetrainingCurve()
  do {
    repeat {
      if trainer.isBetweenEpochs {
        let attacked = try attack.result(of: trainer)
        let found = try owner.survival(in: attacked, answering: attack.answering(attacked, suspect: suspect))
        try look(trainer, attacked)
        curve.found.append(found)
        curve.epochs.append(trainer.log.epochs)
      }
      guard trainer.log.epochs < trainer.plan.epochs else { break }
      try watch.run(&trainer, through: trainer.log.epochs + 1)
    } while trainer.log.stop == nil
    curve.isInterrupted = trainer.log.stop == .interrupt
  } catch is Interrupted {
    // While an epoch was being looked at: the rows before it are worth keeping.
    curve.isInterrupted = true
  }
  call.session.noteInterrupt(of: trainer, result: "the table has the epochs before")
  return curve
}

extension NativeCall {
  /// A training at the beginning of an attack.
  fileprivate func trainer<Attack: Retraining>(_ attack: Attack) throws -> Trainer {
    let suspect = try network("net")
    var plan = TrainingPlan(epochs: try integer("epochs", in: 1...1_000_000), seed: try randomSeed())
    plan.batchSize = try integer("batch", in: 1...1_000_000, default: 64)
    plan.passport = try optionalObject("passport", as: PassportObject.self, called: "a passport")?.passport
    plan.optimizer = try optionalObject(
      "optimizer", as: SettingsObject<OptimizerSettings>.self, called: "sgd(...) or adam(...)")?.settings
      ?? .released(for: suspect, imageRate: Attack.imageRate)
    plan.schedule =
      try optionalObject("schedule", as: SettingsObject<Schedule>.self, called: "steps(...)")?.settings ?? .constant
    plan.augments = try isGiven("augment") ? boolean("augment") : splitAugments("data")
    plan.budget = isGiven("budget") ? try number("budget", in: 0...1e9) : nil
    plan.checkpoint = isGiven("checkpoint") ? try text("checkpoint") : nil
    plan.resume = isGiven("resume") ? try text("resume") : nil
    plan.forgetMissingCheckpoint()
    plan.isExact = session.options.isExact
    return try attack.begin(
      on: suspect, with: samples("data", half: "train"), plan: plan, options: session.execution)
  }

  /// The owner who examines attacked copies of a network, with `claim:`, `triggers:`, and `test:` or the test half of
  /// `data:`.
  ///
  /// Throws where the claim does not fit the network before the attack: it then belongs to another one.
  func examination(of network: Network) throws -> Examination {
    let claim = try object("claim", as: ClaimObject.self, called: "a claim such as log.claim").claim
    _ = try network.attaching(claim)
    return try examination(claim: claim)
  }

  /// The owner of a claim, with the call's data.
  func examination(claim: Claim, asksTriggers: Bool = true) throws -> Examination {
    let triggers = try optionalObject("triggers", as: TriggersObject.self, called: "a trigger set")?.triggers
    return Examination(
      claim: claim, data: try testSamples(), triggers: asksTriggers ? triggers : nil, options: session.execution)
  }

  /// The owner's findings in a network under each setting of an attack, with progress.
  func examine<Setting>(
    _ network: Network, settings: [Setting], called name: String, attack: (Setting) throws -> Network
  ) throws -> [Survival] {
    let owner = try examination(of: network)
    guard !settings.isEmpty else { throw fail("there is nothing to try: the list is empty") }
    return try settings.enumerated().map { position, setting in
      try session.checkInterrupt()
      let found = try owner.survival(in: attack(setting))
      if !session.options.isQuiet {
        session.output.progress(
          ProgressReport(
            name, completed: position + 1, total: settings.count, isMilestone: position + 1 == settings.count))
      }
      return found
    }
  }

  /// Samples to measure branches on: `test:`, or the test half of `data:`; `data:` itself where there is no `test:`.
  private func testSamples() throws -> (any Samples)? {
    guard native.parameters.contains(where: { $0.label == "test" }) else {
      return isGiven("data") ? try samples("data", half: "test") : nil
    }
    if isGiven("test") { return try samples("test", half: "test") }
    guard case .record(let record) = value("data"), record["test"] != nil else { return nil }
    return try samples("data", half: "test")
  }

  /// A table with one row an epoch.
  func epochTable(_ curve: RetrainingCurve, losesLayers: Bool) throws -> Value {
    .object(
      try Table(
        [("epoch", curve.epochs.map(Value.integer))] + survivalColumns(curve.found, losesLayers: losesLayers)))
  }
}

/// The columns that all tables of removal attacks have, behind those that say what was done. What was not measured in
/// any row has no column.
///
/// - Parameter losesLayers: whether the attack may take away whole layers, whose bits are counted in `gone`.
func survivalColumns(_ found: [Survival], losesLayers: Bool = false) -> [(name: String, values: [Value])] {
  func rates(_ name: String, _ share: (Survival) -> Double?) -> [(name: String, values: [Value])] {
    let shares = found.map(share)
    return shares.contains { $0 != nil } ? [(name, shares.map { $0.map(Value.rate) ?? .none })] : []
  }
  let signature: [(name: String, values: [Value])] = [
    ("signature", found.map { $0.signature.map(Value.rate) ?? .none }),
    ("log10_p", found.map { $0.bits > 0 ? .number($0.log10P) : .none }),
  ]
  let gone = losesLayers ? [(name: "gone", values: found.map { Value.integer($0.goneBits) })] : []
  return rates("free", \.free) + rates("aware", \.aware) + signature + gone + rates("trigger", \.trigger)
}
