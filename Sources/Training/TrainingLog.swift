import Passports

/// What a training leaves in writing: one entry per epoch in each series. Accuracies and rates are shares of 1.
public struct TrainingLog: Sendable, Codable, Equatable {
  /// Why training ended before its epochs were over.
  public enum Stop: String, Sendable, Codable { case budget, interrupt }

  /// The whole objective, mean over the steps.
  public var loss: [Double] = []
  /// Cross-entropy of the task samples, both branches added.
  public var taskLoss: [Double] = []
  /// Cross-entropy of the triggers, both branches added.
  public var triggerLoss: [Double] = []
  public var signLoss: [Double] = []
  /// Accuracy of the passport-free branch: on the validation samples if there are any, else over the epoch's batches.
  public var free: [Double] = []
  /// The same of the passport-aware branch.
  public var aware: [Double] = []
  /// Accuracy of the passport-free branch on the triggers.
  public var trigger: [Double] = []
  /// Share of signature bits that the weights show.
  public var signature: [Double] = []
  /// Complete epochs.
  public var epochs = 0
  public var stop: Stop?

  public init() {}
}

/// What a training says while it runs.
public enum TrainingEvent: Sendable {
  /// After a batch: where training stands, and the running figures of this epoch.
  case batch(TrainingProgress)
  /// After an epoch, with the log so far.
  case epoch(TrainingProgress, TrainingLog)
}

/// Where a training stands.
public struct TrainingProgress: Sendable {
  /// Counted from 1.
  public var epoch: Int
  public var epochs: Int
  /// Batches of this epoch that are done.
  public var batch: Int
  public var batches: Int
  /// Means over the epoch so far.
  public var loss: Double
  public var free: Double?
  public var aware: Double?
  /// The loss of the last step alone, and the accuracy of each branch that took part in it.
  public var step: Step

  public struct Step: Sendable {
    public var loss: Double
    public var free: Double?
    public var aware: Double?
  }
}

/// Sums over the steps of an epoch, from which its entry in the log is made.
struct EpochSums: Codable {
  var steps = 0
  var loss = 0.0
  var task = 0.0
  var trigger = 0.0
  var sign = 0.0
  /// Samples seen and got right, by each branch.
  var freeSeen = 0
  var freeCorrect = 0
  var awareSeen = 0
  var awareCorrect = 0

  mutating func add(_ outcome: TrainingStep.Outcome, samples: Int) throws {
    steps += 1
    loss += Double(outcome.loss)
    for branch in [outcome.free, outcome.aware].compactMap({ $0 }) {
      task += try Double(branch.task.scalar())
      trigger += try branch.trigger.map { try Double($0.scalar()) } ?? 0
    }
    sign += Double(outcome.signLoss ?? 0)
    if let free = outcome.free { (freeSeen, freeCorrect) = (freeSeen + samples, freeCorrect + free.correct) }
    if let aware = outcome.aware { (awareSeen, awareCorrect) = (awareSeen + samples, awareCorrect + aware.correct) }
  }

  var free: Double? { freeSeen > 0 ? Double(freeCorrect) / Double(freeSeen) : nil }
  var aware: Double? { awareSeen > 0 ? Double(awareCorrect) / Double(awareSeen) : nil }
}
