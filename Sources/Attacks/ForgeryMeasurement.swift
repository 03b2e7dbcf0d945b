import Execution
import Networks
import Ownership
import Passports
import Training

/// What a forged claim shows of a network, beside the owner's.
public struct ForgeryMeasurement: Sendable {
  /// Accuracy of the passport-aware branch that the forged claim puts around the network's weights; none without data.
  public var accuracy: Double?
  /// The owner's signature as the forged passports show it.
  public var ownerBits: BitCount
  /// The signature that the forger claims.
  public var forgerBits: BitCount
  public var distance: PassportDistance

  /// How many bits of a signature are shown, and how likely that is by chance.
  public struct BitCount: Sendable, Equatable {
    public var matches: Int
    public var bits: Int
    /// log10 of the chance that random signs match as often.
    public var log10P: Double

    public init(matches: Int, bits: Int) throws {
      self.matches = matches
      self.bits = bits
      log10P = try BinomialTail.log10(matches: matches, trials: bits)
    }

    public var share: Double { Double(matches) / Double(max(bits, 1)) }

    fileprivate init(_ passports: [IssuedPassport], in network: Network) throws {
      let readings = try network.readings(passports)
      let matches = passports.reduce(0) { sum, passport in
        sum + (readings[passport.path].map { passport.signature.matches($0.scale) } ?? 0)
      }
      try self.init(matches: matches, bits: passports.reduce(0) { $0 + $1.signature.signs.count })
    }
  }

  /// - Throws: `NetworkError` where the forged claim does not fit the suspect.
  public init(
    of forged: Claim, beside owner: Claim, on suspect: Network, data: (any Samples)? = nil,
    options: ExecutionOptions = ExecutionOptions()
  ) throws {
    let attached = try suspect.attaching(forged)
    forgerBits = try BitCount(forged.passports, in: attached)
    let signedByOwner = zip(forged.passports, owner.passports).map { forged, owner in
      var passport = forged
      passport.signature = owner.signature
      return passport
    }
    ownerBits = try BitCount(signedByOwner, in: attached)
    distance = PassportDistance(from: owner.passports, to: forged.passports)
    accuracy = try data.map { try Predictor(attached, passports: forged.passports, options: options).accuracy($0) }
  }
}
