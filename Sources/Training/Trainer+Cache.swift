import Datasets
import Files
import Foundation
import Networks
import Passports
import Tensors

// A training that is done already: its last checkpoint, found by everything that decides its result.

extension Trainer {
  /// What became of asking the cache.
  public enum CacheAnswer: Sendable {
    /// The training stands at its end, as if it had just been run.
    case restored
    case absent
    /// There is an entry that cannot be used; the reason.
    case unusable(String)
  }

  /// The key under which this training, not yet begun, is kept. Nil for one that never is: a budget depends on the
  /// clock, and resuming on a file.
  public func cacheKey(_ cache: TrainingCache) throws -> String? {
    plan.budget == nil && plan.resume == nil ? try key(engine: cache.engine) : nil
  }

  /// Goes to the end of the training if the cache has it.
  public mutating func restore(from cache: TrainingCache, key: String) throws -> CacheAnswer {
    let path = cache.entryFolder.path(of: key)
    guard cache.entryFolder.contains(path) else { return .absent }
    do {
      let end = try TrainingState(resuming: path, from: state, plan: plan, samples: samples, passports: passports)
      guard end.epoch == plan.epochs, end.batch == 0, end.log.stop == nil else {
        return .unusable("\(path) holds a training that is not finished")
      }
      state = end
    } catch let error as FileError {
      return .unusable(error.description)
    } catch {
      return .unusable("\(path): \((error as? any ExplainedError)?.message ?? String(describing: error))")
    }
    cache.entryFolder.touch(path)
    try saveCheckpoint()
    return .restored
  }

  /// Keeps the training, if it has come to its end.
  public func keep(in cache: TrainingCache, as key: String) throws {
    guard state.epoch == plan.epochs, state.log.stop == nil else { return }
    try cache.entryFolder.make()
    let path = cache.entryFolder.path(of: key)
    try state.save(to: path, plan: plan, samples: samples, passports: passports)
    try cache.entryFolder.shrink(keeping: path)
  }

  /// SHA-256 over the values of all that the result depends on; the number of threads is not among it.
  private func key(engine: String) throws -> String {
    var digest = ValueDigest()
    digest.add("passbook training 1")
    digest.add(engine)
    digest.add(try state.network.architectureText())
    for tensors in [state.network.parameters, state.network.buffers] {
      for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
        digest.add(name)
        digest.add(tensor)
      }
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    for part in try [
      encoder.encode(plan.optimizer), encoder.encode(plan.schedule), encoder.encode(plan.branches),
      encoder.encode(plan.objective),
    ] { digest.add(String(decoding: part, as: UTF8.self)) }
    digest.add(
      "\(plan.epochs) \(plan.batchSize) \(plan.triggersPerBatch) \(plan.augments) \(plan.isExact) \(plan.seed)")
    digest.add(plan.trained.map { "\($0.sorted())" } ?? "all")
    for passport in passports {
      digest.add(passport.path)
      digest.add(passport.source)
      digest.add(passport.scale)
      digest.add(passport.shift)
      digest.add("\(passport.signature.signs)")
    }
    if let watermark = plan.watermark {
      digest.add(watermark.source)
      digest.add(watermark.projection)
      digest.add("\(watermark.signature.signs)")
    }
    try digest.add(samples, augments: plan.augments)
    for others in [plan.triggers?.samples, plan.validation] {
      digest.add(others == nil ? "none" : "some")
      if let others { try digest.add(others, augments: false) }
    }
    return digest.hexadecimal
  }
}

/// A hash of values in an order, each with its length or shape before it, so that no two lists of values look alike.
private struct ValueDigest {
  private var hash = Checksum.SHA256()

  var hexadecimal: String { hash.hexadecimal }

  mutating func add(_ text: String) {
    let bytes = Array(text.utf8)
    hash.update(Array("\(bytes.count):".utf8) + bytes)
  }

  mutating func add(_ tensor: Tensor) {
    add("\(tensor.shape)")
    tensor.detached.read { hash.update(UnsafeRawBufferPointer(start: $0, count: tensor.count * 4)) }
  }

  /// All samples as a network sees them, a piece at a time, and what augmentation makes of some.
  mutating func add(_ samples: any Samples, augments: Bool) throws {
    add("\(samples.count) \(samples.sampleShape)")
    samples.labels.withUnsafeBytes { hash.update($0) }
    for start in stride(from: 0, to: samples.count, by: 256) {
      add(try samples.batch(Array(start..<min(start + 256, samples.count)), draws: nil))
    }
    if let targets = samples.softTargets {
      add("\(targets.temperature)")
      add(targets.probabilities)
    }
    guard augments else { return }
    let few = Array(0..<min(samples.count, 16))
    var stream = RandomStream(seed: 0, name: "cache/augment")
    add(try samples.batch(few, draws: few.map { _ in AugmentationDraw(bits: stream.nextWord()) }))
  }
}
