/// What one test of a claim came to.
public struct Finding: Sendable, Equatable {
  /// The tests, in the order in which a judge goes through them.
  public enum Test: String, Sendable, CaseIterable {
    /// The claimant laid down beforehand what is claimed, and brings just that.
    case commitment
    /// Somebody else says since when.
    case date
    /// Passports and signature bits follow from the secret and the statement.
    case derivation
    /// The suspect's channels are brought into the order of the claimant's model before anything is read.
    case realignment
    /// The signs that the passports read in the weights.
    case signature
    /// The suspect was made from the model that was committed to; asked where claims compete by their dates.
    case descent
    /// The branch that the claimant puts back predicts as well as the suspect itself.
    case fidelity
    /// The suspect knows the trigger set.
    case triggers
  }

  public enum Outcome: String, Sendable {
    case passed, failed
    /// Its assumptions do not hold, or what it needs was not brought: it says nothing, for or against.
    case refused
  }

  public var test: Test
  public var outcome: Outcome
  /// What was found, in words.
  public var text: String
  /// log10 of the chance that a stranger does as well.
  public var log10P: Double?
  /// The same, times claims, suspects and choices (Bonferroni).
  public var correctedLog10P: Double?
  /// What the chance rests on.
  public var assumption: String?

  init(
    _ test: Test, _ outcome: Outcome, _ text: String, log10P: Double? = nil, correctedLog10P: Double? = nil,
    assumption: String? = nil
  ) {
    self.test = test
    self.outcome = outcome
    self.text = text
    self.log10P = log10P
    self.correctedLog10P = correctedLog10P
    self.assumption = assumption
  }
}
