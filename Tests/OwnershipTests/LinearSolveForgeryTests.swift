import Networks
import Ownership
import Passports
import Tensors
import Testing
import Training

@testable import Attacks

/// Passports that are solved for where no FC block stands between them and the scale.
@Suite struct LinearSolveForgeryTests {
  /// Against numpy's singular values and a convolution of loops (Scripts/reference/forgery.py).
  @Test(arguments: shortestPassports.indices)
  func theyAreTheShortest(index: Int) throws {
    let (shape, kernel, stride, padding, hasBias, expected) = shortestPassports[index]
    let channels = 8
    func numbers(_ count: Int, _ step: Int, _ modulus: Int, _ scale: Float) -> [Float] {
      (0..<count).map { Float(($0 * $0 * step + 7 * $0) % modulus - modulus / 2) / scale }
    }
    let stage =
      shape[2] == 1
      ? try Stage.input([shape[0]]).appending(DenseLayer(width: channels, hasBias: hasBias), path: "source")
      : shape[1] == 1
        ? try Stage.input([shape[0], shape[2]]).appending(Conv1dLayer(channels: channels, hasBias: hasBias), path: "source")
        : try Stage.input(Shape(shape)).appending(
          ConvolutionLayer(channels: channels, kernel: kernel, stride: stride, padding: padding, hasBias: hasBias),
          path: "source")
    var network = try stage.network(named: "one", seed: 1)
    let weight = try #require(network.parameters["source.weight"])
    network.parameters["source.weight"] = try Tensor(numbers(weight.count, 37, 101, 64), shape: weight.shape)
    if hasBias { network.parameters["source.bias"] = try Tensor(numbers(channels, 5, 13, 32), shape: [channels]) }
    let map = try PassportMap("source", in: network, poll: {})
    #expect(map.rank == channels)
    let passport = try map.passport(reading: Tensor(numbers(channels, 29, 61, 16), shape: [channels]))
    let largest = expected.reduce(0) { max($0, abs($1)) }
    #expect(passport.count == expected.count)
    #expect(zip(passport.elements, expected).allSatisfy { abs(Double($0) - $1) < 1e-6 * largest })
  }

  /// DeepIPR's form, all of whose layers but the stem can be solved.
  @Test func aNetworkIsClaimedWithoutLoss() throws {
    let setting = try ForgerySetting()
    var network = setting.suspect
    // Scales and shifts as a training leaves them.
    for name in network.parameterNames where name.hasSuffix(".bn.weight") || name.hasSuffix(".bn.bias") {
      let stream = RandomStream(seed: 5, name: name)
      let values = try Tensor.normal([16], deviation: 0.3, stream)
      network.parameters[name] = try name.hasSuffix("weight") ? values + Tensor(1) : values
    }
    let found = try LinearSolveForgery().forge(network)
    #expect(found.unsolved.isEmpty && found.readingError <= 1e-4)
    #expect(found.claim.layers.allSatisfy { $0.form == .deepIPR && $0.block.isEmpty && $0.statistics.isEmpty })
    let attached = try network.attaching(found.claim)
    for (path, reading) in try attached.readings(found.claim.passports) {
      let scale = try #require(network.parameters[path + ".bn.weight"])
      let shift = try #require(network.parameters[path + ".bn.bias"])
      #expect(zip(reading.scale.elements, scale.elements).allSatisfy { abs($0 - $1) <= 1e-4 * abs($1) + 1e-5 })
      #expect(zip(reading.shift.elements, shift.elements).allSatisfy { abs($0 - $1) <= 1e-4 * abs($1) + 1e-5 })
    }
    let proof = try Verification(network, claim: found.claim, data: setting.samples)
    #expect(proof.matches == proof.bits && proof.bits == 80 && proof.gap == 0)
    let reach = found.claim.passports.flatMap { $0.scale.elements + $0.shift.elements }.reduce(0) { max($0, abs($1)) }
    #expect(found.largest == reach)
  }

  @Test func theRankOfResNetsStemAndShortcutsIsNamed() throws {
    let network = try ResNet18.make(classes: 10, input: [3, 8, 8], seed: 1)
    let found = try LinearSolveForgery().forge(
      network, layers: .named(["convbnrelu_1", "layer1.0.convbnrelu_1", "layer2.0.shortcut", "layer2.0.convbnrelu_1"]))
    #expect(
      found.unsolved == [
        .init(path: "convbnrelu_1", channels: 64, rank: 27, reason: "a passport sets 27 of the 64 channels"),
        .init(path: "layer2.0.shortcut", channels: 128, rank: 64, reason: "a passport sets 64 of the 128 channels"),
      ])
    #expect(found.claim.layers.map(\.passport.path) == ["layer1.0.convbnrelu_1", "layer2.0.convbnrelu_1"])
  }

  @Test func theRankOfPointNetsCloudLayersIsNamed() throws {
    let network = try PointNet.make(classes: 16, points: 32, seed: 1)
    let found = try LinearSolveForgery().forge(network)
    #expect(found.unsolved.map(\.path) == ["convp1", "convp2", "convp3"])
    #expect(found.unsolved.map(\.rank) == [3, 64, 128] && found.unsolved.map(\.channels) == [64, 128, 1024])
    #expect(found.claim.layers.map(\.passport.path) == ["p1", "p2", "p3"] && found.readingError <= 1e-4)
    let proof = try Verification(network, claim: found.claim)
    #expect(proof.matches == proof.bits)
    #expect(throws: NetworkError.self) {
      _ = try LinearSolveForgery().forge(network, layers: .named(["convp1", "convp3"]))
    }
  }

  @Test func aChannelWithoutWeightsIsNoFullRank() throws {
    var network = try ForgerySetting().suspect
    let name = "features.2.conv.weight"
    var weight = try #require(network.parameters[name])
    let row = weight.count / 16
    try weight.mutate { $0.update(repeating: 0, count: row) }
    network.parameters[name] = weight
    let found = try LinearSolveForgery().forge(network)
    #expect(found.unsolved.map(\.path) == ["features.2"] && found.unsolved[0].rank == 15)
  }

  @Test func formsWithBlocksAreRefused() throws {
    for form in [PassportForm.paper, .deepIPRSingle] {
      #expect(throws: NetworkError.self) { _ = try LinearSolveForgery(form: form).forge(ForgerySetting().suspect) }
    }
  }
}
