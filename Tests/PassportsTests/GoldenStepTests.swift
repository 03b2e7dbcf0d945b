import Execution
import Foundation
import Networks
import Passports
import Tensors
import Testing
import Training

/// Two steps of the released trainer, from its own starting state: losses, logits, gradients, states.
struct GoldenStepTests {
  @Test func batchNormalization() throws {
    try expectSteps(Golden("alexnet_narrow_bn"), Self.narrow(.batch).protecting(.all, seed: 1))
  }

  @Test func groupNormalization() throws {
    try expectSteps(Golden("alexnet_narrow_gn"), Self.narrow(.group).protecting(.all, seed: 1))
  }

  @Test func lastLayersOnly() throws {
    try expectSteps(
      Golden("alexnet_narrow_bn_partial"), Self.narrow(.batch).protecting(.numbered([4, 5, 6]), seed: 1))
  }

  @Test func baselineWithoutBlocks() throws {
    try expectSteps(
      Golden("alexnet_narrow_baseline_gn"), Self.narrow(.group).protecting(.all, seed: 1, form: .deepIPR))
  }

  /// Narrower than a passport is allowed to be, so the layers are put in one by one.
  @Test func residualBlocks() throws {
    var network = try ResNet18.make(classes: 10, widths: [6, 8, 12, 16], seed: 1)
    for node in network.nodes where node.layer is NormalizationLayer {
      let source = try #require(network.source(of: node))
      try network.replaceLayer(at: node.path, with: PassportNormalizationLayer(source: source.path), seed: 1)
    }
    try expectSteps(Golden("resnet18_narrow_bn"), network)
  }

  @Test func residualBlocksOfTheLastStageOnly() throws {
    let plain = try ResNet18.make(classes: 10, normalization: .group, widths: [16, 16, 32, 32], seed: 1)
    let network = try plain.protecting(.named(["layer4"]), seed: 1)
    #expect(network.passportNodes.count == 5)
    try expectSteps(Golden("resnet18_narrow_gn_partial"), network)
  }

  private static let folder = ProcessInfo.processInfo.environment["PASSBOOK_GOLDEN"]

  @Test(.enabled(if: folder != nil, "PASSBOOK_GOLDEN names no folder with steps/alexnet_full_bn.safetensors"))
  func fullWidths() throws {
    let path = try #require(Self.folder) + "/steps/alexnet_full_bn.safetensors"
    let network = try AlexNet.make(classes: 10, seed: 1).protecting(.all, seed: 1)
    try expectSteps(Golden("alexnet_full_bn", original: path), network)
  }

  private static func narrow(_ normalization: NormalizationKind) throws -> Network {
    try AlexNet.make(classes: 10, normalization: normalization, widths: [16, 32, 48, 32, 32], seed: 1)
  }

  private func expectSteps(_ golden: Golden, _ start: Network) throws {
    var network = start
    try network.takeTensors(from: golden.inputs, prefix: "in.state.", allowsOthers: true)
    let passports = try golden.passports(of: network)
    let patches = try passports.patches(in: network)
    let first = try batch(1, golden)
    try expectSignatures(network, passports, patches, golden)
    for (name, branch) in [("0", Branch.free), ("1", .aware(patches))] {
      let logits = try logits(network, branch, first)
      try golden.expect("out.init.eval\(name).logits", logits)
      try golden.expect("out.init.eval\(name).ce", logits.crossEntropy(labels: first.labels))
    }
    let step = TrainingStep(
      objective: Objective(), passports: passports, patches: patches,
      randomness: RandomStream(seed: 1, name: "golden"), executor: Executor(network, isExact: true))
    var optimizer = Optimizer(.sgd(rate: 0.01, momentum: 0.9, decay: 5e-4))
    for number in 1...2 where golden.holds("out.step\(number)") {
      try expectStep(number, step, &network, &optimizer, golden)
    }
    guard golden.holds("out.final") else { return }
    try golden.expect("out.final.eval0.logits", logits(network, .free, first))
    try golden.expect("out.final.eval1.logits", logits(network, .aware(patches), first))
  }

  private func expectStep(
    _ number: Int, _ step: TrainingStep, _ network: inout Network, _ optimizer: inout Optimizer, _ golden: Golden
  ) throws {
    let prefix = "out.step\(number)."
    let batch = try batch(number, golden)
    for (name, branch) in [("0", Branch.free), ("1", .aware(step.patches))] {
      let logits = try logits(network, branch, batch, isTraining: true)
      try golden.expect(prefix + "train_logits\(name)", logits)
    }
    let outcome = try step.gradients(of: &network, batch, .both)
    try golden.expect(prefix + "ce_public", outcome.free?.total)
    try golden.expect(prefix + "ce_private", outcome.aware?.total)
    try golden.expect(prefix + "sign_loss_total", outcome.signLoss)
    for passport in step.passports {
      let reading = try #require(outcome.readings[passport.path])
      try golden.expect(
        prefix + "sign_loss." + passport.path, step.objective.signLoss(reading, passport.signature))
    }
    if number == 1 {
      #expect(golden.outputs(under: prefix + "grad.") == Set(outcome.gradients.keys))
      for (name, gradient) in outcome.gradients { try golden.expect(prefix + "grad." + name, gradient) }
    }
    try optimizer.apply(outcome.gradients, to: &network.parameters)
    guard golden.holds(prefix + "state") else { return }
    let state = network.parameters.merging(network.buffers) { parameter, _ in parameter }
    #expect(golden.outputs(under: prefix + "state.") == Set(state.keys))
    for (name, tensor) in state { try golden.expect(prefix + "state." + name, tensor) }
  }

  private func expectSignatures(
    _ network: Network, _ passports: [IssuedPassport], _ patches: [String: LayerPassport], _ golden: Golden
  ) throws {
    var shares: [Float] = []
    for passport in passports {
      let weight = try #require(network.parameters[passport.source + ".weight"])
      let patches = try #require(patches[passport.path])
      let reading = try PassportNormalizationLayer.reading(weight: weight, bias: nil, patches).scale
      shares.append(Float(passport.signature.matches(reading)) / Float(reading.count))
      try golden.expect("out.init.signature." + passport.path, shares.last)
    }
    try golden.expect("out.init.signature_mean", shares.reduce(0, +) / Float(shares.count))
  }

  private func logits(
    _ network: Network, _ branch: Branch, _ batch: Objective.Batch, isTraining: Bool = false
  ) throws -> Tensor {
    let pass = ForwardPass(
      branch: branch, isTraining: isTraining, parameters: network.parameters, buffers: network.buffers)
    return try network.forward(batch.samples, pass)
  }

  /// Task samples with the two trigger images behind them, as in the released trainer.
  private func batch(_ number: Int, _ golden: Golden) throws -> Objective.Batch {
    let prefix = "in.step\(number)."
    let samples = try [golden.tensor(prefix + "data"), golden.tensor(prefix + "wm_data")]
    return Objective.Batch(
      samples: try Tensor.concatenated(samples, axis: 0),
      labels: try golden.labels(prefix + "target") + golden.labels(prefix + "wm_target"), triggers: samples[1].shape[0])
  }
}
