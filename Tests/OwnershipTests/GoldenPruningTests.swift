import Files
import Foundation
import Networks
import Passports
import Tensors
import Testing
import Training

@testable import Attacks

/// Pruning as the released code does it (`Scripts/reference/golden_pruning.py`): thresholds, zeros, signatures, logits.
@Suite struct GoldenPruningTests {
  @Test(arguments: [10, 50, 90]) func aNarrowAlexNet(rate: Int) throws {
    let network = try AlexNet.make(classes: 10, widths: [16, 32, 48, 32, 32], seed: 1).protecting(.all, seed: 1)
    try expect(rate, network, from: "alexnet_narrow_bn", agreesWith: "prune_alexnet_narrow_bn", batch: "in.step1.data")
  }

  /// Statistics shared by both branches, and T-Nets whose dense layers `fc1` to `fc3` are spared with the FC blocks.
  @Test(arguments: [10, 50, 90]) func aNarrowPointNet(rate: Int) throws {
    let network = try PointNet.make(
      classes: 10, points: 64, widths: [16, 24, 128, 64, 32], dropout: 0, regularizer: .released, seed: 1
    ).protecting(.all, seed: 1, form: PassportForm(sharesStatistics: true))
    try expect(
      rate, network, from: "pointnet_narrow_bn_separate_sgd", agreesWith: "prune_pointnet_narrow_official",
      batch: "in.step1.points")
  }

  private func expect(
    _ rate: Int, _ fresh: Network, from start: String, agreesWith name: String, batch: String
  ) throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let inputs = try Safetensors.File(path: folder.path + "/PassportsTests/Golden/\(start).safetensors")
    let golden = try Safetensors.File(
      path: try #require(Bundle.module.path(forResource: name, ofType: "safetensors", inDirectory: "Golden")))
    let prefix = "out.rate\(rate)."
    func expect(_ output: String, _ found: [Float]) throws {
      let expected = try golden.floats(prefix + output)
      let bound = try golden.floats("bound." + prefix + output)[0]
      try #require(found.count == expected.count, "\(output)")
      let isClose = zip(found, expected).allSatisfy { abs($0 - $1) <= bound }
      #expect(isClose, "\(output): \(found) instead of \(expected)")
    }

    var network = fresh
    try network.takeTensors(from: inputs, prefix: "in.state.", allowsOthers: true)
    let pruning = Pruning(rate: Double(rate) / 100)
    let pruned = try pruning.apply(to: network)
    try expect("threshold", [Float(try pruning.threshold(network))])
    let zeros = pruned.parameters.sorted { $0.key < $1.key }.map { $1.elements.count { $0 == 0 } }
    #expect(try zeros == golden.integers(prefix + "zeros").map { Int($0) })

    let passports = try network.passportNodes.map { node in
      let prefix = "in.state.\(node.path)."
      return IssuedPassport(
        path: node.path, source: try #require(network.source(of: node)).path,
        scale: try Tensor(named: prefix + "skey_private", in: inputs),
        shift: try Tensor(named: prefix + "key_private", in: inputs),
        signature: Signature(signs: try inputs.floats(prefix + "b")))
    }
    try expect(
      "signature_per_layer",
      try passports.map { passport in
        let matches = try passport.signature.matches(pruned.scaleReading(passport))
        return Float(matches) / Float(passport.signature.signs.count)
      })
    let samples = try Tensor(named: batch, in: inputs)
    for (number, branch) in [Branch.free, .aware(try passports.patches(in: pruned))].enumerated() {
      let pass = ForwardPass(branch: branch, parameters: pruned.parameters, buffers: pruned.buffers)
      let logits = try pruned.forward(samples, pass)
      // The released PointNet ends in a log-softmax.
      try expect(
        "eval\(number).out", network.name == "pointnet" ? logits.softmax().logarithm().elements : logits.elements)
    }
  }
}
