import Datasets
import Files
import Keys
import Networks
import Passports

/// What an owner lays down after training and before anybody disputes: everything that could otherwise be chosen later.
///
/// It names the key, the statement, the layers with their FC blocks and passport-aware statistics, the released model,
/// the triggers and the thresholds, each by its SHA-256; it is signed by the identity. It holds no secret. Nothing in it
/// says when it was made: that is for somebody else to say (RFC 3161, a notary, a public log).
public struct Commitment: Sendable, Equatable {
  /// What is fixed of one layer.
  public struct Layer: Sendable, Equatable {
    public var path: String
    public var source: String
    public var normalization: NormalizationKind
    public var form: PassportForm
    /// Shape of the passports, without the batch.
    public var passport: [Int]
    /// One signature bit each.
    public var channels: Int
    /// SHA-256 of the FC block and the passport-aware statistics.
    public var privateSHA256: String
  }

  public var identity: Identity
  public var statement: String
  /// SHA-256 of the owner's secret.
  public var secretSHA256: String
  public var layers: [Layer]
  /// SHA-256 of the passport-aware normalisations of T-Nets.
  public var branchesSHA256: String
  /// SHA-256 of the released model.
  public var modelSHA256: String
  /// SHA-256 of the trigger set, inputs and labels; none without triggers.
  public var triggersSHA256: String?
  public var thresholds: Thresholds
  /// The version of Passbook that made it.
  public var tool: String
  /// 64 bytes of Ed25519 over the body's canonical bytes.
  public internal(set) var signature: [UInt8]

  /// Lays down a trained network and signs it.
  ///
  /// - Parameters:
  ///   - network: Carries its passport-aware branch.
  ///   - key: The owner's, whose passports the network was trained with.
  /// - Throws: `OwnershipError` where the signature is not in the network: there is nothing to commit to.
  public init(
    to network: Network, by key: OwnerKey, triggers: TriggerSet? = nil, thresholds: Thresholds = Thresholds()
  ) throws {
    try thresholds.check()
    if let name = network.parameterNames.first(where: { network.parameters[$0]?.isFinite == false }) {
      throw OwnershipError("\(name) holds values that are no numbers: there is nothing to commit to")
    }
    let claim = try Claim(
      of: network, passports: Passport(key).issue(for: network), triggerHash: triggers?.sha256)
    let released = try network.released(passports: claim.passports)
    let found = try Verification(released, claim: claim)
    guard found.log10P < thresholds.signatureLog10 else {
      let chance = (found.log10P * 10).rounded() / 10
      throw OwnershipError(
        "the network does not show this owner's signature: \(found.matches) of \(found.bits) bits, log10 p = \(chance), "
          + "and the threshold is \(thresholds.signatureLog10)",
        help: found.matches == found.bits
          ? "more channels with passports give more bits" : "train it with the key: train(net, data, passport: owner, ...)")
    }
    identity = key.identity
    statement = key.statement
    secretSHA256 = key.secretHash.hexadecimal
    layers = claim.layers.map(Layer.init)
    branchesSHA256 = claim.branchesSHA256
    modelSHA256 = try released.sha256()
    triggersSHA256 = triggers?.sha256
    self.thresholds = thresholds
    tool = ToolVersion.text
    signature = []
    signature = key.signature(of: try bodyBytes())
  }

  /// SHA-256 of the body's canonical bytes, 32 of them: what an outside date is for.
  public func digest() throws -> [UInt8] { try Checksum.digest(of: bodyBytes()) }

  /// The same in hexadecimal.
  public func sha256() throws -> String { try digest().hexadecimal }

  /// Whether the identity signed what the commitment says.
  public func isSigned() throws -> Bool { identity.isSignature(signature, of: try bodyBytes()) }

  /// What a claim and a key bring that is not what was committed to, in words; none if all of it is.
  public func deviation(of claim: Claim, key: OwnerKey) throws -> String? {
    if key.identity != identity { return "the key is another's than the commitment's" }
    if key.statement != statement { return "the key is bound to another statement" }
    if key.secretHash.hexadecimal != secretSHA256 { return "the secret is not the committed one" }
    let brought = claim.layers.map(Layer.init)
    guard brought.count == layers.count else {
      return "the claim is on \(brought.count) layers, and the commitment on \(layers.count)"
    }
    for (brought, committed) in zip(brought, layers) where brought != committed {
      var same = brought
      same.privateSHA256 = committed.privateSHA256
      return same == committed
        ? "\(committed.path): FC block or statistics are not the committed ones"
        : "\(committed.path): the layer is not the committed one"
    }
    if claim.branchesSHA256 != branchesSHA256 { return "the branches of the T-Nets are not the committed ones" }
    return nil
  }
}

extension Commitment.Layer {
  init(_ layer: Claim.Layer) {
    self.init(
      path: layer.passport.path, source: layer.passport.source, normalization: layer.normalization, form: layer.form,
      passport: Array(layer.passport.scale.shape.dropFirst()), channels: layer.passport.signature.signs.count,
      privateSHA256: layer.privateSHA256)
  }
}
