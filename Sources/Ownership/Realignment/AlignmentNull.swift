import Networks
import Passports

/// What re-alignment finds in models that have nothing to do with the owner's: the measure of any other.
///
/// Independent models are of the owner's topology, and trained by somebody else from another start; better on other data
/// as well. With N of them, a suspect that is none of theirs is nearer than all of them with a chance of 1 in N + 1.
public struct AlignmentNull: Sendable {
  /// One independent model, aligned like a suspect.
  public struct Entry: Sendable {
    /// Mean |cosine|, as `Realignment.cosine` has it.
    public var cosine: Double
    public var matches: Int
    public var bits: Int
  }

  public var entries: [Entry]

  public init(entries: [Entry]) { self.entries = entries }

  /// - Parameters:
  ///   - observe: called after each model with how many are done.
  /// - Throws: `NetworkError` where a model has another topology; whatever `poll` throws.
  public init(
    reference: Network, claim: Claim, independents: [Network], poll: @escaping () throws -> Void = {},
    observe: (Int) -> Void = { _ in }
  ) throws {
    entries = try independents.enumerated().map { index, model in
      let aligned = try Realignment(of: model, to: reference, claim: claim, poll: poll)
      let found = try Verification(aligned.network, claim: aligned.claim)
      observe(index + 1)
      return Entry(cosine: aligned.cosine, matches: found.matches, bits: found.bits)
    }
  }

  /// The largest mean |cosine| of an independent model; none where there is no model.
  public var largest: Double? { entries.map(\.cosine).max() }

  /// The mean |cosine| of the independent models.
  public var mean: Double? {
    entries.isEmpty ? nil : entries.reduce(0) { $0 + $1.cosine } / Double(entries.count)
  }

  /// The share of bits that match in independent models, all together; near one half if the alignment convicts nobody.
  public var signature: Double? {
    let bits = entries.reduce(0) { $0 + $1.bits }
    return bits == 0 ? nil : Double(entries.reduce(0) { $0 + $1.matches }) / Double(bits)
  }

  /// The chance of a bit in an innocent's alignment, never below 1/2: what the best of the independent models matches, or
  /// the upper 95 % end of what all of them match together, if that is more; 1/2 where there are none.
  ///
  /// Rows of smooth filters say something of W S even without what lies along S, and an owner could choose his rows so
  /// that they say more. Whatever he or chance makes of an innocent, he makes of the independent models, too.
  public var bitChance: Double {
    get throws {
      let shares = entries.filter { $0.bits > 0 }.map { Double($0.matches) / Double($0.bits) }
      guard let best = shares.max() else { return 0.5 }
      let (matches, bits) = entries.reduce((0, 0)) { ($0.0 + $1.matches, $0.1 + $1.bits) }
      return try max(0.5, best, ClopperPearson.upperBound(successes: matches, trials: bits))
    }
  }

  /// Whether an alignment is nearer than that of every independent model.
  public func accepts(_ alignment: Realignment) -> Bool {
    largest.map { alignment.cosine > $0 } ?? false
  }

  /// Refuses by name a test on an alignment that is no nearer than chance.
  public func check(_ alignment: Realignment) throws {
    guard let largest else {
      throw NetworkError(
        "re-alignment: there are no independent models to compare with, so nothing can be concluded from it",
        help: "train some of the same topology from other seeds: independents: [model, ...]")
    }
    guard accepts(alignment) else {
      throw NetworkError(
        "re-alignment: mean |cosine| \(alignment.cosine.decimals(4)) is not distinguishable from independent models "
          + "(the nearest of \(entries.count) has \(largest.decimals(4))\(largest > 0.9 ? ", as only copies do" : ""))",
        help: "the signature cannot be read of this suspect by re-alignment")
    }
  }
}

extension Double {
  /// With so many digits behind the point.
  fileprivate func decimals(_ count: Int) -> String {
    var unit = 1.0
    for _ in 0..<count { unit *= 10 }
    return "\((self * unit).rounded() / unit)"
  }
}
