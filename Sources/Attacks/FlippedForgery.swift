import Networks
import Passports
import Tensors
import Training

/// Ambiguity attack II: from the owner's own passports to others that show another signature and lie elsewhere
/// (released code `amb_attack.py`, type `fake3_10s`).
///
/// The passports start at the owner's + 0.001 · N(0, 1). ⌊x · C⌋ of the C bits of every layer are flipped, and the
/// objective has all three terms: cross-entropy, Σ 1/MSE to the owner's passports, and the sign loss towards the
/// flipped signature. The released code starts the FC blocks anew and, though it means to, does not train them: that is
/// `blocks: .reset`; here they are kept unless asked otherwise.
public struct FlippedForgery: PassportForgery {
  /// Share of each layer's bits that differ from the owner's, 0 to 1.
  public var rate: Double
  public var blocks: ForgedBlocks
  /// Weight of the sign loss; 0.1 for images in the released code, and 1000 times that for point clouds.
  public var lambdaSign: Float

  static let perturbation: Float = 0.001

  public init(rate: Double, blocks: ForgedBlocks = .kept, lambdaSign: Float = 0.1) {
    self.rate = rate
    self.blocks = blocks
    self.lambdaSign = lambdaSign
  }

  public var objective: ForgeryObjective {
    ForgeryObjective(keepsDistance: true, sign: Objective(lambdaSign: lambdaSign))
  }

  public func passports(from owner: [IssuedPassport], seed: UInt64) throws -> [IssuedPassport] {
    guard (0...1).contains(rate) else {
      throw NetworkError(
        "forge: the rate is a share of the bits from 0% to 100%, not \(rate.asShare)", help: "rate: 10%")
    }
    return try owner.map { passport in
      func moved(_ tensor: Tensor, _ role: String) throws -> Tensor {
        let stream = RandomStream(seed: seed, name: "forge/flip/\(role)/\(passport.path)")
        return try tensor + Tensor.normal(tensor.shape, stream) * Tensor(Self.perturbation)
      }
      var forged = passport
      forged.scale = try moved(passport.scale, "scale")
      forged.shift = try moved(passport.shift, "shift")
      var stream = RandomStream(seed: seed, name: "forge/flip/signature/" + passport.path)
      forged.signature = passport.signature.flipped(rate, order: stream.permutation(passport.signature.signs.count))
      return forged
    }
  }
}

extension Signature {
  /// The signature with the signs at the first ⌊rate · count⌋ positions of an order reversed.
  func flipped(_ rate: Double, order: [Int]) -> Signature {
    var signs = signs
    for position in order.prefix(share: rate) where signs.indices.contains(position) { signs[position] *= -1 }
    return Signature(signs: signs)
  }
}

extension Array {
  /// The first ⌊share · count⌋ elements; what is a whole number but for rounding, as 29 % of 100, counts as that.
  func prefix(share: Double) -> ArraySlice<Element> {
    prefix(Int(exactly: (share * Double(count) + 1e-9).rounded(.down)).map { Swift.max($0, 0) } ?? 0)
  }
}
