import Datasets
import Files
import Foundation
import Keys
import Networks
import Passports
import Tensors
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
  ///   - openKey: opens the key at a path.
  /// - Throws: `FileError` for a folder that is no dossier. What is there and cannot be read is held against its claimant
  ///   (`Claimant.flaws`): nobody stops a judgement by a broken file of his own.
  public static func read(
    _ folder: String, trusted: String? = nil, openKey: (String) throws -> OwnerKey
  ) throws -> Claimant {
    func path(_ part: Part) -> String? {
      let path = folder + "/" + part.rawValue
      return FileReader.isThere(path) ? path : nil
    }
    guard let claimPath = path(.claim) else {
      throw FileError(
        path: folder, reason: "this is no dossier: it holds no \(Part.claim.rawValue); save(log.claim, ...) writes one")
    }
    let name = folder.split(separator: "/").last.map(String.init) ?? folder
    var flaws: [Finding.Test: Claimant.Flaw] = [:]
    func part<Value>(_ part: Part, for test: Finding.Test, _ read: (String) throws -> Value) throws -> Value? {
      guard let path = path(part) else { return nil }
      do {
        return try read(path)
      } catch let error where Self.isFlaw(error) {
        let message = (error as? any ExplainedError)?.message ?? String(describing: error)
        flaws[test] = Claimant.Flaw(
          outcome: .failed, text: message.contains(part.rawValue) ? message : "\(part.rawValue): \(message)")
        return nil
      }
    }
    let claim = try part(.claim, for: .derivation) { try Claim(Safetensors.File(path: $0)) }
    var claimant = Claimant(name, claim: claim ?? Claim(layers: [], triggerHash: nil))
    claimant.ignored = strangers(in: folder)
    claimant.key = try part(.key, for: .derivation, openKey)
    claimant.commitment = try part(.commitment, for: .commitment) { try Commitment(path: $0) }
    claimant.triggers = try part(.triggers, for: .triggers) { try TriggerSet(Safetensors.File(path: $0)) }
    claimant.model = try part(.model, for: .realignment) { try Network(Safetensors.File(path: $0), layers: .complete) }
    if let triggers = claimant.triggers {
      claimant.answers = try part(.answers, for: .triggers) {
        try PredictionFile.read($0, count: triggers.count, classes: triggers.classNames.count)
      }
    }
    if let commitment = claimant.commitment, path(.reply) != nil {
      guard let trusted else {
        flaws[.date] = Claimant.Flaw(
          outcome: .refused, text: "a reply is there; it counts once the judge names trusted certificates")
        claimant.flaws = flaws
        return claimant
      }
      let nonce = try part(.request, for: .date) { try TimestampRequest(contentsOf: $0).nonce } ?? nil
      claimant.date = try part(.reply, for: .date) {
        try OutsideDate(commitment, reply: $0, nonce: nonce, trusted: trusted)
      }
    }
    claimant.flaws = flaws
    return claimant
  }

  /// Files that nobody asks for: a part under another name would be missed otherwise.
  private static func strangers(in folder: String) -> [String] {
    let parts = Part.allCases.map(\.rawValue)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { !$0.hasPrefix(".") && !parts.contains($0) }.sorted()
  }

  /// Whether an error is of a file that was brought, and not of whoever judges, such as Ctrl-C.
  private static func isFlaw(_ error: any Error) -> Bool {
    error is FileError || error is any ExplainedError || error is DatasetError || error is TimestampError
  }
}
