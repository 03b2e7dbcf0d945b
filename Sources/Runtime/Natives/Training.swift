import Glibc
import Language
import Networks
import Training

/// `train(...)`: reads the plan from the arguments, runs it with progress, and leaves the model as far as it came.
func train(_ call: NativeCall) throws -> Value {
  let model = try call.object("net", as: ModelObject.self, called: "a model")
  let network = try call.networkForScheme(model.network)
  let plan = try trainingPlan(call, for: network)
  var trainer = try Trainer(network, on: call.samples("data", half: "train"), plan: plan)
  defer { model.network = trainer.network }
  try call.session.throughCache(&trainer) { trainer in
    var watch = TrainingWatch(call.session)
    try watch.run(&trainer)
  }
  call.session.noteInterrupt(of: trainer)
  return .object(LogObject(log: trainer.log, claim: try trainer.claim()))
}

private func trainingPlan(_ call: NativeCall, for network: Network) throws -> TrainingPlan {
  var plan = TrainingPlan(epochs: try call.integer("epochs", in: 1...1_000_000), seed: try call.randomSeed())
  plan.batchSize = try call.integer("batch", in: 1...1_000_000, default: 64)
  try call.settleScheme(of: &plan, for: network)
  plan.triggers = try call.optionalObject("triggers", as: TriggersObject.self, called: "a trigger set")?.triggers
  plan.triggersPerBatch = try call.integer("triggers_per_batch", in: 1...4096, default: 2)
  let ratio = try call.number("ratio", default: 0.5)
  let branches = try call.choice("branches", of: ["together", "alternate"], default: "together")
  plan.branches = branches == "together" ? .together : .alternate(ratio: ratio)
  if let optimizer = try call.optionalObject(
    "optimizer", as: SettingsObject<OptimizerSettings>.self, called: "sgd(...) or adam(...)")
  {
    plan.optimizer = optimizer.settings
  }
  if let schedule = try call.optionalObject("schedule", as: SettingsObject<Schedule>.self, called: "steps(...)") {
    plan.schedule = schedule.settings
  }
  plan.objective = try Objective(
    lambdaTrigger: call.isGiven("lambda_trigger") ? call.weight("lambda_trigger", default: 1) : nil,
    lambdaSign: call.weight("lambda_sign", default: 0.1),
    margin: call.weight("margin", default: 0.1),
    signsShift: try call.choice("sign_on", of: ["scale", "both"], default: "scale") == "both",
    lambdaTransform: call.weight("lambda_transform", default: 0.001),
    lambdaReading: call.weight("lambda_reading", default: 1e-5))
  plan.augments = try call.isGiven("augment") ? call.boolean("augment") : call.splitAugments("data")
  plan.validation = call.isGiven("validation") ? try call.samples("validation", half: "test") : nil
  plan.budget = call.isGiven("budget") ? try call.number("budget", in: 0...1e9) : nil
  plan.checkpoint = call.isGiven("checkpoint") ? try call.text("checkpoint") : nil
  plan.isExact = call.session.options.isExact
  plan.resume = call.isGiven("resume") ? try call.text("resume") : nil
  plan.forgetMissingCheckpoint()
  return plan
}

extension TrainingPlan {
  /// The checkpoint of a training that has not begun: one line begins it, and goes on with it after an interruption.
  mutating func forgetMissingCheckpoint() {
    if let path = resume, path == checkpoint, access(path, F_OK) != 0 { resume = nil }
  }
}

extension NativeCall {
  /// A weight of the objective: a negative one would train the opposite.
  fileprivate func weight(_ label: String, default weight: Double) throws -> Float {
    let number = try number(label, default: weight)
    guard number >= 0, number.isFinite else {
      throw fail("'\(label)' must be 0 or more, not \(value(label).display)", argument: label)
    }
    return Float(number)
  }

  /// Whether a split, or the training half of a data record, asks for augmentation.
  func splitAugments(_ label: String) -> Bool {
    var part = value(label)
    if case .record(let record) = part { part = record["train"] ?? .none }
    guard case .object(let split as any SplitObject) = part else { return false }
    return split.augments
  }
}

/// Runs a training with an eye on the session: its progress is shown, Ctrl-C stops it, and a budget counts from here.
struct TrainingWatch {
  private let session: Session
  private let started = ContinuousClock.now
  private var curves = TrainingCurves()

  init(_ session: Session) { self.session = session }

  /// - Parameter last: the epoch after which it returns, to be run on later; none for the plan's last.
  mutating func run(_ trainer: inout Trainer, through last: Int? = nil) throws {
    let (session, started) = (session, started)
    try trainer.run(
      through: last, isInterrupted: session.options.isInterrupted,
      elapsed: { (ContinuousClock.now - started) / .seconds(1) }, observe: { session.report($0, &curves) })
  }
}

extension Session {
  /// Says at the prompt that Ctrl-C ended a training early.
  func noteInterrupt(of trainer: Trainer, result: String = "the model keeps what it has learned") {
    guard trainer.log.stop == .interrupt, options.echo == .prompt else { return }
    let epoch = min(trainer.log.epochs + 1, trainer.plan.epochs)
    output.note("training stopped in epoch \(epoch) of \(trainer.plan.epochs); \(result)")
  }

  /// Says at the prompt that Ctrl-C ended a table early.
  func noteCutTable() {
    guard options.echo == .prompt else { return }
    output.note("interrupted; the table has the rows before")
  }

  /// Takes a training from the session's cache, if it has one and the training is there; else runs it and keeps it.
  func throughCache(_ trainer: inout Trainer, run: (inout Trainer) throws -> Void) throws {
    guard let cache = options.trainingCache, let key = try trainer.cacheKey(cache) else { return try run(&trainer) }
    switch try trainer.restore(from: cache, key: key) {
    case .restored:
      if !options.isQuiet { output.note("train: taken from the cache, \(trainer.plan.epochs) epochs") }
      return
    case .unusable(let reason):
      output.report(Diagnostic(.warning, "train: the cache cannot be used, so it trains afresh: \(reason)"))
    case .absent: break
    }
    try run(&trainer)
    do {
      try trainer.keep(in: cache, as: key)
    } catch {
      // What was learned is not lost because the disk is full.
      output.report(Diagnostic(.warning, "train: the result is not kept in the cache: \(error)"))
    }
  }

  /// Hands the course of a training to whoever shows progress.
  fileprivate func report(_ event: TrainingEvent, _ curves: inout TrainingCurves) {
    guard !options.isQuiet else { return }
    let (progress, isMilestone): (TrainingProgress, Bool) =
      switch event {
      case .batch(let progress): (progress, false)
      case .epoch(let progress, _): (progress, true)
      }
    if !isMilestone { curves.add(progress.step) }
    var figures = [("loss", progress.loss.trimmed(decimals: 3))]
    if let free = progress.free { figures.append(("free", Value.rate((free * 1000).rounded() / 1000).display)) }
    if let aware = progress.aware { figures.append(("aware", Value.rate((aware * 1000).rounded() / 1000).display)) }
    output.progress(
      ProgressReport(
        "epoch \(progress.epoch) of \(progress.epochs)", completed: progress.batch, total: progress.batches,
        figures: figures.map { (name: $0.0, text: $0.1) }, isMilestone: isMilestone,
        curves: curves))
  }
}
