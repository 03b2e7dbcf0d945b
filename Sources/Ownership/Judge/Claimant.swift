import Datasets
import Foundation
import Keys
import Networks
import Passports
import Timestamps

/// One party of a dispute, with everything that it brings.
public struct Claimant: Sendable {
  /// How the judgement calls it.
  public var name: String
  public var claim: Claim
  /// The key whose secret is laid open to the judge; none where the passports are free.
  public var key: OwnerKey?
  public var commitment: Commitment?
  /// Who else says since when the commitment exists.
  public var date: OutsideDate?
  public var triggers: TriggerSet?
  /// What a suspect that cannot be opened said to the triggers, in their order.
  public var answers: [Int32]?
  /// The claimant's own released model, which re-alignment compares a suspect with.
  public var model: Network?
  /// What was brought and cannot be read, or not be checked: it counts against this claimant alone.
  public var flaws: [Finding.Test: Flaw] = [:]
  /// Names of files in its folder that are no part of a dossier.
  public var ignored: [String] = []

  public struct Flaw: Sendable, Equatable {
    public var outcome: Finding.Outcome
    public var text: String

    public init(outcome: Finding.Outcome, text: String) {
      self.outcome = outcome
      self.text = text
    }
  }

  public init(
    _ name: String, claim: Claim, key: OwnerKey? = nil, commitment: Commitment? = nil, date: OutsideDate? = nil,
    triggers: TriggerSet? = nil, answers: [Int32]? = nil, model: Network? = nil
  ) {
    self.name = name
    self.claim = claim
    self.key = key
    self.commitment = commitment
    self.date = date
    self.triggers = triggers
    self.answers = answers
    self.model = model
  }
}

/// The word of an outside authority on when a commitment existed; a clock of one's own proves nothing.
public struct OutsideDate: Sendable, Equatable {
  public var time: Date
  public var authority: String
  /// SHA-256 of the commitment that it was given for.
  public var commitmentSHA256: String

  public init(time: Date, authority: String, commitmentSHA256: String) {
    self.time = time
    self.authority = authority
    self.commitmentSHA256 = commitmentSHA256
  }

  /// `2026-11-29 14:05:00 UTC`
  public var text: String { TimestampReply.text(Int64(time.timeIntervalSince1970)) }
}

/// What is disputed.
public enum Suspect: Sendable {
  /// A model that can be opened.
  case network(Network)
  /// One that can only be asked; nil where each claimant brings what it answered.
  case service((@Sendable (TriggerSet) throws -> [Int32])?)
}
