import Networks
import Passports
import Tensors

/// Ambiguity attack I without training: a stranger brings random passports and claims the network with them.
///
/// The forger is given the owner's FC blocks and passport-aware statistics, which he would not have: the strongest form
/// of this attack, so that what it fails by is the passports alone.
public struct RandomForgery: Sendable {
  public var seed: UInt64

  public init(seed: UInt64) { self.seed = seed }

  /// The seed of one of many strangers.
  public static func seed(_ seed: UInt64, attempt: Int) -> UInt64 {
    var stream = RandomStream(seed: seed, name: "forge/attempt").substream(attempt)
    return stream.next()
  }

  /// A claim like the owner's with other passports and a signature of the forger's own.
  public func forge(_ claim: Claim) throws -> Claim {
    var forged = claim
    forged.triggerHash = nil
    for index in forged.layers.indices {
      let passport = claim.layers[index].passport
      forged.layers[index].passport.scale = try random(passport.scale.shape, "forge/scale/" + passport.path)
      forged.layers[index].passport.shift = try random(passport.shift.shape, "forge/shift/" + passport.path)
      forged.layers[index].passport.signature = .drawn(like: passport, seed: seed)
    }
    return forged
  }

  private func random(_ shape: Shape, _ name: String) throws -> Tensor {
    var stream = RandomStream(seed: seed, name: name)
    let count = try shape.elementCount()
    return try Tensor(shape: shape) { target in
      stream.fillUniform(UnsafeMutableBufferPointer(start: target, count: count), from: -1, to: 1)
    }
  }
}
