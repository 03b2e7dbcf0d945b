import Networks
import Passports
import Tensors

/// Writes anybody's signature into anybody's network, without data, training or loss: each row whose reading has the wrong
/// sign goes to its negative, and so do the mean and the scale of the normalisation behind it.
///
///     W → -W, μ → -μ, γ → -γ        the same function        sign(W S) → -sign(W S)
///
/// The copy shows all bits, the original none of them. But whoever re-aligns the original to the copy undoes the flips, and
/// reads the planted bits in the original, too: after re-alignment only time tells who copied whom (`Precedence`).
public struct SignPlanting {
  public var passport: Passport

  public init(_ passport: Passport) { self.passport = passport }

  /// What the attack leaves.
  public struct Outcome {
    /// Computes what the suspect does; an ordinary network.
    public var network: Network
    /// Layers whose rows cannot be negated alone, and why.
    public var skipped: [String]
  }

  /// - Throws: `NetworkError` where no layer can carry a passport, or not one row can be negated.
  public func apply(to suspect: Network) throws -> Outcome {
    let network = try suspect.released()
    let carrier = try network.protecting(.all, seed: 0)
    let structure = try ChannelStructure(of: network)
    var rewriting = ChannelRewriting(keeping: structure)
    var skipped: [String] = []
    let passports = try passport.issue(for: carrier)
    for passport in passports {
      guard let node = network.nodes.firstIndex(where: { $0.path == passport.source }),
        let rows = structure.outputs[node].first
      else { continue }
      let scale = structure.scales[rows.scale]
      guard scale.mayFlip, scale.signBlock == 1 else {
        skipped.append("\(passport.source): no normalisation takes the sign of a row back")
        continue
      }
      let reading = try carrier.scaleReading(passport).elements
      rewriting.gains[rows.scale] = zip(reading, passport.signature.signs).map { $0 * $1 < 0 ? -1 : 1 }
    }
    guard skipped.count < passports.count else {
      throw NetworkError("plant: not one row can be negated without changing what it computes", help: skipped.first)
    }
    return Outcome(network: try rewriting.apply(to: network, structure: structure), skipped: skipped)
  }
}
