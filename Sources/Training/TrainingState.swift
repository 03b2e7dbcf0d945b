import Datasets
import Files
import Foundation
import Networks
import Passports
import Tensors

/// Where a training stands: all that the next step depends on beside plan and data. A checkpoint holds exactly this, so
/// that a resumed training goes on to the bit.
struct TrainingState: Sendable {
  var network: Network
  var optimizer: Optimizer
  var log = TrainingLog()
  var sums = EpochSums()
  /// Complete epochs.
  var epoch = 0
  /// Batches of the current epoch that are done.
  var batch = 0
  /// Steps since the start.
  var step = 0

  /// Where the next batch stands.
  var place: BatchPlace { BatchPlace(epoch: epoch, batch: batch, step: step) }

  init(network: Network, optimizer: Optimizer) {
    self.network = network
    self.optimizer = optimizer
  }
}

// A checkpoint is a safetensors file: the network's tensors as they are, the optimiser's as `optimizer/<n>/<name>`, and
// the rest as JSON under the metadata key `passbook`.
extension TrainingState {
  private struct Record: Codable {
    var format = "checkpoint/1"
    /// What must be the same for the training to be the same.
    var fingerprint: String
    var architecture: String
    var log: TrainingLog
    var sums: EpochSums
    var epoch: Int
    var batch: Int
    var step: Int
    var optimizerSteps: [String: Int]
  }

  func save(to path: String, plan: TrainingPlan, samples: any Samples, passports: [IssuedPassport]) throws {
    let record = Record(
      fingerprint: try Self.fingerprint(plan, samples, passports),
      architecture: try network.architectureText(), log: log, sums: sums, epoch: epoch, batch: batch, step: step,
      optimizerSteps: optimizer.steps)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let memory = optimizer.memory.flatMap { name, tensors in
      tensors.enumerated().map { $1.fileTensor(named: "optimizer/\($0)/\(name)") }
    }
    try Safetensors.write(
      network.fileTensors + memory,
      metadata: [Network.metadataKey: String(decoding: try encoder.encode(record), as: UTF8.self)], to: path)
  }

  /// Continues from a checkpoint; `fresh` gives the network's architecture, which must be the same.
  init(
    resuming path: String, from fresh: TrainingState, plan: TrainingPlan, samples: any Samples,
    passports: [IssuedPassport]
  ) throws {
    let file = try Safetensors.File(path: path)
    guard let text = file.metadata[Network.metadataKey],
      let record = try? JSONDecoder().decode(Record.self, from: Data(text.utf8)), record.format == "checkpoint/1"
    else {
      throw TrainingError("\(path) is not a checkpoint of a training", help: "train(..., checkpoint: path) writes one")
    }
    guard record.architecture == (try fresh.network.architectureText()) else {
      throw TrainingError("\(path) belongs to another model", help: "resume with the model that it was made with")
    }
    guard record.fingerprint == (try Self.fingerprint(plan, samples, passports)) else {
      throw TrainingError(
        "\(path) belongs to a training with other settings or data",
        help: "resume with the same seed (a line without seed: draws another one each time), data, batch, passport, "
          + "triggers, optimizer, schedule and branches; "
          + "only epochs, budget and paths may change")
    }
    self = fresh
    try network.takeTensors(from: file, allowsOthers: true)
    for (name, steps) in record.optimizerSteps {
      guard network.parameters[name] != nil else { throw TrainingError("\(path) names an unknown parameter \(name)") }
      optimizer.steps[name] = steps
      let count = if case .sgd = plan.optimizer { 1 } else { 2 }
      optimizer.memory[name] = try (0..<count).map { index in
        let tensor = try Tensor(named: "optimizer/\(index)/\(name)", in: file)
        guard tensor.shape == network.parameters[name]?.shape else {
          throw TrainingError("\(path): the optimizer's memory of \(name) has another shape than the parameter")
        }
        return tensor
      }
    }
    (log, sums) = (record.log, record.sums)
    (epoch, batch, step) = (record.epoch, record.batch, record.step)
    guard isPlausible(optimizerSteps: record.optimizerSteps.values) else {
      throw TrainingError("\(path) counts steps that no training has taken")
    }
  }

  /// Whether counters from a file are such that training can count on from them.
  private func isPlausible(optimizerSteps: some Sequence<Int>) -> Bool {
    let counters = [
      epoch, batch, step, sums.steps, sums.freeSeen, sums.freeCorrect, sums.awareSeen, sums.awareCorrect,
    ]
    let series = [
      log.loss, log.taskLoss, log.triggerLoss, log.signLoss, log.free, log.aware, log.trigger, log.signature,
    ]
    return (counters + optimizerSteps).allSatisfy { (0...1 << 40).contains($0) } && log.epochs == epoch
      && series.allSatisfy { $0.count <= epoch } && log.loss.count == epoch
  }

  /// A hash of everything but the network that decides the next step.
  private static func fingerprint(
    _ plan: TrainingPlan, _ samples: any Samples, _ passports: [IssuedPassport]
  ) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    var hash = Checksum.SHA256()
    for part in try [
      encoder.encode(plan.optimizer), encoder.encode(plan.schedule), encoder.encode(plan.branches),
      encoder.encode(plan.objective),
    ] { hash.update(Array(part)) }
    let summary = """
      \(plan.seed) \(plan.batchSize) \(plan.augments) \(plan.triggersPerBatch) \(plan.triggers?.sha256 ?? "none") \
      \(passports.map(\.path)) \(samples.count) \(samples.sampleShape)
      """
    hash.update(Array(summary.utf8))
    // Absent where there is nothing to say, so that checkpoints from before there was a choice still serve.
    if let trained = plan.trained { hash.update(Array("trained \(trained.sorted())".utf8)) }
    if let targets = samples.softTargets {
      hash.update(Array("temperature \(targets.temperature)".utf8))
      targets.probabilities.elements.withUnsafeBytes { hash.update($0) }
    }
    for passport in passports {
      for values in [passport.scale.elements, passport.shift.elements, passport.signature.signs] {
        values.withUnsafeBytes { hash.update($0) }
      }
    }
    if let watermark = plan.watermark {
      hash.update(Array(watermark.source.utf8))
      for values in [watermark.projection.elements, watermark.signature.signs] {
        values.withUnsafeBytes { hash.update($0) }
      }
    }
    samples.labels.withUnsafeBytes { hash.update($0) }
    // All samples would take seconds; a few, evenly spread, tell other data or another normalisation.
    let few = stride(from: 0, to: samples.count, by: max(samples.count / 32, 1))
    try samples.batch(Array(few), draws: nil).elements.withUnsafeBytes { hash.update($0) }
    if plan.augments {
      let draws = few.map { AugmentationDraw(bits: UInt32(truncatingIfNeeded: $0)) }
      try samples.batch(Array(few), draws: draws).elements.withUnsafeBytes { hash.update($0) }
    }
    return hash.hexadecimal
  }
}
