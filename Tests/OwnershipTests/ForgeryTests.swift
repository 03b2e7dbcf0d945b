import Networks
import Passports
import Tensors
import Testing
import Training

@testable import Attacks

/// The ambiguity attacks that train passports.
@Suite struct ForgeryTests {
  private let setting: ForgerySetting
  private let forgeries: [any PassportForgery] = [
    ReverseForgery(), ReverseForgery(start: .small, blocks: .reset), FlippedForgery(rate: 0.25),
    FlippedForgery(rate: 0.25, blocks: .trained),
  ]

  init() throws { setting = try ForgerySetting() }

  @Test func theOwnersClaimAndTheSuspectStayAsTheyAre() throws {
    let (claim, suspect) = (setting.claim.values, setting.suspect.parameters.mapValues(\.elements))
    for forgery in forgeries {
      let forged = try setting.forged(forgery, setting.settings())
      #expect(forged.values != claim && forged.triggerHash == nil)
      #expect(setting.claim.values == claim)
      #expect(setting.suspect.parameters.mapValues(\.elements) == suspect)
    }
  }

  @Test func aSeedFixesEveryNumber() throws {
    for forgery in forgeries {
      var settings = setting.settings(epochs: 2)
      settings.share = 0.75
      let forged = try setting.forged(forgery, settings).values
      #expect(try setting.forged(forgery, settings).values == forged)
      settings.seed = 8
      #expect(try setting.forged(forgery, settings).values != forged)
    }
  }

  @Test func onlyPassportsAndTrainedBlocksMove() throws {
    for forgery in forgeries {
      var training = try PassportTraining(
        setting.suspect, owner: setting.claim, forgery: forgery, settings: setting.settings())
      let start = training.network
      let outcome = try training.step(setting.batch)
      let moved = start.parameterNames.filter {
        start.parameters[$0]?.elements != training.network.parameters[$0]?.elements
      }
      #expect(moved.allSatisfy { $0.contains(".fc.") } && moved.isEmpty == (forgery.blocks != .trained))
      let blocks = forgery.blocks == .trained ? 10 : 0
      #expect(outcome.gradients.count == 10 + blocks, "weights have gradients")
      let statistics = start.buffers.keys.filter {
        start.buffers[$0]?.elements != training.network.buffers[$0]?.elements
      }
      #expect(statistics.count == 10 && statistics.allSatisfy { $0.contains("bn1.") })
    }
  }

  @Test func blocksAreKeptOrNew() throws {
    func blocks(_ claim: Claim) -> [[Float]] {
      claim.layers.flatMap { layer in layer.block.sorted { $0.key < $1.key }.map(\.value.elements) }
    }
    let own = blocks(setting.claim)
    func forged(_ use: ForgedBlocks) throws -> [[Float]] {
      try blocks(setting.forged(ReverseForgery(blocks: use), setting.settings()))
    }
    let reset = try forged(.reset)
    #expect(try forged(.kept) == own && reset != own)
    #expect(try forged(.trained) != reset)
    // Xavier: 16 x 4 weights of deviation √(2 / 20).
    let all = reset.joined()
    let deviation = (all.reduce(0) { $0 + $1 * $1 } / Float(all.count)).squareRoot()
    #expect(abs(deviation - 0.316) < 0.03)
  }

  @Test(arguments: [(0, 0), (0.1, 1), (0.25, 4), (0.5, 8), (0.999, 15), (1, 16)])
  func asManyBitsAsAskedAreFlippedInEveryLayer(rate: Double, bits: Int) throws {
    let owner = setting.claim.passports
    for (forged, owner) in zip(try FlippedForgery(rate: rate).passports(from: owner, seed: 1), owner) {
      #expect(zip(forged.signature.signs, owner.signature.signs).count { $0 != $1 } == bits)
      #expect(PassportDistance(from: [owner], to: [forged]).meanSquaredError < 2e-6)
    }
  }

  @Test func aShareThatIsWholeButForRoundingIsWhole() {
    #expect(Array(0..<100).prefix(share: 0.29).count == 29)
    #expect(Array(0..<1152).prefix(share: 0.1).count == 115)
  }

  @Test func reversedPassportsLearnTheTask() throws {
    var losses: [Double] = []
    var training = try PassportTraining(
      setting.suspect, owner: setting.claim, forgery: ReverseForgery(), settings: setting.settings(epochs: 20))
    try training.run(on: setting.samples, observe: { if $0.batch == $0.batches { losses.append($0.loss) } })
    #expect(losses.count == 20)
    #expect(losses[19] < losses[0] - 0.02, "\(losses)")
  }

  @Test func flippedPassportsLearnTheirSignatureAndLeaveTheOwners() throws {
    var settings = setting.settings(epochs: 40)
    settings.clip = 20
    var training = try PassportTraining(
      setting.suspect, owner: setting.claim, forgery: FlippedForgery(rate: 0.5, lambdaSign: 100), settings: settings)
    let start = try ForgeryMeasurement(of: training.claim(), beside: setting.claim, on: setting.suspect)
    try training.run(on: setting.samples)
    let end = try ForgeryMeasurement(of: training.claim(), beside: setting.claim, on: setting.suspect)
    #expect(end.forgerBits.matches > start.forgerBits.matches)
    #expect(end.distance.nearness < start.distance.nearness / 10)
    #expect(end.forgerBits.bits == 80 && end.accuracy == nil)
  }

  @Test func anInterruptedStepLeavesNoTrace() throws {
    struct Interrupt: Error {}
    var training = try PassportTraining(
      setting.suspect, owner: setting.claim, forgery: ReverseForgery(), settings: setting.settings())
    let before = try training.claim().values
    var polls = 0
    #expect(throws: Interrupt.self) {
      try training.step(setting.batch) {
        polls += 1
        if polls == 5 { throw Interrupt() }
      }
    }
    #expect(try training.claim().values == before)
  }

  @Test func mistakesAreNamed() throws {
    func expect(_ message: String, _ body: () throws -> Void) {
      do {
        try body()
        Issue.record("nothing was thrown: \(message)")
      } catch let error as NetworkError {
        #expect(error.message == message)
      } catch { Issue.record("\(error)") }
    }
    func forge(
      _ forgery: some PassportForgery = ReverseForgery(), _ change: (inout ForgerySettings) -> Void = { _ in }
    ) throws {
      var settings = setting.settings()
      change(&settings)
      _ = try setting.forged(forgery, settings)
    }
    expect("forge: the rate is a share of the bits from 0% to 100%, not 150%") { try forge(FlippedForgery(rate: 1.5)) }
    expect("forge: the rate is a share of the bits from 0% to 100%, not nan") { try forge(FlippedForgery(rate: .nan)) }
    expect("forge: epochs is a whole number of at least 1, not 0") { try forge { $0.epochs = 0 } }
    expect("forge: batch is a whole number of at least 1, not 0") { try forge { $0.batchSize = 0 } }
    expect("forge: the share of the samples is above 0% and up to 100%, not 0%") { try forge { $0.share = 0 } }
    var training = try PassportTraining(
      setting.suspect, owner: setting.claim, forgery: ReverseForgery(), settings: setting.settings())
    let none = try TensorSamples(Tensor(repeating: 0, shape: [0, 3, 16, 16]), labels: [])
    expect("forge: there are no samples to train on") { try training.run(on: none) }
    let others = try TensorSamples(Tensor(repeating: 0, shape: [2, 1, 8, 8]), labels: [0, 1])
    expect("forge: the samples have shape [1, 8, 8], and the model takes [3, 16, 16]") { try training.run(on: others) }
    let stranger = try AlexNet.make(classes: 4, input: [3, 16, 16], widths: [16, 16, 32, 16, 16], seed: 1)
    #expect(throws: NetworkError.self) {
      _ = try PassportTraining(
        stranger, owner: setting.claim, forgery: ReverseForgery(), settings: setting.settings())
    }
  }

  @Test func aForgerHasTheSamplesThatHeDrew() throws {
    let drawn = try setting.samples.drawn(0.25, seed: 1)
    #expect(drawn.count == 8 && Set(drawn.labels).isSubset(of: [0, 1, 2, 3]))
    let rows = try drawn.batch([0, 7], draws: nil).elements
    let all = setting.samples.tensor.elements
    let size = 3 * 16 * 16
    for row in 0..<2 {
      let own = Array(rows[row * size..<(row + 1) * size])
      let place = try #require((0..<32).first { Array(all[$0 * size..<($0 + 1) * size]) == own })
      #expect(setting.samples.labels[place] == drawn.labels[row * 7])
    }
    #expect(try setting.samples.drawn(1e-9, seed: 1).count == 1)
  }
}
