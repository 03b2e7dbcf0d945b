import Datasets
import Files
import Networks
import Passports
import Tensors
import Testing

@testable import Training

/// A training that takes milliseconds: a small network, few samples, and everything that a checkpoint has to carry.
enum Small {
  static let classes = 4

  /// Two passport layers and dropout on [1, 8, 8].
  static func network(width: Int = 8, seed: UInt64 = 1) throws -> Network {
    try Stage.input([1, 8, 8])
      .appending(ConvolutionLayer(channels: width, kernel: 3, stride: 2, padding: 1), path: "conv1")
      .appending(PassportNormalizationLayer(source: "conv1"), path: "norm1")
      .appending(ReluLayer())
      .appending(ConvolutionLayer(channels: 16, kernel: 3, padding: 1), path: "conv2")
      .appending(PassportNormalizationLayer(source: "conv2"), path: "norm2")
      .appending(ReluLayer())
      .appending(FlattenLayer())
      .appending(DropoutLayer(rate: 0.25))
      .appending(DenseLayer(width: classes), path: "head")
      .network(named: "small", seed: seed)
  }

  static func images(_ count: Int, seed: UInt64 = 3) throws -> ImageSet {
    let pictures = try AbstractPictures.make(count: count, size: 8, channels: 1, seed: seed)
    return try #require(try TriggerSet(from: pictures, count: count, classes: classes, seed: seed).images)
  }

  static func triggers(seed: UInt64 = 5) throws -> TriggerSet { try TriggerSet(labelled: images(7, seed: seed)) }

  /// Alternating branches, augmentation, triggers, Adam and a falling rate.
  static func plan(epochs: Int) throws -> TrainingPlan {
    var plan = TrainingPlan(epochs: epochs, seed: 11)
    plan.batchSize = 8
    plan.passport = Passport(text: "me", seed: 42)
    plan.triggers = try triggers()
    plan.branches = .alternate(ratio: 0.5)
    plan.optimizer = .adam(rate: 0.01, decay: 1e-3)
    plan.schedule = .milestones([1, 3], factor: 0.5)
    plan.augments = true
    return plan
  }

  /// Trains, stopping after so many steps if a number is given.
  static func train(_ plan: TrainingPlan, network: Network? = nil, stopAfter steps: Int? = nil) throws -> Trainer {
    var trainer = try Trainer(network ?? self.network(), on: images(40), plan: plan)
    var done = 0
    try withoutActuallyEscaping({ done >= steps ?? .max }) { isOver in
      try trainer.run(isInterrupted: isOver, elapsed: { 0 }) { if case .batch = $0 { done += 1 } }
    }
    return trainer
  }
}

extension Network {
  /// Every number that it consists of, by name.
  var contents: [String: [Float]] { parameters.merging(buffers) { own, _ in own }.mapValues(\.elements) }
}
