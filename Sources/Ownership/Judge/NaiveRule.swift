import Networks

/// The papers' rule: whatever the claimant brings is put around the suspect's weights, and counts.
struct NaiveRule {
  let judge: Judge
  private let thresholds = Thresholds()

  init(judge: Judge) { self.judge = judge }

  func verdict(on claimant: Claimant, _ suspect: Suspect) throws -> Verdict {
    var findings: [Finding] = []
    var verification: Verification?
    if case .network(let network) = suspect {
      let reading = SuspectReading(of: network, claimant, data: judge.data, options: judge.options)
      verification = reading.verification
      findings.append(try reading.signature(below: thresholds.signatureLog10, log10Tries: 0))
      findings.append(reading.fidelity(within: thresholds.gap))
    }
    if claimant.triggers != nil {
      findings.append(
        try TriggerEvidence(suspect, claimant, options: judge.options)
          .finding(below: thresholds.triggersLog10, log10Tries: 0, independents: []))
    }
    let decisive = findings.filter { $0.outcome != .refused }
    let isAccepted = !decisive.isEmpty && decisive.allSatisfy { $0.outcome == .passed }
    let reason =
      findings.first { $0.outcome == .failed }.map { "\($0.test.rawValue): \($0.text)" }
      ?? (isAccepted ? "everything that was brought fits" : "nothing was brought that could be tested")
    return Verdict(
      claimant: claimant, findings: findings, isAccepted: isAccepted, reason: reason, verification: verification)
  }
}
