import Glibc
import Keys
import Networks
import Passports

/// How often the innocent are convicted: fresh secrets held against models that know nothing of them.
///
/// The binomial says what chance does to bits that are independent; this measures it on the weights that are at hand.
public struct FalseClaims: Sendable {
  /// How many pairs of a secret and a model were tried.
  public var trials: Int
  /// Bits of one claim.
  public var bits: Int
  /// Matches of each trial.
  public var matches: [Int]
  /// Trials whose chance lay below the threshold.
  public var convicted: Int
  /// log10 of the chance from which on a claim is believed.
  public var threshold: Double

  /// - Parameters:
  ///   - networks: Protected networks, for the layers that carry passports; not trained with any of the secrets.
  ///   - count: Secrets a network.
  ///   - poll: Called before each trial; throws to stop.
  ///   - observe: Called after each trial with how many are done.
  public init(
    against networks: [Network], count: Int, seed: UInt64, threshold: Double = Thresholds().signatureLog10,
    poll: () throws -> Void = {}, observe: (Int) -> Void = { _ in }
  ) throws {
    guard count >= 1, !networks.isEmpty else { throw OwnershipError("at least one secret is needed, and one model") }
    var matches: [Int] = []
    var most = 0
    var convicted = 0
    for network in networks {
      for number in 0..<count {
        try poll()
        let key = try OwnerKey(practice: seed &+ UInt64(matches.count), statement: "stranger \(number)")
        let passports = try Passport(key).issue(for: network)
        let found = try passports.reduce(0) { try $0 + $1.signature.matches(network.scaleReading($1)) }
        let bits = passports.reduce(0) { $0 + $1.signature.signs.count }
        most = max(most, bits)
        matches.append(found)
        if try BinomialTail.log10(matches: found, trials: bits) < threshold { convicted += 1 }
        observe(matches.count)
      }
    }
    (trials, bits, self.matches, self.convicted, self.threshold) = (matches.count, most, matches, convicted, threshold)
  }

  /// The mean share of matching bits; 1/2 by chance.
  public var mean: Double { Double(matches.reduce(0, +)) / Double(trials * bits) }

  /// The standard deviation of the share of matching bits; 1/(2√bits) by chance.
  public var deviation: Double {
    let shares = matches.map { Double($0) / Double(bits) }
    let centre = shares.reduce(0, +) / Double(trials)
    return (shares.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / Double(max(trials - 1, 1))).squareRoot()
  }

  /// log10 of the smallest chance that a stranger had; about -log10(trials) by chance.
  public func smallestLog10P() throws -> Double {
    try BinomialTail.log10(matches: matches.max() ?? 0, trials: bits)
  }

  /// The rate of false convictions is below this with 95 % confidence; about 3/trials where there was none.
  public func bound() throws -> Double {
    try ClopperPearson.upperBound(successes: convicted, trials: trials, confidence: 0.95)
  }
}
