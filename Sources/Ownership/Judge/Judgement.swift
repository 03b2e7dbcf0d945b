import Foundation

/// What a judge says of one claim.
public struct Verdict: Sendable {
  public var claimant: Claimant
  public var findings: [Finding]
  public var isAccepted: Bool
  /// Why, in a line.
  public var reason: String
  /// What was read in the suspect; none for one that was only asked, or that the claim does not fit.
  public var verification: Verification?

  public subscript(test: Finding.Test) -> Finding? { findings.first { $0.test == test } }
}

/// What a judge says of all claims to one suspect.
public struct Judgement: Sendable {
  public var rule: Judge.Rule
  /// How many suspects the claims were held against before this one was found, itself among them.
  public var suspects: Int
  /// When the suspect was first seen; none where nobody said so.
  public var since: Date?
  public var verdicts: [Verdict]
  /// SHA-256 of the suspect; none for one that was only asked.
  public var suspectSHA256: String?
  /// The version of Passbook that judged.
  public var tool: String

  public var accepted: [Verdict] { verdicts.filter(\.isAccepted) }

  /// Whose the suspect is, as far as this rule can say: the position of a verdict, or nil.
  public var winner: Int? {
    let holding = verdicts.indices.filter { verdicts[$0].isAccepted }
    // The same commitment brought twice is one claim.
    let distinct = Set(holding.map { (try? verdicts[$0].claimant.commitment?.sha256()) ?? "claim \($0)" })
    guard distinct.count > 1 else { return holding.first }
    // Later claims may be written into stolen weights; only a date that nobody of the parties made tells which came first,
    // and of a model that the suspect was made from: an early date of something else is soon got.
    let dated = holding.filter { verdicts[$0][.date]?.outcome == .passed && verdicts[$0][.descent]?.outcome == .passed }
    guard rule == .bound, dated.count == holding.count else { return nil }
    let times = dated.compactMap { verdicts[$0].claimant.date?.time }
    guard let first = times.min(), times.count(where: { $0 == first }) == 1 else { return nil }
    return dated.first { verdicts[$0].claimant.date?.time == first }
  }

  /// Why accepted claims cannot be told apart.
  private var tie: String {
    func all(_ test: Finding.Test) -> Bool { accepted.allSatisfy { $0[test]?.outcome == .passed } }
    if rule == .naive { return "this rule cannot tell them apart" }
    if !all(.date) { return "no outside dates tell which came first" }
    return all(.descent)
      ? "their outside dates are the same" : "not all dates are of a model that the suspect was shown to come from"
  }

  /// The ruling in a sentence.
  public var ruling: String {
    let names = accepted.map(\.claimant.name)
    guard let winner else {
      if names.isEmpty { return "no claim holds" }
      let which = names.joined(separator: " and ")
      return "undecided: the claims of \(which) hold, and \(tie)"
    }
    let name = verdicts[winner].claimant.name
    if names.count == 1 { return "the claim of \(name) holds" }
    return "the claim of \(name) holds: it has the earliest outside date of \(names.count)"
  }
}
