import Datasets
import Files
import Keys
import Networks
import Passports
import Timestamps

/// A claimant's files, side by side in one folder; what is not there was not brought.
public enum Dossier {
  /// The names in a dossier.
  public enum Part: String, CaseIterable, Sendable {
    /// `save(log.claim, ...)`; the only one that must be there.
    case claim = "claim.safetensors"
    /// `keypair(...)`
    case key = "owner.key"
    /// `commit(..., path: ...)`
    case commitment = "commitment.json"
    /// `timestamp_request(...)`
    case request = "commitment.tsq"
    /// What a time-stamping authority answered to the request.
    case reply = "commitment.tsr"
    /// `save(marks, ...)`
    case triggers = "triggers.safetensors"
    /// `save(release(net), ...)`, for re-alignment.
    case model = "model.safetensors"
    /// What a suspect that cannot be opened answers to the triggers.
    case answers = "answers.csv"
  }

  /// Reads what a folder holds.
  ///
  /// - Parameters:
  ///   - trusted: PEM file of the time-stamping authorities that the judge trusts; without it a reply is no date.
  ///   - passphrase: asked for that of the key, by its path.
  /// - Throws: `FileError` and the like for what is there and cannot be read: nothing is passed over in silence.
  public static func read(
    _ folder: String, trusted: String? = nil, passphrase: (String) throws -> [UInt8]
  ) throws -> Claimant {
    func path(_ part: Part) -> String? {
      let path = folder + "/" + part.rawValue
      return KeyFile.exists(at: path) ? path : nil
    }
    guard let claimPath = path(.claim) else {
      throw FileError(
        path: folder, reason: "this is no dossier: it holds no \(Part.claim.rawValue); save(log.claim, ...) writes one")
    }
    let name = folder.split(separator: "/").last.map(String.init) ?? folder
    var claimant = Claimant(name, claim: try Claim(Safetensors.File(path: claimPath)))
    claimant.key = try path(.key).map { try KeyFile.open($0, passphrase: passphrase($0)) }
    claimant.commitment = try path(.commitment).map { try Commitment(path: $0) }
    claimant.triggers = try path(.triggers).map { try TriggerSet(Safetensors.File(path: $0)) }
    claimant.model = try path(.model).map { try Network(Safetensors.File(path: $0), layers: .complete) }
    if let triggers = claimant.triggers {
      claimant.answers = try path(.answers).map { try PredictionFile.read($0, count: triggers.count, classes: triggers.classNames.count) }
    }
    if let commitment = claimant.commitment, let reply = path(.reply), let trusted {
      let nonce = try path(.request).flatMap { try TimestampRequest(contentsOf: $0).nonce }
      claimant.date = try OutsideDate(commitment, reply: reply, nonce: nonce, trusted: trusted)
    }
    return claimant
  }
}

extension OutsideDate {
  /// The date that a time-stamping authority gave a commitment (RFC 3161), checked without a network.
  ///
  /// - Parameters:
  ///   - nonce: that of the request, which the reply must repeat.
  ///   - trusted: PEM file of the certificates that are trusted.
  /// - Throws: `TimestampError` for a reply that is for something else, was not granted, or is signed by somebody else.
  public init(_ commitment: Commitment, reply: String, nonce: UInt64? = nil, trusted: String) throws {
    let stamp = try TimestampReply(reply, sha256: commitment.digest(), nonce: nonce, trusted: trusted)
    self.init(
      time: .init(timeIntervalSince1970: Double(stamp.seconds)), authority: stamp.authority,
      commitmentSHA256: try commitment.sha256())
  }
}
