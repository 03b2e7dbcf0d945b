import Networks
import Ownership
import Passports
import Tensors
import Testing
import Training

@testable import Attacks

/// Scales and shifts trained through an emulation block (CERB and IERB).
@Suite struct EmulationTests {
  private let setting: ForgerySetting

  init() throws { setting = try ForgerySetting() }

  private func training(
    _ block: EmulationBlock, layers: LayerSelection = .all, change: (inout ForgerySettings) -> Void = { _ in }
  ) throws -> EmulationTraining {
    var settings = setting.settings()
    change(&settings)
    return try EmulationTraining(setting.suspect, layers: layers, block: block, settings: settings)
  }

  /// γ'' by hand, in Double.
  @Test(arguments: EmulationBlock.allCases)
  func blocksComputeWhatIsPublished(block: EmulationBlock) throws {
    let channels = 24
    let variables = try block.variables(channels: channels, path: "norm", seed: 3)
    let shapes: [String: Shape] =
      block == .collective
      ? ["first.weight": [3, 24], "first.bias": [3], "second.weight": [24, 3], "second.bias": [24]]
      : ["first.weight": [24, 10], "first.bias": [24, 10], "second.weight": [24, 10], "second.bias": [24]]
    #expect(variables.mapValues(\.shape) == shapes)
    func values(_ name: String) throws -> [Double] { try #require(variables[name]).elements.map(Double.init) }
    let bounds = block == .collective ? (1 / 24.0.squareRoot(), 1 / 3.0.squareRoot()) : (1, 1 / 10.0.squareRoot())
    #expect(try values("first.weight").allSatisfy { abs($0) <= bounds.0 })
    #expect(try values("second.bias").allSatisfy { abs($0) <= bounds.1 })
    let scale = (0..<channels).map { 0.1 * Float($0) - 1 }
    let (first, firstBias) = try (values("first.weight"), values("first.bias"))
    let (second, secondBias) = try (values("second.weight"), values("second.bias"))
    func leaky(_ x: Double) -> Double { x > 0 ? x : 0.01 * x }
    let expected = (0..<channels).map { channel in
      var sum = Double(scale[channel]) + secondBias[channel]
      if block == .collective {
        for row in 0..<3 {
          let inner = (0..<channels).reduce(firstBias[row]) { $0 + first[row * channels + $1] * Double(scale[$1]) }
          sum += second[channel * 3 + row] * leaky(inner)
        }
      } else {
        for unit in channel * 10..<(channel + 1) * 10 {
          sum += second[unit] * leaky(first[unit] * Double(scale[channel]) + firstBias[unit])
        }
      }
      return sum
    }
    let found = try block.emulate(Tensor(scale, shape: [channels])) { try #require(variables[$0]) }
    #expect(zip(found.elements, expected).allSatisfy { abs(Double($0) - $1) < 1e-6 })
  }

  /// γ, β, and the block: C + C + (2 C · C/8 + C/8 + C), or C + C + 31 C, in five layers of 16 channels.
  @Test(arguments: [(EmulationBlock.collective, 114), (.individual, 528)])
  func asManyNumbersAsPublishedAreTrained(block: EmulationBlock, count: Int) throws {
    let training = try training(block)
    #expect(training.variableCount == 5 * count)
    #expect(training.layers == ["features.0", "features.2", "features.4", "features.5", "features.6"])
  }

  @Test(arguments: EmulationBlock.allCases)
  func nothingButScalesAndShiftsMoves(block: EmulationBlock) throws {
    var training = try training(block, layers: .named(["features.2", "features.5"]))
    try training.run(on: setting.samples)
    let network = try training.network()
    func isAttacked(_ name: String) -> Bool {
      ["features.2.bn.weight", "features.2.bn.bias", "features.5.bn.weight", "features.5.bn.bias"].contains(name)
    }
    #expect(network.contents { !isAttacked($0) } == setting.suspect.contents { !isAttacked($0) })
    let (found, own) = (network.contents(where: isAttacked), setting.suspect.contents(where: isAttacked))
    #expect(found.count == 4 && found.allSatisfy { $0.value != own[$0.key] })
  }

  /// The emulated network computes what the trained scales and moved statistics do.
  @Test func movedStatisticsAreWrittenIntoScaleAndShift() throws {
    var settings = setting.settings(epochs: 3)
    settings.isExact = true
    var training = try EmulationTraining(setting.suspect, block: .collective, settings: settings)
    var buffers = setting.suspect.buffers
    for _ in 0..<3 {
      _ = try training.step(setting.batch)
      buffers = training.buffers
    }
    #expect(buffers["features.4.bn.running_mean"]?.elements != setting.suspect.buffers["features.4.bn.running_mean"]?.elements)
    var moved = setting.suspect
    for (name, tensor) in try training.affines(training.variables) { moved.parameters[name] = tensor.detached }
    moved.buffers = buffers
    let expected = try Predictor(moved).logits(setting.samples).elements
    let found = try Predictor(training.network()).logits(setting.samples).elements
    let largest = expected.reduce(0) { max($0, abs($1)) }
    #expect(zip(expected, found).allSatisfy { abs($0 - $1) < 1e-5 * largest })
    // A factor above zero takes no sign.
    for path in training.layers {
      let (raw, written) = try (
        #require(moved.parameters[path + ".bn.weight"]), #require(training.network().parameters[path + ".bn.weight"])
      )
      #expect(zip(raw.elements, written.elements).allSatisfy { $0 * $1 > 0 })
    }
  }

  /// Against a central difference along the gradient, for each variable of each layer.
  @Test(arguments: EmulationBlock.allCases)
  func gradientsAreTheSlopeOfTheLoss(block: EmulationBlock) throws {
    func fresh() throws -> EmulationTraining {
      try training(block) {
        $0.clip = .infinity
        $0.isExact = true
      }
    }
    var fused = try training(block) { $0.clip = .infinity }
    let gradients = try fused.step(setting.batch).gradients
    let names = try fresh().variables.keys.sorted()
    #expect(gradients.count == 30)
    for name in names {
      let gradient = try #require(gradients[name])
      let predicted = Double(try (gradient * gradient).sum().squareRoot().scalar())
      guard predicted > 1e-3 else { continue }
      let direction = try gradient * Tensor(Float(1 / predicted))
      func loss(_ step: Float) throws -> Double {
        var moved = try fresh()
        moved.variables[name] = try moved.variables[name].map { try $0 + direction * Tensor(step) }
        return Double(try moved.step(setting.batch).loss)
      }
      let slope = try (loss(2e-3) - loss(-2e-3)) / 4e-3
      #expect(abs(slope - predicted) < 0.1 * predicted + 5e-4, "\(name): \(predicted), \(slope)")
    }
  }

  @Test func emulatedScalesLearnTheTaskAndBecomeAClaim() throws {
    let (network, owner) = try Stolen.released()
    var settings = ForgerySettings(epochs: 40, seed: 2)
    settings.batchSize = 8
    var losses: [Double] = []
    var training = try EmulationTraining(network, block: .collective, settings: settings)
    try training.run(on: Stolen.images(32), observe: { if $0.batch == $0.batches { losses.append($0.loss) } })
    #expect(losses.count == 40 && losses[39] < 0.7 * losses[0], "\(losses[0]) to \(losses[39])")
    let emulated = try training.network()
    let bits = try ForgeryMeasurement.BitCount(of: owner, inScalesOf: emulated)
    #expect(bits.bits == 24 && bits.matches < 24)
    // With the closed form, the emulated branch is a claim on the network as it was stolen.
    let claim = try ClosedFormForgery(seed: 2).forge(emulated).claim
    let proof = try Verification(network, claim: claim, data: Stolen.images(32))
    #expect(proof.matches == proof.bits)
    #expect(try proof.aware == Predictor(emulated).accuracy(Stolen.images(32)))
    // And, where a form has no block, as passports: of the layer that can be solved.
    let solved = try LinearSolveForgery().forge(emulated)
    #expect(solved.claim.layers.map(\.passport.path).contains("norm2"))
    let shown = try Verification(network, claim: solved.claim)
    #expect(shown.matches == shown.bits)
  }

  @Test func aSeedFixesEveryNumberAndMistakesAreNamed() throws {
    func values(_ seed: UInt64) throws -> [String: [Float]] {
      var training = try training(.individual) { $0.seed = seed }
      try training.run(on: setting.samples)
      return try training.network().contents { _ in true }
    }
    let found = try values(7)
    #expect(try values(7) == found && values(8) != found)
    #expect(throws: NetworkError.self) { _ = try training(.collective) { $0.share = 0 } }
    #expect(throws: NetworkError.self) { _ = try training(.collective, layers: .named(["nowhere"])) }
    let others = try TensorSamples(Tensor(repeating: 0, shape: [2, 1, 8, 8]), labels: [0, 1])
    var started = try training(.collective)
    #expect(throws: NetworkError.self) { try started.run(on: others) }
  }

  @Test func anInterruptedStepLeavesNoTrace() throws {
    struct Interrupt: Error {}
    var training = try training(.collective)
    let before = try training.network().contents { _ in true }
    var polls = 0
    #expect(throws: Interrupt.self) {
      try training.step(setting.batch) {
        polls += 1
        if polls == 5 { throw Interrupt() }
      }
    }
    #expect(try training.network().contents { _ in true } == before)
  }
}
