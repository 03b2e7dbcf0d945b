import Networks
import Ownership
import Passports
import Tensors
import Testing
import Training

@testable import Attacks

/// Obfuscation leaves what a network computes, and nothing of its signature.
@Suite struct ObfuscationTests {
  typealias Architecture = ObfuscationSetting.Architecture

  static let options: [(name: String, attack: Obfuscation)] = [
    ("flips", Obfuscation(permutation: false, scaling: false, seed: 5)),
    ("permutation", Obfuscation(signFlips: false, scaling: false, seed: 5)),
    ("scaling", Obfuscation(signFlips: false, permutation: false, seed: 5)),
    ("folding", Obfuscation(signFlips: false, permutation: false, scaling: false, folding: true, seed: 5)),
    ("dummies", Obfuscation(signFlips: false, permutation: false, scaling: false, dummies: 5, seed: 5)),
    ("without folding", Obfuscation(dummies: 5, seed: 5)),
    ("without dummies", Obfuscation(folding: true, seed: 5)),
    ("twins", Obfuscation(signFlips: false, permutation: false, scaling: false, dummies: 32, twins: true, seed: 5)),
    ("all with twins", Obfuscation(folding: true, dummies: 24, twins: true, seed: 5)),
    ("all", Obfuscation(folding: true, dummies: 5, seed: 5)),
  ]

  @Test(arguments: Architecture.allCases) func logitsStayTheSame(architecture: Architecture) throws {
    let setting = try ObfuscationSetting(architecture)
    let samples = try ObfuscationSetting.samples(shape: setting.released.inputShape)
    let own = try Predictor(setting.released).logits(samples).elements
    for (name, attack) in Self.options {
      let suspect = try attack.apply(to: setting.released).network
      #expect(try suspect.deviation(from: own, on: samples) < 1e-5, "\(name)")
      #expect(suspect.parameters.mapValues(\.elements) != setting.released.parameters.mapValues(\.elements))
      // More channels do not even fit the claim.
      guard attack.dummies == 0 else {
        #expect(throws: NetworkError.self) { try Verification(suspect, claim: setting.claim) }
        continue
      }
      guard name != "scaling", name != "folding" else { continue }
      // Four standard deviations of a coin on either side of one half.
      let found = try Verification(suspect, claim: setting.claim)
      #expect(abs(found.signature - 0.5) < 2 / Double(found.bits).squareRoot(), "\(name)")
      #expect(try Verification(setting.released, claim: setting.claim).signature == 1)
    }
  }

  /// Layer by layer as well as fused.
  @Test func theReferencePathAgrees() throws {
    let setting = try ObfuscationSetting(.resnet18)
    let samples = try ObfuscationSetting.samples(shape: setting.released.inputShape, count: 32)
    let suspect = try Obfuscation(folding: true, dummies: 3, seed: 1).apply(to: setting.released).network
    let own = try Predictor(setting.released).logits(samples).elements
    let pass = ForwardPass(parameters: suspect.parameters, buffers: suspect.buffers)
    let found = try suspect.forward(samples.tensor, pass).elements
    let largest = own.reduce(0) { max($0, $1.magnitude) }
    #expect(zip(own, found).allSatisfy { ($0 - $1).magnitude < 1e-5 * largest })
  }

  @Test(arguments: [NormalizationKind.group, .layer, .instance]) func otherNormalizations(
    kind: NormalizationKind
  ) throws {
    // Instance normalisation needs more than one position, and groups divisible widths.
    let released = try ObfuscationSetting.released(
      AlexNet.make(
        classes: 8, input: [1, 16, 16], normalization: kind, widths: [32, 48, 64, 48, 48], seed: 3), seed: 3)
    let samples = try ObfuscationSetting.samples(shape: released.inputShape, count: 200)
    let own = try Predictor(released).logits(samples).elements
    let outcome = try Obfuscation(folding: true, dummies: 20, seed: 2).apply(to: released)
    #expect(try outcome.network.deviation(from: own, on: samples) < 1e-5)
    for line in [
      "no scaling of rows: a normalisation within samples does not scale its ε along",
      "no folding: \(kind.rawValue) normalisation takes its moments of each sample",
    ] {
      #expect(outcome.skipped.contains("features.0.conv: " + line))
    }
    let channels = outcome.network.node(at: "features.2")?.shape[0]
    #expect(channels == [.group: 64, .layer: 48, .instance: 68][kind])

    // Signs of the rows: 16 by 16, all together, or each for itself.
    let flipped = try Obfuscation(permutation: false, scaling: false, seed: 3).apply(to: released).network
    let block = [.group: 16, .layer: 48, .instance: 1][kind] ?? 1
    let ownRows = try Self.rows("features.2.conv.weight", released)
    let flippedRows = try Self.rows("features.2.conv.weight", flipped)
    let signs = zip(ownRows, flippedRows).map { $0 == $1 ? 1 : -1 }
    #expect(zip(ownRows, flippedRows).allSatisfy { own, row in own == row || own == row.map { -$0 } })
    for first in stride(from: 0, to: 48, by: block) {
      #expect(Set(signs[first..<first + block]).count == 1)
    }
    if kind != .layer { #expect(Set(signs).count == 2) }

    // Orders: whole groups, and within them.
    let permuted = try Obfuscation(signFlips: false, scaling: false, seed: 2).apply(to: released).network
    let first = try Self.rows("features.0.conv.weight", released)
    let order = try Self.rows("features.0.conv.weight", permuted).map { row in try #require(first.firstIndex(of: row)) }
    #expect(order != Array(0..<32) && Set(order).count == 32)
    let groups = [Set(order[..<16].map { $0 / 16 }).count, Set(order[16...].map { $0 / 16 }).count]
    #expect(groups == (kind == .group ? [1, 1] : [2, 2]))
  }

  static func rows(_ name: String, _ network: Network) throws -> [[Float]] {
    let weight = try #require(network.parameters[name])
    let length = weight.count / weight.shape[0]
    let elements = weight.elements
    return (0..<weight.shape[0]).map { Array(elements[$0 * length..<($0 + 1) * length]) }
  }

  /// What a script can compose beyond the zoo: joined channels, a normalised vector of a flattened image, average
  /// pools, leaky ReLUs, a convolution without a normalisation, sums of joined channels.
  @Test func whatScriptsCompose() throws {
    let input = try Stage.input([3, 8, 8])
    let left = try input.appending(ConvolutionLayer(channels: 16, kernel: 3, hasBias: true))
      .appending(LeakyReluLayer()).appending(AveragePoolLayer(PoolingWindow(kernel: 2)))
    let right = try input.appending(ConvolutionLayer(channels: 16, kernel: 3, stride: 2))
      .appending(NormalizationLayer()).appending(ReluLayer())
    let joined = try left.appending(ConcatenateLayer(), others: [right])
    let network = try joined.appending(NormalizationLayer())
      .appending(AddLayer(), others: [joined])
      .appending(ConvolutionLayer(channels: 16, kernel: 3)).appending(ConvolutionLayer(channels: 24, kernel: 1))
      .appending(NormalizationLayer())
      .appending(ReluLayer()).appending(FlattenLayer()).appending(NormalizationLayer())
      .appending(DenseLayer(width: 32)).appending(ReluLayer()).appending(DenseLayer(width: 8))
      .network(named: "composed", seed: 4)
    try Self.checkAll(network)
  }

  @Test func pointNetWithNeighbourhoodsAndVGG() throws {
    let cloud = try Stage.input([3, 24])
    let centres = try cloud.appending(FarthestPointsLayer(count: 8))
    let network = try cloud.appending(NeighboursLayer(radius: 1, count: 4), others: [centres])
      .appending(ConvolutionLayer(channels: 16, kernel: 1)).appending(NormalizationLayer()).appending(ReluLayer())
      .appending(LocalMaximumLayer())
      .appending(Conv1dLayer(channels: 32)).appending(NormalizationLayer()).appending(ReluLayer())
      .appending(GlobalPoolLayer(takesMaximum: true)).appending(DenseLayer(width: 8))
      .network(named: "abstraction", seed: 4)
    try Self.checkAll(network)
    try Self.checkAll(
      VGG.make(.eleven, classes: 8, input: [1, 32, 32], widths: Array(repeating: 16, count: 8), seed: 4))
  }

  private static func checkAll(_ network: Network) throws {
    let released = try ObfuscationSetting.released(network, seed: 6)
    let samples = try ObfuscationSetting.samples(shape: released.inputShape, count: 100)
    let own = try Predictor(released).logits(samples).elements
    for (name, attack) in options {
      let suspect = try attack.apply(to: released).network
      #expect(try suspect.deviation(from: own, on: samples) < 1e-5, "\(network.name): \(name)")
    }
  }

  @Test func aSeedFixesEverything() throws {
    let released = try ObfuscationSetting(.pointnet).released
    func contents(_ seed: UInt64) throws -> [String: [Float]] {
      try Obfuscation(folding: true, dummies: 2, seed: seed).apply(to: released).network.contents { _ in true }
    }
    #expect(try contents(1) == contents(1))
    #expect(try contents(1) != contents(2))
  }

  @Test func whatCannotBeDoneIsRefused() throws {
    let dense = try Stage.input([4]).appending(DenseLayer(width: 3), path: "only").network(named: "line", seed: 1)
    let nothing = #expect(throws: NetworkError.self) { try Obfuscation(seed: 1).apply(to: dense) }
    #expect(nothing?.message == "obfuscate: nothing of this can be done to line without changing what it computes")
    let off = #expect(throws: NetworkError.self) {
      try Obfuscation(signFlips: false, permutation: false, scaling: false, seed: 1).apply(to: dense)
    }
    #expect(off?.message == "obfuscate: everything is switched off")
    for count in [-1, 4097] {
      #expect(throws: NetworkError.self) { try Obfuscation(dummies: count, seed: 1).apply(to: dense) }
    }
    var broken = try ObfuscationSetting(.alexnet).released
    broken.parameters["classifier.bias"] = try Tensor(repeating: .nan, shape: [8])
    let numbers = #expect(throws: NetworkError.self) { try Obfuscation(seed: 1).apply(to: broken) }
    #expect(numbers?.message == "obfuscate: classifier.bias holds values that are no numbers")
  }
}
