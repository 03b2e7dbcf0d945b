import Language
import Ownership

/// What a judge said: a ruling, and every test of every claim.
struct JudgementObject: ObjectValue {
  let judgement: Judgement

  var kindName: String { "a judgement" }
  var fieldNames: [String] { ["ruling", "rule", "winner", "accepted", "claims", "tests", "suspects"] }
  var summary: String { judgement.ruling }

  func describe() -> String {
    ([Session.wrapped(judgement.ruling, indent: 0)]
      + judgement.verdicts.flatMap { verdict in
        [head(of: verdict)] + verdict.findings.map(line) + ignored(verdict.claimant)
      }).joined(separator: "\n")
  }

  private func head(of verdict: Verdict) -> String {
    "\(verdict.claimant.name): \(verdict.isAccepted ? "accepted" : "rejected")"
      + (verdict.claimant.practice.map { ", by \($0), which proves nothing" } ?? "")
  }

  private func ignored(_ claimant: Claimant) -> [String] {
    guard !claimant.ignored.isEmpty else { return [] }
    let start = "  " + "not read".padded(to: 12)
    return [Session.wrapped(start + claimant.ignored.joined(separator: ", "), indent: start.count)]
  }

  private func line(_ finding: Finding) -> String {
    let start = "  " + finding.test.rawValue.padded(to: 12) + finding.outcome.rawValue.padded(to: 9)
    var text = finding.text
    if let corrected = finding.correctedLog10P { text += ", log10 p = \(corrected.trimmed(decimals: 1))" }
    return Session.wrapped(start + text, indent: start.count)
  }

  func field(_ name: String) throws -> Value? {
    switch name {
    case "ruling": .text(judgement.ruling)
    case "rule": .text(judgement.rule.rawValue)
    case "winner": judgement.winner.map { .text(judgement.verdicts[$0].claimant.name) } ?? Value.none
    case "accepted": try .list(judgement.verdicts.map { .boolean($0.isAccepted) })
    case "claims": .object(try claims())
    case "tests": .object(try tests())
    case "suspects": .integer(judgement.suspects)
    default: nil
    }
  }

  private func claims() throws -> Table {
    let verdicts = judgement.verdicts
    func numbers(_ value: (Verification) -> Value) -> [Value] { verdicts.map { $0.verification.map(value) ?? Value.none } }
    return try Table([
      ("claim", verdicts.map { .text($0.claimant.name) }), ("accepted", verdicts.map { .boolean($0.isAccepted) }),
      ("matches", numbers { .integer($0.matches) }), ("bits", numbers { .integer($0.bits) }),
      ("log10_p", verdicts.map { $0[.signature]?.correctedLog10P.map { .number($0) } ?? Value.none }),
      ("free", numbers { $0.free.map(Value.rate) ?? Value.none }),
      ("aware", numbers { $0.aware.map(Value.rate) ?? Value.none }), ("reason", verdicts.map { .text($0.reason) }),
    ])
  }

  private func tests() throws -> Table {
    let rows = judgement.verdicts.flatMap { verdict in verdict.findings.map { (verdict.claimant.name, $0) } }
    return try Table([
      ("claim", rows.map { .text($0.0) }), ("test", rows.map { .text($0.1.test.rawValue) }),
      ("outcome", rows.map { .text($0.1.outcome.rawValue) }),
      ("log10_p", rows.map { $0.1.correctedLog10P.map { .number($0) } ?? Value.none }),
      ("finding", rows.map { .text($0.1.text) }),
    ])
  }
}

extension Judgement {
  /// As the prompt shows it: the ruling, and every test of every claim.
  public var text: String { JudgementObject(judgement: self).describe() }
}

extension Verification {
  /// As the prompt shows it.
  public var text: String { VerificationObject(verification: self).describe() }
}

extension String {
  fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}
