import Files
import Glibc
import Networks
import Passports
import Tensors
import Training

/// The rule that holds: what was not laid down beforehand, or does not follow from the claimant's secret, does not count.
///
/// A claim is accepted if commitment and derivation pass, and with a suspect that can be opened the signature, too; with
/// one that can only be asked, the triggers. A date that was given for something else is held against whoever brings it.
/// Fidelity, and the triggers of a suspect that can be opened, are told and decide nothing: a thief who trains on spoils
/// both, and not the signature. Dates decide between claims, and whether anything counts that a claimant could have made
/// from the suspect (`Precedence`): a signature after re-alignment, triggers of a suspect that was asked.
struct BoundRule {
  let judge: Judge
  let claims: Int
  /// None for a suspect that can only be asked.
  let suspectSHA256: String?

  func verdict(on claimant: Claimant, _ suspect: Suspect) throws -> Verdict {
    let dated = date(claimant)
    var findings = [try commitment(claimant), dated, try derivation(claimant)]
    let thresholds = claimant.commitment?.thresholds ?? Thresholds()
    var verification: Verification?
    if case .network(let network) = suspect {
      let read = try reading(of: network, claimant, dated, thresholds)
      verification = read.reading.verification
      findings += read.realignment.map { [$0] } ?? []
      let signature = try read.reading.signature(
        below: thresholds.signatureLog10, log10Tries: log10Tries(read.choices, in: network), bitChance: read.bitChance)
      findings.append(signature)
      if claims > 1, signature.outcome == .passed { findings.append(try descent(of: network, claimant, read.realignment)) }
      findings.append(read.reading.fidelity(within: thresholds.gap))
    }
    findings.append(try triggers(claimant, suspect, dated, thresholds))
    var required: [Finding.Test] = [.commitment, .derivation]
    if case .network = suspect { required.append(.signature) } else { required.append(.triggers) }
    let obstacle = findings.first {
      required.contains($0.test) ? $0.outcome != .passed : $0.test == .date && $0.outcome == .failed
    }
    let spoiled = findings.filter { $0.outcome == .failed }.map(\.test.rawValue)
    let reason = "committed to, derived, and found in the suspect"
      + (spoiled.isEmpty ? "" : "; \(spoiled.joined(separator: " and ")) failed")
    return Verdict(
      claimant: claimant, findings: findings, isAccepted: obstacle == nil,
      reason: obstacle.map { "\($0.test.rawValue): \($0.text)" } ?? reason, verification: verification)
  }

  // MARK: What chances are multiplied by

  /// Claims x suspects.
  private var log10Tries: Double { log10(Double(claims)) + log10(Double(judge.suspects)) }

  /// The same x readings x 2^layers: a claimant who comes after the suspect chooses which of its layers carry his passports.
  private func log10Tries(_ readings: Int, in network: Network) -> Double {
    let layers = network.nodes.count { node in
      node.layer is any NormalizingLayer && network.source(of: node)?.layer is any WeightedLayer
    }
    return log10Tries + log10(Double(readings)) + Double(layers) * log10(2)
  }

  // MARK: What is brought

  private func commitment(_ claimant: Claimant) throws -> Finding {
    if let flaw = claimant.flaws[.commitment] { return Finding(.commitment, flaw.outcome, flaw.text) }
    guard let commitment = claimant.commitment else {
      return Finding(.commitment, .refused, "there is none: all may have been chosen after the fact")
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
    if let triggers = claimant.triggers, let committed = commitment.triggersSHA256, triggers.sha256 != committed {
      return Finding(.commitment, .failed, "the triggers are not the committed ones")
    }
    if suspectSHA256 == commitment.modelSHA256 {
      return Finding(.commitment, .passed, "signed and kept to; the suspect is its model, to the bit")
    }
    return Finding(.commitment, .passed, "signed by \(key.identity.hexadecimal.prefix(16))…; the claim is what it says")
  }

  private func date(_ claimant: Claimant) -> Finding {
    if let flaw = claimant.flaws[.date] { return Finding(.date, flaw.outcome, flaw.text) }
    guard let date = claimant.date else {
      return Finding(.date, .refused, "no outside date; a clock of one's own proves nothing")
    }
    guard (try? claimant.commitment?.sha256()) == date.commitmentSHA256 else {
      return Finding(.date, .failed, "the date was given for something else")
    }
    return Finding(.date, .passed, date.sentence)
  }

  private func derivation(_ claimant: Claimant) throws -> Finding {
    if let flaw = claimant.flaws[.derivation] { return Finding(.derivation, flaw.outcome, flaw.text) }
    guard let key = claimant.key else {
      return Finding(.derivation, .refused, "no key: free passports can be made to fit any network")
    }
    for passport in claimant.claim.passports where try !passport.isBound(to: key) {
      return Finding(.derivation, .failed, "\(passport.path): passports or bits do not follow from the secret")
    }
    if let watermark = claimant.claim.watermark {
      // Its bits would count, and whoever brings it may have fitted its projection to the suspect.
      return Finding(.derivation, .failed, "\(watermark.source): the watermark follows from no secret")
    }
    guard !claimant.claim.layers.isEmpty else { return Finding(.derivation, .refused, "the claim has no passports") }
    return Finding(.derivation, .passed, "\(claimant.claim.bits) bits follow from the secret and the statement")
  }

  // MARK: What is found

  private typealias Reading = (reading: SuspectReading, realignment: Finding?, choices: Int, bitChance: Double)

  /// The suspect as it is; where that shows nothing and independent models are at hand, brought into the channel order of
  /// the claimant's model. Two readings are two choices.
  private func reading(
    of network: Network, _ claimant: Claimant, _ dated: Finding, _ thresholds: Thresholds
  ) throws -> Reading {
    func measured(_ network: Network, _ claimant: Claimant, data: (any Samples)?) -> SuspectReading {
      SuspectReading(of: network, claimant, data: data, options: judge.options)
    }
    // The signs need no data; accuracies are measured once, on what is read in the end.
    let asItIs = try measured(network, claimant, data: nil)
      .signature(below: thresholds.signatureLog10, log10Tries: log10Tries(1, in: network))
    guard asItIs.outcome != .passed else { return (measured(network, claimant, data: judge.data), nil, 1, 0.5) }
    let obstacle = judge.independents.isEmpty
      ? "no independent models to measure chance by: a disguised copy would not be seen"
      : Precedence(since: judge.since).obstacle(claimant, dated: dated)
    if let obstacle {
      return (measured(network, claimant, data: judge.data), Finding(.realignment, .refused, obstacle), 1, 0.5)
    }
    do {
      let (aligned, bitChance, text) = try realigned(network, claimant)
      var moved = claimant
      moved.claim = aligned.claim
      let finding = Finding(.realignment, .passed, text, assumption: Precedence.assumption)
      return (measured(aligned.network, moved, data: judge.data), finding, 2, bitChance)
    } catch let error as any ExplainedError {
      return (measured(network, claimant, data: judge.data), Finding(.realignment, .refused, error.message), 2, 0.5)
    }
  }

  /// Whether the suspect was made from the model that was committed to, and dated: a key may have been dated for another one.
  ///
  /// One innocent in N + 1 is nearer to that than N independent models, so the bits must stand in it along that alignment.
  private func descent(of network: Network, _ claimant: Claimant, _ realignment: Finding?) throws -> Finding {
    if suspectSHA256 == claimant.commitment?.modelSHA256 {
      return Finding(.descent, .passed, "the suspect is the committed model")
    }
    if let realignment, realignment.outcome == .passed { return Finding(.descent, .passed, realignment.text) }
    guard claimant.date != nil else { return Finding(.descent, .refused, "only a model that was dated can be first") }
    guard !judge.independents.isEmpty else {
      return Finding(.descent, .refused, "no independent models to measure chance by")
    }
    do {
      let aligned = try realigned(network, claimant)
      let found = try Verification(aligned.realignment.network, claim: aligned.realignment.claim)
      let chance = try BinomialTail.log10(matches: found.matches, trials: found.bits, probability: aligned.bitChance)
      let text = "\(aligned.text); \(found.matches) of \(found.bits) bits along that alignment"
      let holds = chance + log10Tries(2, in: network) < Thresholds().triggersLog10
      return Finding(.descent, holds ? .passed : .refused, text, log10P: chance)
    } catch let error as any ExplainedError {
      return Finding(.descent, .refused, error.message)
    }
  }

  private typealias Aligned = (realignment: Realignment, bitChance: Double, text: String)

  /// - Throws: why nothing can be concluded from an alignment.
  private func realigned(_ network: Network, _ claimant: Claimant) throws -> Aligned {
    if let flaw = claimant.flaws[.realignment] { throw OwnershipError(flaw.text) }
    guard let own = claimant.model else {
      throw OwnershipError("the claimant brought no model of its own to compare with")
    }
    guard try own.sha256() == claimant.commitment?.modelSHA256 else {
      throw OwnershipError("the model that the claimant brought is not the committed one")
    }
    let poll = judge.options.poll
    let null: AlignmentNull
    do {
      null = try AlignmentNull(reference: own, claim: claimant.claim, independents: judge.independents, poll: poll)
    } catch is NetworkError {
      throw OwnershipError("an independent model is not built like the claimant's: nothing can be compared with it")
    }
    let aligned = try Realignment(of: network, to: own, claim: claimant.claim, poll: poll)
    try null.check(aligned)
    let nearest = null.largest.map { "\(($0 * 1e3).rounded() / 1e3)" } ?? "none"
    return (
      aligned, try null.bitChance,
      "mean |cosine| \((aligned.cosine * 1e3).rounded() / 1e3), the nearest of \(null.entries.count) independent models "
        + "\(nearest)"
    )
  }

  private func triggers(
    _ claimant: Claimant, _ suspect: Suspect, _ dated: Finding, _ thresholds: Thresholds
  ) throws -> Finding {
    if let flaw = claimant.flaws[.triggers] { return Finding(.triggers, flaw.outcome, flaw.text) }
    guard let triggers = claimant.triggers else { return Finding(.triggers, .refused, "no triggers were brought") }
    guard triggers.sha256 == claimant.commitment?.triggersSHA256 else {
      return Finding(.triggers, .refused, "no commitment names them: labels can be chosen after the suspect was asked")
    }
    // Where they decide, it must be known what a stranger knows of them: labels may be ordinary ones.
    if case .service = suspect, judge.independents.isEmpty {
      return Finding(.triggers, .refused, "no independent models say what strangers know of them")
    }
    if case .service = suspect, let obstacle = Precedence(since: judge.since).obstacle(claimant, dated: dated) {
      return Finding(.triggers, .refused, obstacle)
    }
    return try TriggerEvidence(suspect, claimant, options: judge.options)
      .finding(below: thresholds.triggersLog10, log10Tries: log10Tries, independents: judge.independents)
  }
}
