import Keys
import Networks
import Passports
import Tensors
import Testing

@testable import Training

/// Bound owners train without the biases that a normalisation takes away again.
@Suite struct MovableBiasTests {
  /// A dense layer with a bias in front of each kind of normalisation, and one that is read twice.
  private func network(_ kind: NormalizationKind) throws -> Network {
    var stage = try Stage.input([1, 8, 8]).appending(FlattenLayer())
      .appending(DenseLayer(width: 16), path: "a")
      .appending(DropoutLayer(rate: 0.25))
    stage = try stage.appending(PassportNormalizationLayer(kind, source: "a"), path: "norm_a")
      .appending(ReluLayer())
      .appending(DenseLayer(width: Small.classes * 4), path: "b")
      .appending(PassportNormalizationLayer(.identity, source: "b"), path: "norm_b")
      .appending(DenseLayer(width: Small.classes), path: "head")
    var network = try stage.network(named: "dense", seed: 1)
    for (number, name) in network.parameterNames.enumerated() where name.hasSuffix(".scale") || name.hasSuffix(".bias") {
      var stream = RandomStream(seed: UInt64(number), name: name)
      let count = network.parameters[name]?.count ?? 0
      try network.replace(name, by: Tensor((0..<count).map { _ in 1 + stream.normal() }, shape: [count]))
    }
    return network
  }

  private func owner() throws -> Passport { try Passport(OwnerKey(practice: 1, statement: "Lab 26")) }

  @Test(arguments: [NormalizationKind.batch, .identity]) func nothingIsComputedOtherwise(kind: NormalizationKind) throws {
    var network = try network(kind)
    let samples = try Small.images(20)
    let before = try Predictor(network).logits(samples).elements
    let emptied = try network.emptyMovableBiases(under: owner().issue(for: network))
    #expect(emptied == ["a.bias", "b.bias"])
    #expect(emptied.allSatisfy { network.parameters[$0]?.elements.allSatisfy { $0 == 0 } == true })
    let after = try Predictor(network).logits(samples).elements
    let largest = before.map(\.magnitude).max() ?? 0
    #expect(zip(before, after).allSatisfy { ($0 - $1).magnitude <= 1e-5 * largest })
  }

  @Test func whatGroupsShareStays() throws {
    for kind in [NormalizationKind.group, .layer] {
      var network = try network(kind)
      let bias = network.parameters["a.bias"]?.elements
      #expect(try network.emptyMovableBiases(under: owner().issue(for: network)) == ["b.bias"])
      #expect(network.parameters["a.bias"]?.elements == bias)
    }
  }

  @Test func whatIsReadTwiceStays() throws {
    let stage = try Stage.input([16]).appending(DenseLayer(width: 16), path: "a")
    let normalized = try stage.appending(PassportNormalizationLayer(source: "a"), path: "norm")
    var network = try normalized.appending(AddLayer(), others: [stage]).network(named: "twice", seed: 1)
    #expect(try network.emptyMovableBiases(under: owner().issue(for: network)).isEmpty)
  }

  @Test func boundOwnersTrainWithout() throws {
    var plan = try Small.plan(epochs: 2)
    plan.branches = .together
    func trained(_ passport: Passport) throws -> Network {
      plan.passport = passport
      return try Small.train(plan, network: network(.batch)).network
    }
    let (bound, free) = (try trained(owner()), try trained(Passport(text: "me", seed: 42)))
    for name in ["a.bias", "b.bias"] {
      #expect(bound.parameters[name]?.elements.allSatisfy { $0 == 0 } == true)
      #expect(free.parameters[name]?.elements.contains { $0 != 0 } == true)
    }
    // All else learns.
    let start = try network(.batch)
    for name in ["a.weight", "b.weight", "head.bias", "norm_a.scale", "norm_b.bias"] {
      #expect(bound.parameters[name]?.elements != start.parameters[name]?.elements, "\(name)")
    }
  }
}
