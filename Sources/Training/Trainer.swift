import Execution
import Networks
import Passports
import Tensors

/// The loop: steps over batches over epochs, events for whoever watches, checkpoints for whoever comes back.
public struct Trainer {
  public let plan: TrainingPlan
  let samples: any Samples
  /// Where training stands; what a checkpoint keeps.
  var state: TrainingState
  /// What the last step alone gave.
  private var lastStep = EpochSums()
  let passports: [IssuedPassport]
  let patches: [String: LayerPassport]
  /// The plan's, less the biases that a bound passport goes without.
  private let trained: Set<String>?
  private let executor: Executor

  /// - Throws: what is wrong with the plan, the passport or the checkpoint, before any time is spent.
  public init(_ network: Network, on samples: any Samples, plan: TrainingPlan) throws {
    try plan.check(samples: samples)
    guard samples.sampleShape == network.inputShape else {
      throw TrainingError(
        "the samples have shape \(samples.sampleShape), and the model takes \(network.inputShape)",
        help: network.inputShape.count == 3 && samples.sampleShape.count == 3
          ? "for the embedded images: fashion(size: \(network.inputShape[1]), channels: \(network.inputShape[0]))" : nil
      )
    }
    self.plan = plan
    self.samples = samples
    try plan.check(trained: network)
    passports = try plan.passport?.issue(for: network) ?? []
    patches = try passports.patches(in: network)
    var network = network
    // What an owner's key signs is read of the weights alone.
    let emptied = plan.passport?.key == nil ? [] : try network.emptyMovableBiases(under: passports)
    trained = emptied.isEmpty ? plan.trained : (plan.trained ?? Set(network.parameterNames)).subtracting(emptied)
    executor = Executor(network, isExact: plan.isExact)
    state = TrainingState(network: network, optimizer: Optimizer(plan.optimizer))
    if let path = plan.resume {
      state = try TrainingState(resuming: path, from: state, plan: plan, samples: samples, passports: passports)
    }
  }

  public var network: Network { state.network }
  public var log: TrainingLog { state.log }
  /// Whether the network is as an epoch left it, or the start; not where a checkpoint was written within an epoch.
  public var isBetweenEpochs: Bool { state.batch == 0 }

  /// What the owner keeps of the network as it stands; none without passport, watermark and triggers.
  public func claim() throws -> Claim? {
    guard !passports.isEmpty || plan.watermark != nil || plan.triggers != nil else { return nil }
    return try Claim(
      of: network, passports: passports, watermark: plan.watermark, triggerHash: plan.triggers?.sha256)
  }

  /// Trains until the epochs are over, the budget is spent, or `isInterrupted`; either way the network keeps what it has
  /// learned so far.
  ///
  /// - Parameters:
  ///   - last: the epoch, counted from 1, after which it returns, to be run on later; none for the plan's last.
  ///   - elapsed: seconds since training started; asked only when there is a budget.
  public mutating func run(
    through last: Int? = nil, isInterrupted: () -> Bool, elapsed: () -> Double,
    observe: (TrainingEvent) throws -> Void
  ) throws {
    state.log.stop = nil
    let loader = BatchLoader(BatchRecipe(plan, samples), from: state.place)
    defer { loader.stop() }
    let batches = plan.batchesPerEpoch(of: samples.count)
    while state.epoch < min(last ?? plan.epochs, plan.epochs) {
      while state.batch < batches {
        if let stop = stopReason(isInterrupted, elapsed) { return try finish(stop) }
        guard try untilInterrupted(isInterrupted, { try $0.takeStep(loader, poll: $1) }) else {
          return try finish(.interrupt)
        }
        try observe(.batch(progress(batches)))
      }
      // An interrupt in here leaves the epoch at its end; whoever resumes closes it first.
      guard try untilInterrupted(isInterrupted, { try $0.endEpoch(poll: $1) }) else { return try finish(.interrupt) }
      try observe(.epoch(progress(batches, ended: true), state.log))
      try saveCheckpoint()
    }
  }

  /// Does a piece of work that polls; false if an interrupt ended it.
  private mutating func untilInterrupted(
    _ isInterrupted: () -> Bool, _ work: (inout Trainer, _ poll: @escaping () throws -> Void) throws -> Void
  ) throws -> Bool {
    do {
      try withoutActuallyEscaping(isInterrupted) { isInterrupted in
        try work(&self) { if isInterrupted() { throw Interruption() } }
      }
      return true
    } catch is Interruption {
      return false
    }
  }

  private mutating func takeStep(_ loader: BatchLoader, poll: @escaping () throws -> Void) throws {
    let batch = try loader.batch(at: state.place)
    let (outcome, buffers) = try gradients(batch, poll)
    guard outcome.loss.isFinite else {
      throw TrainingError(
        "the loss is no number any more in epoch \(state.epoch + 1), batch \(state.batch + 1)",
        help: "use a smaller learning rate; the model keeps the weights from before this step")
    }
    state.network.buffers = buffers
    try state.optimizer.apply(
      outcome.gradients, to: &state.network.parameters, rateFactor: plan.schedule.factor(epoch: state.epoch))
    let samples = batch.labels.count - batch.triggers
    try state.sums.add(outcome, samples: samples)
    lastStep = EpochSums()
    try lastStep.add(outcome, samples: samples)
    state.batch += 1
    state.step += 1
  }

  /// A step's outcome and the running statistics after it; on a copy, so that an interrupted step leaves no trace.
  private func gradients(
    _ batch: Objective.Batch, _ poll: @escaping () throws -> Void
  ) throws -> (TrainingStep.Outcome, buffers: [String: Tensor]) {
    let step = TrainingStep(
      objective: plan.objective, passports: passports, patches: patches, watermark: plan.watermark,
      trained: trained,
      randomness: RandomStream(seed: plan.seed, name: "train/dropout").substream(state.step), executor: executor,
      poll: poll)
    var network = state.network
    let choice: BranchChoice =
      passports.isEmpty ? .free : network.hasFreeBranch ? plan.branches.choice(step: state.step) : .aware
    let outcome = try step.gradients(of: &network, batch, choice)
    return (outcome, network.buffers)
  }

  /// Writes the epoch's entry into the log and goes on to the next; nothing changes before everything is measured.
  private mutating func endEpoch(poll: @escaping () throws -> Void) throws {
    let (sums, plan, network) = (state.sums, plan, network)
    let options = ExecutionOptions(isExact: plan.isExact, poll: poll)
    func accuracy(_ samples: any Samples, _ passports: [IssuedPassport]? = nil) throws -> Double {
      try Predictor(network, passports: passports, options: options).accuracy(samples)
    }
    let steps = Double(max(sums.steps, 1))
    let answers = network.hasFreeBranch ? nil : passports
    var log = state.log
    log.loss.append(sums.loss / steps)
    log.taskLoss.append(sums.task / steps)
    if answers == nil, let free = try plan.validation.map({ try accuracy($0) }) ?? sums.free { log.free.append(free) }
    if let triggers = plan.triggers {
      log.triggerLoss.append(sums.trigger / steps)
      log.trigger.append(try accuracy(triggers.samples, answers))
    }
    if !passports.isEmpty || plan.watermark != nil { log.signLoss.append(sums.sign / steps) }
    if let watermark = plan.watermark {
      let signature = watermark.signature
      let matches = signature.matches(try watermark.reading(of: network))
      log.signature.append(Double(matches) / Double(max(signature.signs.count, 1)))
    }
    if !passports.isEmpty {
      if let aware = try plan.validation.map({ try accuracy($0, passports) }) ?? sums.aware { log.aware.append(aware) }
      log.signature.append(try signatureShare())
    }
    state.log = log
    state.epoch += 1
    state.batch = 0
    state.sums = EpochSums()
    state.log.epochs = state.epoch
  }

  private func signatureShare() throws -> Double {
    let readings = try network.readings(passports)
    let matches = passports.reduce(0) { sum, passport in
      sum + (readings[passport.path].map { passport.signature.matches($0.scale) } ?? 0)
    }
    return Double(matches) / Double(max(passports.reduce(0) { $0 + $1.signature.signs.count }, 1))
  }

  private func stopReason(_ isInterrupted: () -> Bool, _ elapsed: () -> Double) -> TrainingLog.Stop? {
    if isInterrupted() { return .interrupt }
    if let budget = plan.budget, elapsed() >= budget { return .budget }
    return nil
  }

  private mutating func finish(_ stop: TrainingLog.Stop) throws {
    state.log.stop = stop
    try saveCheckpoint()
  }

  func saveCheckpoint() throws {
    if let path = plan.checkpoint { try state.save(to: path, plan: plan, samples: samples, passports: passports) }
  }

  private func progress(_ batches: Int, ended: Bool = false) -> TrainingProgress {
    TrainingProgress(
      epoch: ended ? state.epoch : state.epoch + 1, epochs: plan.epochs, batch: ended ? batches : state.batch,
      batches: batches, loss: ended ? state.log.loss.last ?? 0 : state.sums.loss / Double(max(state.sums.steps, 1)),
      free: ended ? state.log.free.last : state.sums.free, aware: ended ? state.log.aware.last : state.sums.aware,
      step: TrainingProgress.Step(loss: lastStep.loss, free: lastStep.free, aware: lastStep.aware))
  }
}

/// Thrown by a poll between two layers, and caught by the loop.
struct Interruption: Error {}
