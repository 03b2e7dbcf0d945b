import Networks
import Passports
import Tensors

/// DeepIPR's flip attack: after training, the signs of x % of the passport scales are reversed, without any further
/// training (`kamwoh/DeepIPR`, `flip_attack.py`).
///
/// The passport-aware branch becomes an ordinary network: its scales γ₁ and shifts β₁ and its running statistics take
/// the place of the passport-free ones. What is flipped is the reading w that carries the signature, over all layers
/// together; γ₁ = F(w), and w itself where a layer has no FC block, as in DeepIPR.
public struct ScaleFlip: Sendable {
  /// Share of all scales whose sign is reversed, 0 to 1.
  public var rate: Double
  /// Of which they are.
  public var seed: UInt64

  public init(rate: Double, seed: UInt64) {
    self.rate = rate
    self.seed = seed
  }

  /// What the attack leaves.
  public struct Outcome: Sendable {
    /// The passport-aware branch as an ordinary network.
    public var network: Network
    /// The owner's signature as the flipped readings show it.
    public var bits: ForgeryMeasurement.BitCount
  }

  /// - Throws: `NetworkError` for a rate out of range and a claim that does not fit the suspect.
  public func apply(to suspect: Network, claim: Claim) throws -> Outcome {
    var stream = RandomStream(seed: seed, name: "flip")
    return try apply(to: suspect, claim: claim, order: stream.permutation(claim.bits))
  }

  /// - Parameter order: positions among the scales of all layers, one layer after the other; the first ⌊rate · count⌋
  ///   are flipped.
  func apply(to suspect: Network, claim: Claim, order: [Int]) throws -> Outcome {
    guard (0...1).contains(rate) else {
      throw NetworkError(
        "flip_scales: the rate is a share of the scales from 0% to 100%, not \(rate.asShare)",
        help: "flip_scales(net, 10%, claim: log.claim)")
    }
    let misfit = "the claim belongs to another architecture"
    var network = try suspect.released()
    let readings = try network.readings(claim.passports)
    var flipped = Set(order.prefix(share: rate))
    var (matches, first) = (0, 0)
    for layer in claim.layers {
      let path = layer.passport.path
      guard let reading = readings[path] else { throw NetworkError("the model has no layer \(path)", help: misfit) }
      let signs = (first..<first + reading.scale.count).map { flipped.remove($0) == nil ? Float(1) : -1 }
      let scale = try reading.scale * Tensor(signs, shape: reading.scale.shape)
      first += signs.count
      matches += layer.passport.signature.matches(scale)
      try network.replace(path + ".bn.weight", by: layer.throughBlock(scale), help: misfit)
      try network.replace(path + ".bn.bias", by: layer.throughBlock(reading.shift), help: misfit)
      try network.take(layer.statistics, at: path, help: misfit)
    }
    for branch in claim.branches { try network.take(branch.tensors, at: branch.path, help: misfit) }
    return Outcome(network: network, bits: try ForgeryMeasurement.BitCount(matches: matches, bits: claim.bits))
  }
}

extension Claim.Layer {
  /// F(w) = F₂ · LeakyReLU(F₁ · w); w itself without an FC block.
  fileprivate func throughBlock(_ w: Tensor) throws -> Tensor {
    guard let first = block["fc.0.weight"], let second = block["fc.2.weight"] else { return w }
    return try PassportNormalizationLayer.block(w, first: first, second: second)
  }
}

extension Network {
  /// Puts what a claim keeps as `bn1.*` into the place of an ordinary normalisation's `bn.*`.
  fileprivate mutating func take(_ tensors: [String: Tensor], at path: String, help: String) throws {
    for (name, tensor) in tensors where name.hasPrefix("bn1.") {
      try replace("\(path).bn.\(name.dropFirst("bn1.".count))", by: tensor, help: help)
    }
  }
}
