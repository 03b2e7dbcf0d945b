import Datasets
import Keys
import Networks
import Passports

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

  /// What stands for a secret or a date in lessons, and proves nothing; none where all is in earnest.
  public var practice: String? {
    if key?.isPractice ?? false { return "a practice key" }
    return date?.isPractice ?? false ? "a practice date" : nil
  }

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

/// What is disputed.
public enum Suspect: Sendable {
  /// A model that can be opened.
  case network(Network)
  /// One that can only be asked; nil where each claimant brings what it answered.
  case service((@Sendable (TriggerSet) throws -> [Int32])?)
}
