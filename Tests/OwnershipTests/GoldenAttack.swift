import Files
import Foundation
import Networks
import Passports
import Tensors
import Testing
import Training

@testable import Attacks

/// Three steps of a passport attack as the released PyTorch code took them (`Scripts/reference/golden.py`), from the
/// state that the golden training steps start from.
struct GoldenAttack {
  /// The owner's network with both branches, and his claim.
  let network: Network
  let claim: Claim
  /// The batch of every step.
  let batch: Objective.Batch
  private let values: Safetensors.File

  init(_ name: String) throws {
    let path = try #require(Bundle.module.path(forResource: name, ofType: "safetensors", inDirectory: "Golden"))
    values = try Safetensors.File(path: path)
    // Kept once, where the training steps are tested.
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let start = try Safetensors.File(path: tests.path + "/PassportsTests/Golden/alexnet_narrow_bn.safetensors")
    var network = try AlexNet.make(classes: 10, widths: [16, 32, 48, 32, 32], seed: 1).protecting(.all, seed: 1)
    try network.takeTensors(from: start, prefix: "in.state.", allowsOthers: true)
    let passports = try network.passportNodes.map { node in
      let prefix = "in.state.\(node.path)."
      return IssuedPassport(
        path: node.path, source: try #require(network.source(of: node)).path,
        scale: try Tensor(named: prefix + "skey_private", in: start),
        shift: try Tensor(named: prefix + "key_private", in: start),
        signature: Signature(signs: try start.floats(prefix + "b")))
    }
    self.network = network
    claim = try Claim(of: network, passports: passports, triggerHash: nil)
    batch = Objective.Batch(
      samples: try Tensor(named: "in.step1.data", in: start),
      labels: try start.integers("in.step1.target").map { Int32(truncatingIfNeeded: $0) })
  }

  func tensor(_ name: String) throws -> Tensor { try Tensor(named: name, in: values) }

  /// The names of all outputs, whole or sampled.
  var outputs: Set<String> {
    Set(values.names.filter { $0.hasPrefix("bound.") }.map { String($0.dropFirst("bound.".count)) })
  }

  /// Compares a result with the whole output of that name, or with its samples.
  func expect(_ name: String, _ result: Tensor) throws {
    let bound = try values.floats("bound." + name)[0]
    let computed = result.elements
    let (expected, found): ([Float], [Float])
    if values.entry(name) != nil {
      (expected, found) = (try values.floats(name), computed)
    } else {
      let positions = try values.integers(name + "@idx").map { Int($0) }
      try #require(positions.allSatisfy(computed.indices.contains))
      (expected, found) = (try values.floats(name + "@val"), positions.map { computed[$0] })
    }
    try #require(expected.count == found.count, "\(name): \(found.count) values")
    let deviation = zip(expected, found).reduce(Float(0)) {
      max($0, abs($1.0 - $1.1).isNaN ? .infinity : abs($1.0 - $1.1))
    }
    #expect(deviation <= bound, "\(name) deviates by \(deviation), allowed are \(bound)")
  }

  func expect(_ name: String, _ result: some BinaryFloatingPoint) throws {
    try expect(name, Tensor([Float(result)], shape: [1]))
  }
}
