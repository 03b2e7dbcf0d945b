import Networks
import Passports
import Tensors

/// Ambiguity attack I: passports of normal numbers, trained until the passport-aware branch works with them
/// ("reverse-engineered"; released code `amb_attack.py`, type `fake2-1`).
///
/// The cross-entropy of the passport-aware branch is all that counts. The forger's signature is drawn beforehand and
/// not trained for, so that it matches what his passports show by chance.
public struct ReverseForgery: PassportForgery {
  /// What the passports start as.
  public enum Start: String, Sendable, CaseIterable {
    /// N(0, 1), as for images.
    case normal
    /// 0.001 · N(0, 1), as the released code has it for point clouds.
    case small

    var deviation: Float { self == .normal ? 1 : 0.001 }
  }

  public var start: Start
  public var blocks: ForgedBlocks

  public init(start: Start = .normal, blocks: ForgedBlocks = .kept) {
    self.start = start
    self.blocks = blocks
  }

  public var objective: ForgeryObjective { ForgeryObjective() }

  public func passports(from owner: [IssuedPassport], seed: UInt64) throws -> [IssuedPassport] {
    try owner.map { passport in
      func drawn(_ tensor: Tensor, _ role: String) throws -> Tensor {
        let stream = RandomStream(seed: seed, name: "forge/reverse/\(role)/\(passport.path)")
        return try .normal(tensor.shape, deviation: start.deviation, stream)
      }
      var forged = passport
      forged.scale = try drawn(passport.scale, "scale")
      forged.shift = try drawn(passport.shift, "shift")
      forged.signature = .drawn(like: passport, seed: seed)
      return forged
    }
  }
}
