import Datasets
import Networks
import Passports
import Tensors
import Testing
import Training

@testable import Attacks

/// A protected network that a test can attack within milliseconds.
enum Stolen {
  static let classes = 4

  static func network(seed: UInt64 = 1) throws -> Network {
    try Stage.input([1, 8, 8])
      .appending(ConvolutionLayer(channels: 8, kernel: 3, stride: 2), path: "conv1")
      .appending(PassportNormalizationLayer(source: "conv1"), path: "norm1").appending(ReluLayer())
      .appending(ConvolutionLayer(channels: 16, kernel: 3), path: "conv2")
      .appending(PassportNormalizationLayer(source: "conv2"), path: "norm2").appending(ReluLayer())
      .appending(FlattenLayer()).appending(DenseLayer(width: classes), path: "head")
      .network(named: "small", seed: seed)
  }

  static func triggers(_ count: Int = 6) throws -> TriggerSet { try TriggerSet(labelled: images(count, seed: 9)) }

  static func images(_ count: Int, seed: UInt64 = 3, classes: Int = classes) throws -> ImageSet {
    let pictures = try AbstractPictures.make(count: count, size: 8, channels: 1, seed: seed)
    return try #require(TriggerSet(from: pictures, count: count, classes: classes, seed: seed).images)
  }

  /// The released network and what its owner kept, after a short training of both branches.
  static func released() throws -> (network: Network, claim: Claim) {
    var plan = TrainingPlan(epochs: 6, seed: 5)
    plan.batchSize = 8
    plan.passport = Passport(text: "me", seed: 42)
    plan.triggers = try triggers()
    plan.objective.lambdaSign = 1
    var trainer = try Trainer(network(), on: images(32), plan: plan)
    try trainer.run(isInterrupted: { false }, elapsed: { 0 }, observe: { _ in })
    guard let claim = try trainer.claim() else { throw TrainingError("there is no claim") }
    return (try trainer.network.released(), claim)
  }

  /// A protected PointNet, and the claim on it as it stands: attacks need no training to be looked at.
  static func pointNet(classes: Int = 8) throws -> (network: Network, claim: Claim) {
    let network = try PointNet.make(classes: classes, points: 16, widths: [16, 16, 32, 16, 16], seed: 1)
      .protecting(.all, seed: 2)
    let claim = try Claim(of: network, passports: Passport(seed: 3).issue(for: network), triggerHash: nil)
    return (try network.released(), claim)
  }

  static func clouds(_ count: Int, classes: Int) throws -> TensorSamples {
    var stream = RandomStream(seed: 4, name: "clouds")
    let tensor = try Tensor(shape: [count, 3, 16]) { target in
      for index in 0..<count * 48 { target[index] = stream.signedUniform() }
    }
    return try TensorSamples(tensor, labels: (0..<count).map { Int32($0 % classes) })
  }

  static func plan(epochs: Int = 2) -> TrainingPlan {
    var plan = TrainingPlan(epochs: epochs, seed: 7)
    plan.batchSize = 8
    plan.optimizer = .sgd(rate: 0.001, momentum: 0.9, decay: 5e-4)
    return plan
  }

  /// Runs an attack to its end.
  static func run(
    _ attack: some Retraining, on network: Network, with samples: any Samples, plan: TrainingPlan = plan()
  ) throws -> Trainer {
    var trainer = try attack.begin(on: network, with: samples, plan: plan, options: .init())
    try trainer.run(isInterrupted: { false }, elapsed: { 0 }, observe: { _ in })
    return trainer
  }
}

extension Network {
  /// Every number of the tensors whose names a test keeps, by name.
  func contents(where isWanted: (String) -> Bool) -> [String: [Float]] {
    parameters.merging(buffers) { own, _ in own }.filter { isWanted($0.key) }.mapValues(\.elements)
  }
}
