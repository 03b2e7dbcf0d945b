import Networks
import Ownership
import Passports
import Tensors
import Testing
import Training

@testable import Attacks

/// The forgery of an FC block in closed form: what anybody can claim who brings his own block.
@Suite struct ClosedFormForgeryTests {
  /// The naive judge finds nothing wrong: every bit, and not a sample between the branches.
  @Test func aTrainedNetworkIsClaimedWithoutLoss() throws {
    let (network, owner) = try Stolen.released()
    let found = try ClosedFormForgery(seed: 3).forge(network)
    let proof = try Verification(network, claim: found.claim, data: Stolen.images(200, seed: 8))
    #expect(proof.bits == 24 && proof.matches == 24 && proof.gap == 0)
    #expect(found.error <= 1e-15)
    #expect(found.claim.triggerHash == nil)
    let attached = try network.attaching(found.claim)
    let passports = found.claim.passports
    let samples = try Stolen.images(64, seed: 8)
    let (free, aware) = try (
      Predictor(network).logits(samples).elements, Predictor(attached, passports: passports).logits(samples).elements
    )
    #expect(zip(free, aware).allSatisfy { abs($0 - $1) <= 1e-5 * max(1, abs($0)) })
    // Bits of his own, which agree with the owner's by chance alone.
    let agree = zip(passports, owner.passports).reduce(0) { sum, pair in
      sum + zip(pair.0.signature.signs, pair.1.signature.signs).count { $0 == $1 }
    }
    #expect(agree < 24)
  }

  @Test(arguments: [64, 192, 256, 384, 512, 1024])
  func aBlockIsSolvedForToTheLastDigit(channels: Int) throws {
    var stream = RandomStream(seed: UInt64(channels), name: "block")
    func normal(_ deviation: Float, around mean: Float = 0) -> [Float] {
      (0..<channels).map { _ in mean + deviation * stream.normal() }
    }
    // As large as trained readings are, and as they begin.
    for size in [Float(0.3), 0.005] {
      let (w, v, scale, shift) = (normal(size), normal(size), normal(0.3, around: 1), normal(0.3))
      let reading = PassportReading(
        scale: try Tensor(w, shape: [channels]), shift: try Tensor(v, shape: [channels]))
      let solution = try BlockSolution(reading, scale: scale, shift: shift, path: "norm", seed: 1)
      let (scaleError, shiftError) = (error(solution, w, scale), error(solution, v, shift))
      #expect(scaleError <= 1e-15 && shiftError <= 1e-15, "\(scaleError) \(shiftError)")
      #expect(solution.error <= 1e-15)
      // And in the Floats of a claim, through the layer's own block.
      let block = try solution.tensors()
      let (first, second) = try (#require(block["fc.0.weight"]), #require(block["fc.2.weight"]))
      #expect(first.shape == [channels / 4, channels] && second.shape == [channels, channels / 4])
      for (input, wanted) in [(w, scale), (v, shift)] {
        let made = try PassportNormalizationLayer.block(
          Tensor(input, shape: [channels]), first: first, second: second)
        #expect(zip(made.elements, wanted).allSatisfy { abs($0 - $1) < 2e-6 })
      }
    }
  }

  /// The largest error of F₂ · LeakyReLU(F₁ · w), summed with a carry (Kahan).
  private func error(_ block: BlockSolution, _ w: [Float], _ wanted: [Float]) -> Double {
    func product(_ a: [Double], _ b: [Double]) -> Double {
      var (sum, carry) = (0.0, 0.0)
      for (a, b) in zip(a, b) {
        let next = a * b - carry
        let total = sum + next
        carry = (total - sum) - next
        sum = total
      }
      return sum
    }
    let (channels, hidden) = (w.count, w.count / 4)
    let middle = (0..<hidden).map { row in
      let value = product(block.first[row * channels..<(row + 1) * channels].map(Double.init), w.map(Double.init))
      return value > 0 ? value : value * Double(0.01 as Float)
    }
    return wanted.indices.reduce(0.0) { most, row in
      max(most, abs(product(Array(block.second[row * hidden..<(row + 1) * hidden]), middle) - Double(wanted[row])))
    }
  }

  @Test func passportsThatAreNotTheForgersToChooseKeepTheirBits() throws {
    let (network, _) = try Stolen.released()
    let given = try Passport(text: "xy", seed: 77).issue(for: network.protecting(.all, seed: 0))
    let found = try ClosedFormForgery(seed: 3).forge(network, passports: [given[1]])
    #expect(found.claim.layers.count == 1 && found.claim.passports[0].signature == given[1].signature)
    #expect(found.claim.passports[0].scale.elements == given[1].scale.elements)
    let proof = try Verification(network, claim: found.claim, data: Stolen.images(100, seed: 8))
    // The branch is as good as ever; the bits are what they are.
    #expect(proof.gap == 0)
    let reading = try network.attaching(found.claim).scaleReading(given[1])
    #expect(proof.matches == given[1].signature.matches(reading) && proof.matches < 16)
  }

  @Test func everyLayerOfPointNetIsForgedWithItsTransforms() throws {
    let (network, _) = try Stolen.pointNet()
    let found = try ClosedFormForgery(seed: 3).forge(network)
    #expect(found.claim.layers.map(\.passport.path) == ["convp1", "convp2", "convp3", "p1", "p2", "p3"])
    #expect(!found.claim.branches.isEmpty && found.error <= 1e-15)
    let proof = try Verification(network, claim: found.claim, data: Stolen.clouds(64, classes: 8))
    #expect(proof.matches == proof.bits && proof.gap == 0)
  }

  @Test(arguments: [NormalizationKind.batch, .group, .layer, .instance])
  func everyNormalisationIsForged(kind: NormalizationKind) throws {
    let network = try AlexNet.make(
      classes: 4, input: [3, 16, 16], normalization: kind, widths: [16, 16, 16, 16, 16], seed: 1)
    let found = try ClosedFormForgery(seed: 1).forge(network)
    let setting = try ForgerySetting()
    let proof = try Verification(network, claim: found.claim, data: setting.samples)
    #expect(found.claim.layers.count == 5 && proof.matches == 80 && proof.gap == 0)
  }

  @Test func aSeedFixesEveryNumberAndTheSuspectStays() throws {
    let (network, _) = try Stolen.released()
    let before = network.contents { _ in true }
    func values(_ seed: UInt64, _ passport: Passport? = nil) throws -> [Float] {
      try ClosedFormForgery(seed: seed).forge(network, passport: passport).claim.values
    }
    let forged = try values(3)
    #expect(try values(3) == forged && values(4) != forged)
    #expect(network.contents { _ in true } == before)
    // A text is not what is claimed, the signs that are read are.
    #expect(try values(3, Passport(text: "a", seed: 9)) == values(3, Passport(seed: 9)))
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
    let (network, claim) = try Stolen.released()
    expect(
      "forge: the closed form solves for FC blocks beside a passport-free branch, and this form is without FC blocks, "
        + "shared statistics"
    ) { _ = try ClosedFormForgery(seed: 1, form: .deepIPR).forge(network) }
    expect("forge: there is not one passport to forge with") {
      _ = try ClosedFormForgery(seed: 1).forge(network, passports: [])
    }
    var alike = claim.passports
    alike[0].shift = alike[0].scale
    expect("forge: the passports of scale and shift read alike at norm1, and no FC block can tell them apart") {
      _ = try ClosedFormForgery(seed: 1).forge(network, passports: alike)
    }
    func solve(_ channels: Int) throws {
      let ones = try Tensor(repeating: 1, shape: [channels])
      let values = [Float](repeating: 1, count: channels)
      _ = try BlockSolution(
        PassportReading(scale: ones, shift: ones), scale: values, shift: values, path: "norm", seed: 1)
    }
    expect("forge: the FC block of norm has 1 hidden value, and the closed form needs 2") { try solve(7) }
    let strangers = try Passport(seed: 1).issue(
      for: AlexNet.make(classes: 4, input: [3, 16, 16], widths: [16, 16, 16, 16, 16], seed: 1).protecting(.all, seed: 1))
    #expect(throws: NetworkError.self) { _ = try ClosedFormForgery(seed: 1).forge(network, passports: strangers) }
  }
}
