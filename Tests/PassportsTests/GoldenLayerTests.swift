import Networks
import Passports
import Tensors
import Testing
import Training

/// One passport block after the released code: both branches, training and prediction, and every gradient.
struct GoldenLayerTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var weighted: any WeightedLayer
    var normalization: NormalizationKind
    var hasDropout = false
    var form = PassportForm.paper

    var testDescription: String { name }
  }

  private static let ablations = [PassportForm(hasBlock: false), PassportForm(sharesStatistics: true)]

  /// Kind of normalisation, geometry, and the form that the prefix stands for in the released code.
  static let images = [
    ("conv2d_bn", .batch, [311, 321, 120], .paper), ("conv2d_gn", .group, [311, 321, 120], .paper),
    ("conv2d_in", .instance, [321, 120], .paper), ("conv2d_none", .identity, [120], .paper),
    ("conv2d_nose_bn", .batch, [321, 120], ablations[0]), ("conv2d_sbn_se", .batch, [321], ablations[1]),
    ("conv2d_sbn", .batch, [321, 120], .deepIPR), ("baseline_conv2d_bn", .batch, [120], .deepIPR),
    ("baseline_conv2d_gn", .group, [311, 120], .deepIPR), ("v1_conv2d_bn", .batch, [311], .deepIPRSingle),
    ("v1_conv2d_gn", .group, [120], .deepIPRSingle),
  ].flatMap { (name: String, kind: NormalizationKind, geometries: [Int], form: PassportForm) in
    geometries.map { geometry in
      let (kernel, stride, padding) = (geometry / 100, geometry / 10 % 10, geometry % 10)
      return Case(
        name: "\(name)_k\(kernel)s\(stride)p\(padding)",
        weighted: ConvolutionLayer(channels: 32, kernel: kernel, stride: stride, padding: padding),
        normalization: kind, form: form)
    }
  }

  static let clouds = [("conv1d", false), ("fc1", false), ("fc2", true)].flatMap { name, hasDropout in
    let weighted: any WeightedLayer = name == "conv1d" ? Conv1dLayer(channels: 32) : DenseLayer(width: 32)
    let forms: [(String, NormalizationKind, PassportForm)] = [
      ("p3d_\(name)_bn_separate", .batch, .paper), ("p3d_\(name)_gn", .group, .paper),
      ("p3d_\(name)_bn_official", .batch, ablations[1]), ("p3d_baseline_\(name)_gn", .group, .deepIPR),
    ]
    return forms.map { Case(name: $0, weighted: weighted, normalization: $1, hasDropout: hasDropout, form: $2) }
  } + [
    Case(name: "p3d_fc3", weighted: DenseLayer(width: 10), normalization: .identity),
    Case(name: "p3d_baseline_fc3", weighted: DenseLayer(width: 10), normalization: .identity, form: .deepIPR),
  ]

  @Test(arguments: images + clouds)
  func block(_ block: Case) throws {
    let golden = try Golden(block.name)
    var stage = try Stage.input(Shape(golden.tensor("in.x").shape.dropFirst())).appending(block.weighted, path: "conv")
    if block.hasDropout { stage = try stage.appending(DropoutLayer(rate: 0)) }
    stage = try stage.appending(NormalizationLayer(block.normalization), path: "norm")
    // The blocks of images end in a ReLU; those of clouds leave it to the network.
    if block.weighted is ConvolutionLayer { stage = try stage.appending(ReluLayer()) }
    var network = try stage.network(named: "block", seed: 1)
      .protecting(.all, seed: 1, form: block.form)
    for (parameter, input) in Self.parameters where network.parameters[parameter] != nil {
      network.parameters[parameter] = try golden.tensor("in." + input)
    }
    for buffer in network.bufferNames {
      network.buffers[buffer] = try golden.tensor("in." + released(buffer, golden))
    }
    if network.hasFreeBranch { try expectFree(&network, golden) }
    try expectAware(&network, golden)
    try expectPrediction(network, golden)
  }

  /// A buffer as the released code calls it: statistics that both branches share are `bn` in some blocks.
  private func released(_ buffer: String, _ golden: Golden) -> String {
    let name = String(buffer.dropFirst("norm.".count))
    return golden.inputs.entry("in." + name) == nil ? name.replacing("bn0.", with: "bn.") : name
  }

  private static let parameters = [
    "conv.weight": "weight", "conv.bias": "linear.bias", "norm.scale": "gamma0", "norm.bias": "beta0",
    "norm.fc.0.weight": "fc.0.weight", "norm.fc.2.weight": "fc.2.weight",
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
    let branch = block.hasFreeBranch ? "1" : ""
    let pass = ForwardPass(
      branch: .aware(try passports.patches(in: block)), isTraining: true, parameters: tracked, buffers: block.buffers)
    let y = try block.forward(x, pass)
    let reading = try #require(pass.readings["norm"])
    let signLoss = try Objective().signLoss(reading, passports[0].signature)
    let loss = try (y * golden.tensor("in.r1")).sum() + signLoss
    try golden.expect("out.train\(branch).y", y)
    try golden.expect("out.train\(branch).loss", loss)
    try golden.expect("out.w_gamma", reading.scale)
    try golden.expect("out.w_beta", reading.shift)
    try golden.expect("out.gamma1", blockOutput(reading.scale, tracked))
    try golden.expect("out.beta1", blockOutput(reading.shift, tracked))
    try golden.expect("out.sign_loss", signLoss)
    let signature = passports[0].signature
    try golden.expect("out.sign_acc", Float(signature.matches(reading.scale)) / Float(signature.signs.count))
    let others = ["x": x, "key": passports[0].shift, "skey": passports[0].scale]
    try expectGradients(of: loss, "out.grad\(branch).", tracked, others, golden)
    block.buffers = pass.buffers
    try expectStatistics(block, "out.stats_after_train\(branch).", golden)
  }

  private func expectPrediction(_ block: Network, _ golden: Golden) throws {
    let aware = Branch.aware(try passports(golden).patches(in: block))
    let branches = block.hasFreeBranch ? [("0", .free), ("1", aware)] : [("", aware)]
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

  /// The FC block by its formula, where there is one.
  private func blockOutput(_ w: Tensor, _ parameters: [String: Tensor]) throws -> Tensor {
    guard let first = parameters["norm.fc.0.weight"] else { return w }
    let second = try #require(parameters["norm.fc.2.weight"])
    return try Tensor.matrixProduct(second, Tensor.matrixProduct(first, w).leakyRelu())
  }

  /// Every stored gradient agrees, and what has none there is not reached here.
  private func expectGradients(
    of loss: Tensor, _ prefix: String, _ parameters: [String: Tensor], _ others: [String: Tensor], _ golden: Golden
  ) throws {
    var variables = others
    for (parameter, name) in Self.parameters where parameters[parameter] != nil {
      variables[name] = parameters[parameter]
    }
    let stored = golden.outputs(under: prefix)
    #expect(stored.isSubset(of: variables.keys))
    for (name, variable) in variables {
      let gradient = try loss.reachedGradients(by: [variable])[0]
      if stored.contains(name) {
        try golden.expect(prefix + name, gradient)
      } else if name == "linear.bias" {
        // A batch normalisation behind it takes it out again, up to rounding.
        #expect(try #require(gradient).absolute().maximum().scalar() < 1e-4)
      } else {
        #expect(gradient == nil, "\(name) receives no gradient")
      }
    }
  }

  private func expectStatistics(_ block: Network, _ prefix: String, _ golden: Golden) throws {
    let kept = golden.outputs(under: prefix)
    // Where the branches share their statistics, some released blocks keep a second set that they never touch.
    #expect(kept.isSuperset(of: block.bufferNames.map { released($0, golden) }))
    for name in block.bufferNames { try golden.expect(prefix + released(name, golden), block.buffers[name]) }
  }
}
