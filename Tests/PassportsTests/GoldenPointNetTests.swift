import Execution
import Networks
import Passports
import Tensors
import Testing
import Training

/// A narrow PointNet after the released code: predictions, the losses of two steps, gradients, statistics.
struct GoldenPointNetTests {
  /// Passport layers with statistics of their own for each branch, as the paper has them.
  @Test func separateStatistics() throws {
    try expectSteps(Golden("pointnet_narrow_bn_separate_sgd"), sharesStatistics: false)
  }

  /// Passport layers that keep one set of statistics, as the released code has them.
  @Test func sharedStatistics() throws {
    try expectSteps(
      Golden("pointnet_narrow_bn_official_sgd", inputs: "pointnet_narrow_bn_separate_sgd"), sharesStatistics: true)
  }

  /// From the released constructors' start, where the passport-aware branch is about 1e-3 in size.
  @Test func officialStart() throws {
    try expectSteps(Golden("pointnet_narrow_bn_separate_init_adam"), sharesStatistics: false)
  }

  private func network(_ regularizer: TransformLayer.Regularizer, sharesStatistics: Bool) throws -> Network {
    try PointNet.make(
      classes: 10, points: 64, widths: [16, 24, 128, 64, 32], dropout: 0, regularizer: regularizer, seed: 1)
      .protecting(.all, seed: 1, form: PassportForm(sharesStatistics: sharesStatistics))
  }

  private func expectSteps(_ golden: Golden, sharesStatistics: Bool) throws {
    var network = try network(.released, sharesStatistics: sharesStatistics)
    try network.takeTensors(from: golden.inputs, prefix: "in.state.", allowsOthers: true)
    let passports = try golden.passports(of: network)
    #expect(passports.map(\.path) == ["convp1", "convp2", "convp3", "p1", "p2", "p3"])
    let step = TrainingStep(
      objective: Objective(), passports: passports, patches: try passports.patches(in: network),
      randomness: RandomStream(seed: 1, name: "golden"),
      executor: Executor(network, isExact: true))
    try expectPredictions(network, "out.init.", step, golden)
    var optimizer = Optimizer(.sgd(rate: 0.001, momentum: 0.9, decay: 0))
    for number in 1...2 where golden.holds("out.step\(number)") {
      try expectStep(number, step, &network, &optimizer, golden)
    }
    if golden.holds("out.final") { try expectPredictions(network, "out.final.", step, golden) }
  }

  private func expectPredictions(
    _ network: Network, _ prefix: String, _ step: TrainingStep, _ golden: Golden
  ) throws {
    let batch = try batch(1, golden)
    for (name, branch) in [("0", Branch.free), ("1", .aware(step.patches))] {
      let logits = try expectPass(network, branch, batch, isTraining: false, prefix + "eval\(name).", "", golden)
      try golden.expect(prefix + "eval\(name).nll", logits.crossEntropy(labels: batch.labels))
    }
    let readings = try network.readings(step.passports)
    for passport in step.passports {
      let reading = try #require(readings[passport.path])
      let matches = Float(passport.signature.matches(reading.scale)) / Float(reading.scale.count)
      try golden.expect(prefix + "sign_acc." + passport.path, matches)
      try golden.expect(prefix + "sign_loss." + passport.path, step.objective.signLoss(reading, passport.signature))
    }
  }

  private func expectStep(
    _ number: Int, _ step: TrainingStep, _ network: inout Network, _ optimizer: inout Optimizer, _ golden: Golden
  ) throws {
    let prefix = "out.step\(number)."
    let batch = try batch(number, golden)
    for (name, branch) in [("0", Branch.free), ("1", .aware(step.patches))] {
      _ = try expectPass(network, branch, batch, isTraining: true, prefix, name, golden)
    }
    let outcome = try step.gradients(of: &network, batch, .both)
    try golden.expect(prefix + "nll0", outcome.free?.task)
    try golden.expect(prefix + "nll1", outcome.aware?.task)
    try golden.expect(prefix + "loss0", outcome.free?.total)
    try golden.expect(prefix + "loss1", outcome.aware?.total)
    try golden.expect(prefix + "sign_loss_total", outcome.signLoss)
    try golden.expect(prefix + "total", outcome.loss)
    #expect(Set(outcome.gradients.keys) == Set(network.parameterNames))
    // What is zero but for rounding has no bound, and is not kept.
    for name in golden.outputs(under: prefix + "grad.") {
      try golden.expect(prefix + "grad." + name, outcome.gradients[name])
    }
    try optimizer.apply(outcome.gradients, to: &network.parameters)
    let state = network.parameters.merging(network.buffers) { parameter, _ in parameter }
    for name in golden.outputs(under: prefix + "state.") { try golden.expect(prefix + "state." + name, state[name]) }
  }

  /// Logits and both forms of the regulariser.
  private func expectPass(
    _ network: Network, _ branch: Branch, _ batch: Objective.Batch, isTraining: Bool, _ prefix: String,
    _ suffix: String, _ golden: Golden
  ) throws -> Tensor {
    let forms = [("reg_released", TransformLayer.Regularizer.released), ("reg_correct", .orthogonal)]
    let passes = try forms.map { name, form in
      var network = network
      try network.replaceLayer(at: "fstn", with: TransformLayer(regularizer: form), seed: 1)
      let pass = ForwardPass(
        branch: branch, isTraining: isTraining, parameters: network.parameters, buffers: network.buffers)
      let logits = try network.forward(batch.samples, pass)
      #expect(Set(pass.penalties.keys) == ["fstn"])
      try golden.expect(prefix + name + suffix, pass.penalties["fstn"])
      return logits
    }
    try golden.expect(prefix + "logp" + suffix, passes[0].softmax().logarithm())
    return passes[0]
  }

  private func batch(_ number: Int, _ golden: Golden) throws -> Objective.Batch {
    let prefix = "in.step\(number)."
    return Objective.Batch(
      samples: try golden.tensor(prefix + "points"), labels: try golden.labels(prefix + "target"))
  }
}
