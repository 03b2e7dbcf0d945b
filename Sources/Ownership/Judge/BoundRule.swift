import Networks
import Passports

/// The rule that holds: what was not laid down beforehand, or does not follow from the claimant's secret, does not count.
///
/// A claim is accepted if commitment and derivation pass, and with a suspect that can be opened the signature, too;
/// with one that can only be asked, the triggers. Nothing that was tested may have failed. Dates decide between claims.
struct BoundRule {
  let judge: Judge
  let claims: Int

  func verdict(on claimant: Claimant, _ suspect: Suspect) throws -> Verdict {
    var findings = [try commitment(claimant), date(claimant), try derivation(claimant)]
    let thresholds = claimant.commitment?.thresholds ?? Thresholds()
    var verification: Verification?
    if case .network(let network) = suspect {
      let read = try reading(of: network, claimant)
      verification = read.reading.verification
      findings += read.realignment.map { [$0] } ?? []
      findings.append(
        read.reading.signature(below: thresholds.signatureLog10, tries: claims * judge.suspects * read.choices))
      findings.append(read.reading.fidelity(within: thresholds.gap))
    }
    findings.append(try triggers(claimant, suspect, thresholds))
    var required: [Finding.Test] = [.commitment, .derivation]
    if case .network = suspect { required.append(.signature) } else { required.append(.triggers) }
    let missing = findings.first { required.contains($0.test) && $0.outcome != .passed }
    let obstacle = missing ?? findings.first { $0.outcome == .failed }
    return Verdict(
      claimant: claimant, findings: findings, isAccepted: obstacle == nil,
      reason: obstacle.map { "\($0.test.rawValue): \($0.text)" } ?? "committed to, derived, and found in the suspect",
      verification: verification)
  }

  // MARK: What is brought

  private func commitment(_ claimant: Claimant) throws -> Finding {
    guard let commitment = claimant.commitment else {
      return Finding(.commitment, .refused, "there is none: all that is claimed may have been chosen after the fact")
    }
    guard let key = claimant.key else {
      return Finding(.commitment, .refused, "the key that it names was not laid open")
    }
    guard try commitment.isSigned() else {
      return Finding(.commitment, .failed, "it is not signed by the identity that it names")
    }
    if let deviation = try commitment.deviation(of: claimant.claim, key: key) {
      return Finding(.commitment, .failed, deviation)
    }
    return Finding(.commitment, .passed, "signed by \(key.identity.hexadecimal.prefix(16))…, and the claim is what it says")
  }

  private func date(_ claimant: Claimant) -> Finding {
    guard let date = claimant.date else {
      return Finding(.date, .refused, "nobody else says when the commitment was made; a clock of one's own proves nothing")
    }
    guard (try? claimant.commitment?.sha256()) == date.commitmentSHA256 else {
      return Finding(.date, .failed, "the date was given for something else")
    }
    return Finding(.date, .passed, "it existed at \(date.text), says \(date.authority)")
  }

  private func derivation(_ claimant: Claimant) throws -> Finding {
    guard let key = claimant.key else {
      return Finding(.derivation, .refused, "there is no key: free passports can be made to fit any network")
    }
    for passport in claimant.claim.passports where try !passport.isBound(to: key) {
      return Finding(.derivation, .failed, "\(passport.path): passports or bits do not follow from the secret")
    }
    guard !claimant.claim.layers.isEmpty else { return Finding(.derivation, .refused, "the claim has no passports") }
    return Finding(
      .derivation, .passed, "\(claimant.claim.bits) bits follow from the secret and \"\(key.statement)\"")
  }

  // MARK: What is found

  private typealias Reading = (reading: SuspectReading, realignment: Finding?, choices: Int)

  private func reading(of network: Network, _ claimant: Claimant) throws -> Reading {
    (SuspectReading(of: network, claimant, data: judge.data, options: judge.options), nil, 1)
  }

  private func triggers(_ claimant: Claimant, _ suspect: Suspect, _ thresholds: Thresholds) throws -> Finding {
    guard let triggers = claimant.triggers else { return Finding(.triggers, .refused, "no triggers were brought") }
    guard let committed = claimant.commitment?.triggersSHA256 else {
      return Finding(.triggers, .refused, "no commitment names them: labels can be chosen after the suspect was asked")
    }
    guard committed == triggers.sha256 else { return Finding(.triggers, .failed, "they are not the committed ones") }
    return try TriggerEvidence(suspect, claimant, options: judge.options)
      .finding(below: thresholds.triggersLog10, tries: claims * judge.suspects)
  }
}
