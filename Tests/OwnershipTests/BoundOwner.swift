import Datasets
import Keys
import Networks
import Passports
import Tensors
import Training

@testable import Ownership

/// An owner with a bound passport in a network of 160 bits, trained within a second.
struct BoundOwner {
  let key: OwnerKey
  let network: Network
  let claim: Claim
  let triggers: TriggerSet

  static func plain(seed: UInt64 = 1) throws -> Network {
    try Stage.input([1, 8, 8])
      .appending(ConvolutionLayer(channels: 32, kernel: 3), path: "conv1")
      .appending(PassportNormalizationLayer(source: "conv1"), path: "norm1").appending(ReluLayer())
      .appending(ConvolutionLayer(channels: 64, kernel: 3, stride: 2), path: "conv2")
      .appending(PassportNormalizationLayer(source: "conv2"), path: "norm2").appending(ReluLayer())
      .appending(ConvolutionLayer(channels: 64, kernel: 3, stride: 2), path: "conv3")
      .appending(PassportNormalizationLayer(source: "conv3"), path: "norm3").appending(ReluLayer())
      .appending(FlattenLayer()).appending(DenseLayer(width: 4), path: "head")
      .network(named: "small", seed: seed)
  }

  /// - Parameter network: to be trained (anew) with the key; a fresh one if none is given.
  init(_ key: OwnerKey, on network: Network? = nil) throws {
    self.key = key
    triggers = try TriggerSet(labelled: Stolen.images(40, seed: 9))
    var plan = TrainingPlan(epochs: 16, seed: 5)
    plan.batchSize = 16
    plan.passport = Passport(key)
    plan.triggers = triggers
    plan.triggersPerBatch = 8
    plan.objective.lambdaSign = 1
    plan.optimizer = .sgd(rate: 0.02, momentum: 0.9, decay: 5e-4)
    // At the end slow enough for the running statistics to follow.
    plan.schedule = .milestones([10], factor: 0.05)
    var trainer = try Trainer(network ?? Self.plain(), on: Stolen.images(128), plan: plan)
    try trainer.run(isInterrupted: { false }, elapsed: { 0 }, observe: { _ in })
    guard let claim = try trainer.claim() else { throw TrainingError("there is no claim") }
    self.network = trainer.network
    self.claim = claim
  }

  var released: Network { get throws { try network.released() } }

  var commitment: Commitment { get throws { try Commitment(to: network, by: key, triggers: triggers) } }

  func claimant(_ name: String = "owner") throws -> Claimant {
    Claimant(name, claim: claim, key: key, commitment: try commitment, triggers: triggers, model: try released)
  }
}

extension OutsideDate {
  init(_ second: Double, for commitment: Commitment) throws {
    self.init(
      time: .init(timeIntervalSince1970: second), authority: "Test TSA", commitmentSHA256: try commitment.sha256())
  }
}
