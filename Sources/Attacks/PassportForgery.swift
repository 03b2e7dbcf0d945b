import Networks
import Passports
import Tensors
import Training

/// An ambiguity attack: passports that the owner never issued, made to fit weights that are left as they are, so that
/// two parties can claim one network (Zhang et al. 2020, section 4.3).
///
/// The forger is given the owner's FC blocks, passport-aware statistics and passports. What he starts from and what he
/// minimises is the attack; `PassportTraining` is how he gets there.
public protocol PassportForgery: Sendable {
  /// What becomes of the owner's FC blocks.
  var blocks: ForgedBlocks { get }
  /// What the forger minimises.
  var objective: ForgeryObjective { get }

  /// The passports that training starts from, and the signature that the forger will claim.
  ///
  /// - Throws: `NetworkError` for settings that are out of range.
  func passports(from owner: [IssuedPassport], seed: UInt64) throws -> [IssuedPassport]
}

/// What a forger does with the FC blocks of the owner's claim.
public enum ForgedBlocks: String, Sendable, CaseIterable {
  /// They stay as the owner trained them: the strongest forger, who stole them too.
  case kept
  /// They start anew from Xavier's normal distribution and are not trained: what the released code does in attack II.
  case reset
  /// They start anew and are trained along with the passports.
  case trained
}

/// What a forger minimises on a batch, beside the cross-entropy of the passport-aware branch:
///
///     L = L_CE + Σ 1/MSE(p, p') + λ₂ Σ_layers Σ_channels max(α₀ - b' · w, 0)   (+ 1e-5 Σ w²)
///
/// The first sum goes over the passports of scale and shift of every layer, p the owner's and p' the forged ones; b' is
/// the forger's signature.
public struct ForgeryObjective: Sendable {
  /// Whether the forged passports are driven away from the owner's.
  public var keepsDistance: Bool
  /// The sign loss towards the forger's signature; none where it is not trained for.
  public var sign: Objective?

  public init(keepsDistance: Bool = false, sign: Objective? = nil) {
    self.keepsDistance = keepsDistance
    self.sign = sign
  }
}

extension Claim {
  /// The claim that a forger starts with: his passports and signature, the owner's statistics, and FC blocks as asked.
  func forged(by forgery: some PassportForgery, seed: UInt64) throws -> Claim {
    var forged = self
    forged.triggerHash = nil
    for (index, passport) in try forgery.passports(from: passports, seed: seed).enumerated() {
      forged.layers[index].passport = passport
    }
    guard forgery.blocks != .kept else { return forged }
    for index in forged.layers.indices {
      let layer = forged.layers[index]
      for (name, tensor) in layer.block {
        forged.layers[index].block[name] = try .xavier(
          tensor.shape, RandomStream(seed: seed, name: "forge/\(layer.passport.path).\(name)"))
      }
    }
    return forged
  }
}

extension Tensor {
  /// Normal numbers of this deviation.
  static func normal(_ shape: Shape, deviation: Float = 1, _ stream: RandomStream) throws -> Tensor {
    var stream = stream
    let count = try shape.elementCount()
    return try Tensor(shape: shape) { target in
      stream.fillNormal(UnsafeMutableBufferPointer(start: target, count: count), deviation: deviation)
    }
  }

  /// Weights [out, in] of deviation √(2 / (in + out)) (Glorot & Bengio 2010; PyTorch's `xavier_normal_`).
  static func xavier(_ shape: Shape, _ stream: RandomStream) throws -> Tensor {
    try normal(shape, deviation: (2 / Float(max(shape.reduce(0, +), 1))).squareRoot(), stream)
  }
}

extension Signature {
  /// A signature of the forger's own, drawn at random.
  static func drawn(like owner: IssuedPassport, seed: UInt64) -> Signature {
    var stream = RandomStream(seed: seed, name: "forge/signature/" + owner.path)
    return Signature(signs: owner.signature.signs.map { _ in stream.sign() })
  }
}
