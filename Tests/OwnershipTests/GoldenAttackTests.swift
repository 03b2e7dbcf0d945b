import Networks
import Passports
import Tensors
import Testing
import Training

@testable import Attacks

/// Three steps of each passport attack against the released code: losses, monitors, gradients, passports, statistics.
@Suite struct GoldenAttackTests {
  @Test func reverseEngineeredPassports() throws {
    let golden = try GoldenAttack("attack1_alexnet_narrow_bn")
    var forged = golden.claim
    for index in forged.layers.indices {
      let name = "in.noise." + forged.layers[index].passport.path
      forged.layers[index].passport.scale = try golden.tensor(name + ".skey_private")
      forged.layers[index].passport.shift = try golden.tensor(name + ".key_private")
    }
    try expectSteps(golden, forged, ReverseForgery().objective)
  }

  @Test func flippedSignature() throws {
    let golden = try GoldenAttack("attack2_alexnet_narrow_bn")
    var forged = golden.claim
    var seen: Set<String> = []
    for index in forged.layers.indices {
      let path = forged.layers[index].passport.path
      for (role, keyPath) in [("skey", \IssuedPassport.scale), ("key", \IssuedPassport.shift)] {
        let noise = try golden.tensor("in.noise.\(path).\(role)_private")
        let moved = try forged.layers[index].passport[keyPath: keyPath] + noise * Tensor(FlippedForgery.perturbation)
        forged.layers[index].passport[keyPath: keyPath] = moved
        try golden.expect("out.start.\(path).\(role)_private", moved)
        seen.insert("out.start.\(path).\(role)_private")
      }
      for name in ["fc.0.weight", "fc.2.weight"] {
        forged.layers[index].block[name] = try golden.tensor("in.fc.\(path).\(name)")
      }
      let signs = try golden.tensor("in.flipped_b." + path).elements
      let owner = forged.layers[index].passport.signature.signs
      #expect(zip(signs, owner).count { $0 != $1 } == owner.count / 10)
      forged.layers[index].passport.signature = Signature(signs: signs)
    }
    try expectSteps(golden, forged, FlippedForgery(rate: 0.1).objective, seen: seen)
  }

  /// - Parameter seen: outputs that have been compared already; in the end all have been.
  private func expectSteps(
    _ golden: GoldenAttack, _ forged: Claim, _ objective: ForgeryObjective, seen: Set<String> = []
  ) throws {
    var seen = seen
    func expect(_ name: String, _ result: Tensor) throws {
      try golden.expect(name, result)
      seen.insert(name)
    }
    func expect(_ name: String, _ result: some BinaryFloatingPoint) throws {
      try golden.expect(name, result)
      seen.insert(name)
    }
    var settings = ForgerySettings(epochs: 1, seed: 1)
    settings.isExact = true
    var training = try PassportTraining(
      golden.network, owner: golden.claim, forged: forged, objective: objective, settings: settings)
    for step in 1...3 {
      let prefix = "out.step\(step)."
      let before = training.passports
      let readings = try training.network.readings(before)
      let shares = try before.map { passport in
        let reading = try #require(readings[passport.path]).scale
        return Double(passport.signature.matches(reading)) / Double(reading.count)
      }
      try expect(prefix + "signloss", Objective().signLoss(readings, before).scalar())
      try expect(prefix + "signacc", shares.reduce(0, +) / Double(shares.count))
      let distance = PassportDistance(from: golden.claim.passports, to: before)
      try expect(prefix + "mseloss", distance.squaredError)
      try expect(prefix + "maximizeloss", distance.nearness)
      try expect(prefix + "csloss", distance.cosine)
      let outcome = try training.step(golden.batch)
      try expect(prefix + "loss", outcome.crossEntropy)
      try expect(prefix + "acc", Double(outcome.correct) / Double(golden.batch.labels.count))
      try expect(prefix + "grad_norm_before_clip", outcome.gradientNorm)
      for passport in training.passports {
        try expect(prefix + passport.path + ".skey_private", passport.scale)
        try expect(prefix + passport.path + ".key_private", passport.shift)
        guard step == 1 else { continue }
        let gradients = outcome.gradients
        for (name, variable) in [("skey_private", "scale_passport"), ("key_private", "shift_passport")] {
          let gradient = try #require(gradients["\(passport.path).\(variable)"])
          try expect("\(prefix)clipped_grad.\(passport.path).\(name)", gradient)
        }
      }
    }
    for (name, tensor) in training.network.buffers { try expect("out.after." + name, tensor) }
    #expect(golden.outputs.subtracting(seen).isEmpty)
  }
}
