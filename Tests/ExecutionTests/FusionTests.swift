@testable import Execution
import Kernels
import Networks
import Passports
import Tensors
import Testing

/// The fused path must agree with the layers' own `forward` and its gradients, network by network.
@Suite struct FusionTests {
  /// Winograd's transforms have relative errors of about this (Kernels/README.md): an input or weight that is off by so
  /// much must have the same effect.
  static let kernelError: Float = 4e-6

  private func expectAgreement(
    _ network: Network, samples: Int = 5, branches: [Branch]? = nil, isTraining: Bool = true,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let network = try network.enlivened()
    let batch = try Tensor.random([samples] + network.inputShape, seed: 1)
    let branches = try branches ?? network.testBranches()
    let fused = Executor(network), reference = Executor(network, isExact: true)
    #expect(fused.isFused, sourceLocation: sourceLocation)
    func compute(_ network: Network, _ batch: Tensor, _ executor: Executor, gradients: Bool = true) throws -> Computed {
      try Computed(network, batch, executor, branches: branches, isTraining: isTraining, wantsGradients: gradients)
    }
    let exact = try compute(network, batch, reference)
    // How far the reference itself moves: what a tensor may deviate is five times that.
    let moved = try (0..<4).map { draw in
      try compute(
        network.disturbed(by: Self.kernelError, seed: draw), batch.disturbed(by: Self.kernelError, seed: draw),
        reference)
    }
    let fast = try compute(network, batch, fused)
    for (name, expected) in exact.named {
      let found = try #require(fast.named[name], "\(name) was not computed", sourceLocation: sourceLocation)
      let movement = moved.compactMap { $0.named[name] }.reduce(0) { max($0, $1.distance(to: expected)) }
      let bound = 5 * movement + Self.kernelError * expected.largest
      let distance = found.distance(to: expected)
      #expect(distance <= bound, "\(name): \(distance), allowed are \(bound)", sourceLocation: sourceLocation)
    }
    #expect(Set(fast.named.keys) == Set(exact.named.keys), sourceLocation: sourceLocation)
    try expectPrediction(network, batch, branches, sourceLocation)
  }

  /// Each branch alone, without gradients, where normalisations are folded into the weights.
  private func expectPrediction(
    _ network: Network, _ batch: Tensor, _ branches: [Branch], _ sourceLocation: SourceLocation
  ) throws {
    for branch in branches {
      func predict(_ network: Network, _ batch: Tensor, isExact: Bool) throws -> Tensor {
        try Computed(
          network, batch, Executor(network, isExact: isExact), branches: [branch], isTraining: false,
          wantsGradients: false).outputs[0]
      }
      let exact = try predict(network, batch, isExact: true)
      let moved = try (0..<4).map {
        try predict(
          network.disturbed(by: Self.kernelError, seed: $0), batch.disturbed(by: Self.kernelError, seed: $0),
          isExact: true)
      }
      let bound = 5 * moved.reduce(0) { max($0, $1.distance(to: exact)) } + Self.kernelError * exact.largest
      let distance = try predict(network, batch, isExact: false).distance(to: exact)
      #expect(distance <= bound, "prediction: \(distance), allowed are \(bound)", sourceLocation: sourceLocation)
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
    try expectAgreement(network)
    try expectAgreement(network.protecting(.all, seed: 1))
    try expectAgreement(network.protecting(.all, seed: 1), isTraining: false)
  }

  /// Neighbourhoods around points, then around centres with features of each branch's own.
  @Test func setAbstraction() throws {
    let network = try Network.setAbstraction()
    try expectAgreement(network)
    try expectAgreement(network.protecting(.all, seed: 1))
    try expectAgreement(network.protecting(.named(["norm2"]), seed: 1), samples: 1)
    try expectAgreement(network.protecting(.all, seed: 1), isTraining: false)
  }

  /// Centres that depend on parameters: gradients flow to the coordinates through both the points and the centres.
  @Test func neighbourhoodsOfMappedClouds() throws {
    let cloud = try TransformNet(widths: [8, 8, 8, 8, 8]).append(to: Stage.input([3, 24]))
    let centres = try cloud.appending(FarthestPointsLayer(count: 6))
    let network = try cloud.appending(NeighboursLayer(radius: 1, count: 4), others: [centres, cloud])
      .appending(ConvolutionLayer(channels: 16, kernel: 1)).appending(NormalizationLayer()).appending(ReluLayer())
      .appending(LocalMaximumLayer()).appending(GlobalPoolLayer(takesMaximum: true)).appending(DenseLayer(width: 6))
      .network(named: "mapped", seed: 3)
    try expectAgreement(network)
    try expectAgreement(network.protecting(.all, seed: 1))
  }

  @Test func vgg() throws {
    let network = try VGG.make(.eleven, classes: 10, widths: [16, 16, 16, 16, 32, 32, 16, 16], seed: 3)
    try expectAgreement(network.protecting(.all, seed: 1))
  }

  @Test func oneSample() throws {
    try expectAgreement(alexnet(.group).protecting(.all, seed: 2), samples: 1)
  }
}

extension FusionTests {
  /// What is left in a pass (the penalties of transforms) depends on the run, and must not be held by it.
  @Test func aRunIsLetGoWithItsResults() throws {
    let network = try PointNet.make(classes: 8, points: 16, widths: [16, 16, 32, 16, 16], seed: 3)
    let program = try #require(Fusion.program(of: network))
    let parameters = network.parameters.mapValues(\.tracked)
    let batch = try Tensor.random([4, 3, 16], seed: 1)
    weak var held: Run?
    do {
      let pass = ForwardPass(isTraining: true, parameters: parameters, buffers: network.buffers)
      let affines = try Affines(program, [pass])
      let extent = Extent(samples: 4, branches: 1, isTraining: true, isDifferentiated: true)
      let run = try Run(program, extent, passes: [pass], affines: affines)
      held = run
      run.load(batch)
      try run.forward()
      let outputs = try run.outputs().differentiable(by: affines.tensors) { gradient in
        try run.backward(from: gradient)
        return affines.slots.map { run.affineGradients[$0] }
      }
      _ = try run.distribute(outputs, shape: network.outputShape, to: [pass])
      #expect(!pass.penalties.isEmpty)
    }
    #expect(held == nil)
  }
}
