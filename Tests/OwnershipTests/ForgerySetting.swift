import Execution
import Networks
import Passports
import Tensors
import Training

@testable import Attacks

/// An owner's small network with its claim, and samples of four kinds that tell themselves apart by a stripe.
struct ForgerySetting {
  let network: Network
  let claim: Claim
  let suspect: Network
  let samples: TensorSamples

  init() throws {
    var network = try AlexNet.make(classes: 4, input: [3, 16, 16], widths: [16, 16, 16, 16, 16], seed: 1)
      .protecting(.all, seed: 2)
    // New FC blocks make scales of a thousandth, as no trained network has them.
    for name in network.parameterNames where name.contains("fc.") {
      network.parameters[name] = try network.parameters[name].map { try $0 * Tensor(6) }
    }
    self.network = network
    claim = try Claim(of: network, passports: Passport(seed: 5).issue(for: network), triggerHash: "abc")
    suspect = try network.released()
    let labels = (0..<32).map { Int32($0 % 4) }
    var stream = RandomStream(seed: 3, name: "samples")
    var pixels: [Float] = []
    for label in labels {
      for row in 0..<3 * 16 {
        for _ in 0..<16 { pixels.append(stream.signedUniform() + (row % 16 / 4 == Int(label) ? 2 : 0)) }
      }
    }
    samples = try TensorSamples(Tensor(pixels, shape: [32, 3, 16, 16]), labels: labels)
  }

  func settings(epochs: Int = 1, seed: UInt64 = 7) -> ForgerySettings {
    var settings = ForgerySettings(epochs: epochs, seed: seed)
    settings.batchSize = 16
    return settings
  }

  var batch: Objective.Batch {
    get throws {
      let positions = Array(0..<16)
      return Objective.Batch(
        samples: try samples.batch(positions, draws: nil), labels: samples.batchLabels(positions))
    }
  }

  /// The claim that a training of some epochs ends with.
  func forged(_ forgery: some PassportForgery, _ settings: ForgerySettings) throws -> Claim {
    var training = try PassportTraining(suspect, owner: claim, forgery: forgery, settings: settings)
    try training.run(on: samples)
    return try training.claim()
  }
}

extension Claim {
  /// Every number of the claim, in a fixed order.
  var values: [Float] {
    layers.flatMap { layer in
      let named = layer.block.merging(layer.statistics) { first, _ in first }.sorted { $0.key < $1.key }
      return layer.passport.scale.elements + layer.passport.shift.elements + layer.passport.signature.signs
        + named.flatMap { $0.value.elements }
    }
  }
}
