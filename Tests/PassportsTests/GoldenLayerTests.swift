import Networks
import Passports
import Tensors
import Testing
import Training

/// One passport block after the released code: both branches, training and prediction, and every gradient.
struct GoldenLayerTests {
  static let cases = ["bn", "gn"].flatMap { norm in
    [(3, 1, 1), (3, 2, 1), (1, 2, 0)].map { kernel, stride, padding in
      (name: "conv2d_\(norm)_k\(kernel)s\(stride)p\(padding)", norm, kernel, stride, padding)
    }
  }

  @Test(arguments: cases)
  func block(name: String, norm: String, kernel: Int, stride: Int, padding: Int) throws {
    let golden = try Golden(name)
    let kind = norm == "bn" ? NormalizationKind.batch : .group
    var block = try Stage.input([16, 8, 8])
      .appending(ConvolutionLayer(channels: 32, kernel: kernel, stride: stride, padding: padding), path: "conv")
      .appending(NormalizationLayer(kind), path: "norm")
      .appending(ReluLayer())
      .network(named: "block", seed: 1)
      .protecting(.all, seed: 1)
    for (parameter, input) in Self.parameters { block.parameters[parameter] = try golden.tensor("in." + input) }
    for buffer in block.bufferNames {
      block.buffers[buffer] = try golden.tensor("in." + buffer.dropFirst("norm.".count))
    }
    try expectFree(&block, golden)
    try expectAware(&block, golden)
    try expectPrediction(block, golden)
  }

  private static let parameters = [
    "conv.weight": "weight", "norm.scale": "gamma0", "norm.bias": "beta0", "norm.fc.0.weight": "fc.0.weight",
    "norm.fc.2.weight": "fc.2.weight",
  ]

  private func expectFree(_ block: inout Network, _ golden: Golden) throws {
    let x = try golden.tensor("in.x").tracked
    let tracked = block.parameters.mapValues(\.tracked)
    let pass = ForwardPass(isTraining: true, parameters: tracked, buffers: block.buffers)
    let y = try block.forward(x, pass)
    let loss = try (y * golden.tensor("in.r0")).sum()
    try golden.expect("out.train0.y", y)
    try golden.expect("out.train0.loss", loss)
    try expectGradients(of: loss, "out.grad0.", tracked, ["x": x], golden)
    block.buffers = pass.buffers
    try expectStatistics(block, "out.stats_after_train0.", golden)
  }

  private func expectAware(_ block: inout Network, _ golden: Golden) throws {
    let x = try golden.tensor("in.x").tracked
    let tracked = block.parameters.mapValues(\.tracked)
    let passports = try passports(golden)
    let pass = ForwardPass(
      branch: .aware(try passports.patches(in: block)), isTraining: true, parameters: tracked, buffers: block.buffers)
    let y = try block.forward(x, pass)
    let reading = try #require(pass.readings["norm"])
    let signLoss = try Objective().signLoss(reading, passports[0].signature)
    let loss = try (y * golden.tensor("in.r1")).sum() + signLoss
    try golden.expect("out.train1.y", y)
    try golden.expect("out.train1.loss", loss)
    try golden.expect("out.w_gamma", reading.scale)
    try golden.expect("out.w_beta", reading.shift)
    try golden.expect("out.gamma1", blockOutput(reading.scale, tracked))
    try golden.expect("out.beta1", blockOutput(reading.shift, tracked))
    try golden.expect("out.sign_loss", signLoss)
    let signature = passports[0].signature
    try golden.expect("out.sign_acc", Float(signature.matches(reading.scale)) / Float(signature.signs.count))
    let others = ["x": x, "key": passports[0].shift, "skey": passports[0].scale]
    try expectGradients(of: loss, "out.grad1.", tracked, others, golden)
    block.buffers = pass.buffers
    try expectStatistics(block, "out.stats_after_train1.", golden)
  }

  private func expectPrediction(_ block: Network, _ golden: Golden) throws {
    let branches: [(String, Branch)] = [("0", .free), ("1", .aware(try passports(golden).patches(in: block)))]
    for (name, branch) in branches {
      let pass = ForwardPass(branch: branch, parameters: block.parameters, buffers: block.buffers)
      try golden.expect("out.eval\(name).y", block.forward(golden.tensor("in.x"), pass))
    }
  }

  private func passports(_ golden: Golden) throws -> [IssuedPassport] {
    [
      IssuedPassport(
        path: "norm", source: "conv", scale: try golden.tensor("in.skey").tracked,
        shift: try golden.tensor("in.key").tracked, signature: Signature(signs: try golden.tensor("in.b").elements))
    ]
  }

  /// The FC block by its formula.
  private func blockOutput(_ w: Tensor, _ parameters: [String: Tensor]) throws -> Tensor {
    let first = try #require(parameters["norm.fc.0.weight"])
    let second = try #require(parameters["norm.fc.2.weight"])
    return try Tensor.matrixProduct(second, Tensor.matrixProduct(first, w).leakyRelu())
  }

  /// Every stored gradient agrees, and what has none there is not reached here.
  private func expectGradients(
    of loss: Tensor, _ prefix: String, _ parameters: [String: Tensor], _ others: [String: Tensor], _ golden: Golden
  ) throws {
    var variables = others
    for (parameter, name) in Self.parameters { variables[name] = parameters[parameter] }
    let stored = golden.outputs(under: prefix)
    #expect(stored.isSubset(of: variables.keys))
    for (name, variable) in variables {
      let gradient = try loss.reachedGradients(by: [variable])[0]
      if stored.contains(name) {
        try golden.expect(prefix + name, gradient)
      } else {
        #expect(gradient == nil, "\(name) receives no gradient")
      }
    }
  }

  private func expectStatistics(_ block: Network, _ prefix: String, _ golden: Golden) throws {
    #expect(Set(block.bufferNames) == Set(golden.outputs(under: prefix).map { "norm." + $0 }))
    for name in golden.outputs(under: prefix) { try golden.expect(prefix + name, block.buffers["norm." + name]) }
  }
}
