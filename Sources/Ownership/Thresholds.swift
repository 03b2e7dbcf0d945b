/// From where on a test is passed, declared before anybody looks: chances as log10, the gap as a share of 1. A claimant
/// may only be stricter than the judge with chances, or he would grind secrets until one is lucky enough.
public struct Thresholds: Sendable, Equatable {
  /// The signature's chance, after correction for claims, suspects and choices, must lie below.
  public var signatureLog10: Double
  /// The passport-aware branch may fall short of the passport-free one by so much.
  public var gap: Double
  /// The triggers' chance must lie below.
  public var triggersLog10: Double

  public init(signatureLog10: Double = -20, gap: Double = 0.05, triggersLog10: Double = -6) {
    self.signatureLog10 = signatureLog10
    self.gap = gap
    self.triggersLog10 = triggersLog10
  }

  /// - Throws: `OwnershipError` for values that would let everybody pass.
  func check() throws {
    guard signatureLog10 <= -20, triggersLog10 <= -6, signatureLog10.isFinite, triggersLog10.isFinite else {
      throw OwnershipError(
        "a threshold can only be stricter than the judge's: log10 at most -20 for the signature, -6 for triggers",
        help: "thresholds: {signature: -30, triggers: -10, gap: 5%}")
    }
    guard (0...1).contains(gap) else {
      throw OwnershipError("the gap is a share from 0% to 100%", help: "thresholds: {gap: 5%}")
    }
  }
}
