import Execution
import Networks
import Passports
import Tensors
import Testing

/// The fused path must agree with the layers' own `forward` and its gradients, network by network.
@Suite struct FusionTests {
  /// Two programs in float32 that sum in another order, through up to twenty layers: measured below a tenth of this.
  static let tolerance = 1e-4
  static let cancellation: Float = 1e-2

  private func expectAgreement(
    _ network: Network, samples: Int = 5, branches: [Branch]? = nil, isTraining: Bool = true,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let network = try network.enlivened()
    let batch = try Tensor.random([samples] + network.inputShape, seed: 1)
    let branches = try branches ?? network.testBranches()
    let fused = Executor(network)
    #expect(fused.isFused, sourceLocation: sourceLocation)
    let exact = try Computed(
      network, batch, Executor(network, isExact: true), branches: branches, isTraining: isTraining)
    let fast = try Computed(network, batch, fused, branches: branches, isTraining: isTraining)
    for (index, output) in fast.outputs.enumerated() {
      let deviation = output.deviation(from: exact.outputs[index])
      #expect(deviation < Self.tolerance, "output of branch \(index): \(deviation)", sourceLocation: sourceLocation)
    }
    #expect(Set(fast.buffers.keys) == Set(exact.buffers.keys), sourceLocation: sourceLocation)
    for (name, buffer) in exact.buffers {
      let deviation = fast.buffers[name]?.deviation(from: buffer) ?? .infinity
      #expect(deviation < Self.tolerance, "\(name): \(deviation)", sourceLocation: sourceLocation)
    }
    #expect(Set(fast.gradients.keys) == Set(exact.gradients.keys), sourceLocation: sourceLocation)
    // A gradient much smaller than the largest is what is left of larger ones that cancel, and so is its error.
    let floor = exact.gradients.values.reduce(0) { max($0, $1.largest) } * Self.cancellation
    for (name, gradient) in exact.gradients {
      let deviation = fast.gradients[name]?.deviation(from: gradient, floor: floor) ?? .infinity
      #expect(deviation < Self.tolerance, "gradient of \(name): \(deviation)", sourceLocation: sourceLocation)
    }
    let predicted = try Computed(
      network, batch, fused, branches: branches, isTraining: isTraining, wantsGradients: false)
    for (index, output) in predicted.outputs.enumerated() {
      #expect(output.deviation(from: fast.outputs[index]) < 1e-6, sourceLocation: sourceLocation)
    }
  }

  private func alexnet(_ kind: NormalizationKind = .batch) throws -> Network {
    try AlexNet.make(
      classes: 10, input: [3, 16, 16], normalization: kind, widths: [16, 32, 48, 32, 32], seed: 1)
  }

  @Test func plainAlexNet() throws { try expectAgreement(alexnet()) }

  @Test(arguments: [NormalizationKind.batch, .group, .instance, .layer])
  func protectedAlexNet(_ kind: NormalizationKind) throws {
    try expectAgreement(alexnet(kind).protecting(.all, seed: 2))
  }

  @Test func passportsOnTheLastLayers() throws {
    try expectAgreement(alexnet().protecting(.numbered([4, 5, 6]), seed: 2))
  }

  @Test func oneBranchAlone() throws {
    let network = try alexnet().protecting(.all, seed: 2)
    for branch in try network.testBranches() { try expectAgreement(network, branches: [branch]) }
  }

  @Test func evaluationTakesRunningStatistics() throws {
    var network = try alexnet().protecting(.all, seed: 2)
    for (name, tensor) in network.buffers {
      let noise = try Tensor.random(tensor.shape, seed: 8) * Tensor(0.3)
      network.buffers[name] = try tensor + noise
    }
    try expectAgreement(network, isTraining: false)
  }

  /// Odd sizes, channels that fill no vector, a projected shortcut, and one without passports.
  @Test func residualBlocks() throws {
    func block(_ stage: Stage, _ channels: Int, stride: Int, relus: Bool) throws -> Stage {
      var main = try stage.appending(ConvolutionLayer(channels: channels, kernel: 3, stride: stride))
        .appending(NormalizationLayer()).appending(ReluLayer())
        .appending(ConvolutionLayer(channels: channels, kernel: 3)).appending(NormalizationLayer())
      if relus { main = try main.appending(ReluLayer()) }
      var shortcut = stage
      if stride > 1 {
        shortcut = try stage.appending(ConvolutionLayer(channels: channels, kernel: 1, stride: stride, padding: 0))
          .appending(NormalizationLayer())
        if relus { shortcut = try shortcut.appending(ReluLayer()) }
      }
      return try main.appending(AddLayer(), others: [shortcut]).appending(ReluLayer())
    }
    for relus in [false, true] {
      var stage = try Stage.input([3, 13, 11]).appending(ConvolutionLayer(channels: 10, kernel: 3))
        .appending(NormalizationLayer()).appending(ReluLayer())
      stage = try block(stage, 10, stride: 1, relus: relus)
      stage = try block(stage, 20, stride: 2, relus: relus)
      stage = try block(stage, 20, stride: 1, relus: relus)
      let network = try stage.appending(GlobalPoolLayer(takesMaximum: false)).appending(DenseLayer(width: 7))
        .network(named: "residual", seed: 4)
      try expectAgreement(network)
      try expectAgreement(network.protecting(.all, seed: 1))
      let last = network.nodes.last { $0.layer is NormalizationLayer }
      try expectAgreement(network.protecting(.named([last?.path ?? ""]), seed: 1))
    }
  }

  /// Every layer that is not part of a fused pattern.
  @Test func layersThatStandAlone() throws {
    let input = try Stage.input([5, 9, 10])
    let left = try input.appending(ConvolutionLayer(channels: 9, kernel: 3, hasBias: true)).appending(ReluLayer())
      .appending(MaxPoolLayer(PoolingWindow(kernel: 3, stride: 2, padding: 1)))
    let right = try input.appending(NormalizationLayer(.instance)).appending(LeakyReluLayer(slope: 0.2))
      .appending(AveragePoolLayer(PoolingWindow(kernel: 3, stride: 2, padding: 1)))
    let both = try left.appending(ConcatenateLayer(), others: [right]).appending(DropoutLayer(rate: 0.3))
    let pooled = try both.appending(GlobalPoolLayer(takesMaximum: true))
    let flat = try both.appending(FlattenLayer()).appending(ReluLayer()).appending(DenseLayer(width: 14))
    let network = try flat.appending(AddLayer(), others: [pooled]).appending(ReluLayer())
      .appending(NormalizationLayer()).appending(DenseLayer(width: 8, hasBias: false))
      .network(named: "alone", seed: 6)
    try expectAgreement(network)
    try expectAgreement(network, samples: 2, isTraining: false)
  }

  @Test(arguments: [NormalizationKind.batch, .group])
  func pointNet(_ kind: NormalizationKind) throws {
    let network = try PointNet.make(
      classes: 12, points: 33, normalization: kind, widths: [16, 32, 48, 32, 16], seed: 3)
    // Few clouds would make the moments behind the maximum, over samples alone, ill-conditioned.
    try expectAgreement(network, samples: 16)
    try expectAgreement(network.protecting(.all, seed: 1), samples: 16)
    try expectAgreement(network.protecting(.all, seed: 1), samples: 16, isTraining: false)
  }

  @Test func oneSample() throws {
    try expectAgreement(alexnet(.group).protecting(.all, seed: 2), samples: 1)
  }
}
