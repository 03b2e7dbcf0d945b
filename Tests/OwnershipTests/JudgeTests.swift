import Attacks
import Datasets
import Files
import Foundation
import Keys
import Networks
import Passports
import Tensors
import Testing
import Training

@testable import Ownership

/// Both rules, from the honest owner to claims that lie in each part.
@Suite struct JudgeTests {
  private static let shared = Result { try BoundOwner(OwnerKey(practice: 1, statement: "Lab 26")) }

  private func owner() throws -> BoundOwner { try Self.shared.get() }

  private func bound(_ suspect: Network, _ claimants: Claimant..., suspects: Int = 1) throws -> Judgement {
    try Judge(.bound, suspects: suspects, data: Stolen.images(64, seed: 3)).judge(.network(suspect), claimants)
  }

  @Test func honestOwnerIsAcceptedByBothRules() throws {
    let owner = try owner()
    for rule in Judge.Rule.allCases {
      let judgement = try Judge(rule, data: Stolen.images(128)).judge(.network(owner.released), [owner.claimant("Lab 26")])
      let verdict = judgement.verdicts[0]
      #expect(verdict.isAccepted == true, "\(verdict.reason)")
      #expect(judgement.ruling == "the claim of Lab 26 holds")
    }
  }

  /// Closed form (Attacks): the naive judge believes it, and the bound one none of twenty forgers who play by its rules.
  @Test func closedFormFoolsTheNaiveJudgeAlone() throws {
    let suspect = try owner().released
    let data = try Stolen.images(128)
    let forged = try ClosedFormForgery(seed: 1).forge(suspect).claim
    let naive = try Judge(.naive, data: data).judge(.network(suspect), [Claimant("thief", claim: forged)]).verdicts[0]
    #expect(naive.isAccepted && naive.verification?.gap == 0 && naive.verification?.signature == 1)
    for seed in 1...20 {
      let key = try OwnerKey(practice: UInt64(seed), statement: "all mine")
      let bound = try ClosedFormForgery(seed: 1).forge(suspect, passport: Passport(key)).claim
      let verdict = try Judge(.bound, data: data)
        .judge(.network(suspect), [Claimant("thief", claim: bound, key: key)]).verdicts[0]
      #expect(!verdict.isAccepted && verdict[.derivation]?.outcome == .passed && verdict.verification?.gap == 0)
      #expect(try #require(verdict[.signature]?.log10P) > -6)
      #expect(throws: OwnershipError.self) { try Commitment(to: suspect.protecting(.all, seed: 1), by: key) }
    }
  }

  /// Obfuscated, the owner's signature is noise until independent models are at hand; none of them is convicted.
  @Test func disguisedCopiesAreConvictedAndInnocentsAreNot() throws {
    let owner = try owner()
    let disguised = try Obfuscation(seed: 4).apply(to: owner.released).network
    let innocents = try (1...4).map { seed in
      var plan = TrainingPlan(epochs: 2, seed: UInt64(seed))
      plan.batchSize = 16
      let plain = try BoundOwner.plain(seed: UInt64(50 + seed)).released()
      var trainer = try Trainer(plain, on: Stolen.images(128, seed: UInt64(seed)), plan: plan)
      try trainer.run(isInterrupted: { false }, elapsed: { 0 }, observe: { _ in })
      return trainer.network
    }
    let data = try Stolen.images(128)
    var dated = try owner.claimant()
    dated.date = try OutsideDate(1000, for: owner.commitment)
    let blind = try Judge(.bound, data: data).judge(.network(disguised), [dated]).verdicts[0]
    #expect(!blind.isAccepted && blind[.realignment]?.text.contains("a disguised copy would not be seen") == true)
    let judge = Judge(
      .bound, data: data, independents: Array(innocents.dropLast()), since: .init(timeIntervalSince1970: 2000))
    let found = try judge.judge(.network(disguised), [dated]).verdicts[0]
    #expect(found.isAccepted && found[.realignment]?.outcome == .passed, "\(found.reason)")
    #expect(found.verification?.matches == 160)
    // Two readings are two tries, and whoever chooses among three layers has eight.
    let correction = try #require(found[.signature]?.correctedLog10P) - #require(found[.signature]?.log10P)
    #expect(abs(correction - 4 * 0.30103) < 1e-4)
    let acquitted = try judge.judge(.network(innocents[3]), [dated]).verdicts[0]
    #expect(!acquitted.isAccepted && acquitted[.realignment]?.outcome == .refused)
    var claimant = dated
    claimant.model = disguised
    let swapped = try judge.judge(.network(disguised), [claimant]).verdicts[0]
    #expect(swapped[.realignment]?.text.contains("not the committed one") == true)
  }

  @Test func correctsForClaimsAndSuspects() throws {
    let owner = try owner()
    let alone = try bound(owner.released, owner.claimant())
    let crowd = try bound(owner.released, owner.claimant(), owner.claimant("again"), suspects: 500)
    let (one, many) = (try #require(alone.verdicts[0][.signature]), try #require(crowd.verdicts[0][.signature]))
    #expect(try abs(#require(one.correctedLog10P) - (#require(one.log10P) + 3 * 0.30103)) < 1e-4)
    #expect(try abs(#require(many.correctedLog10P) - (#require(one.correctedLog10P) + 3)) < 1e-9)
    #expect(throws: OwnershipError.self) { try Judge(.bound).judge(.network(owner.released), []) }
    for count in [0, -1, .max] {
      #expect(throws: OwnershipError.self) { try bound(owner.released, owner.claimant(), suspects: count) }
    }
  }

  @Test func boundRuleRefusesWhatWasNotLaidDown() throws {
    let owner = try owner()
    var claimant = try owner.claimant()
    claimant.commitment = nil
    #expect(try bound(owner.released, claimant).verdicts[0].reason.hasPrefix("commitment: there is none"))
    claimant = try owner.claimant()
    claimant.key = nil
    #expect(try bound(owner.released, claimant).verdicts[0].reason.contains("was not laid open"))
    claimant = try owner.claimant()
    claimant.claim.layers[0].passport.scale = try claimant.claim.layers[0].passport.scale * Tensor(0.5)
    #expect(try bound(owner.released, claimant).verdicts[0].reason.hasPrefix("derivation: norm1"))
    claimant = try owner.claimant()
    claimant.claim.layers[0].passport.signature.signs[3] *= -1
    #expect(try bound(owner.released, claimant).verdicts[0].reason.hasPrefix("derivation: norm1"))
    claimant = try owner.claimant()
    claimant.triggers = try .init(labelled: Stolen.images(40, seed: 10))
    #expect(try bound(owner.released, claimant).verdicts[0].reason == "commitment: the triggers are not the committed ones")
  }

  /// A claimant who brings something that fits nobody is refused alone.
  @Test func nobodySpoilsTheClaimOfAnother() throws {
    let owner = try owner()
    var (honest, spoiler) = (try owner.claimant("honest"), try owner.claimant("spoiler"))
    let wide = try AbstractPictures.make(count: 40, size: 16, channels: 3, seed: 1)
    let marks = try TriggerSet(from: wide, count: 40, classes: 4, seed: 1)
    spoiler.triggers = marks
    spoiler.commitment = try Commitment(to: owner.network, by: owner.key, triggers: marks)
    honest.date = try OutsideDate(1000, for: owner.commitment)
    spoiler.date = try OutsideDate(1000, for: try #require(spoiler.commitment))
    let answers = try Predictor(owner.released).predictions(owner.triggers.samples)
    let judge = Judge(
      .bound, independents: [try BoundOwner.plain(seed: 77).released()], since: .init(timeIntervalSince1970: 2000))
    let judgement = try judge.judge(.service { _ in answers }, [spoiler, honest])
    #expect(judgement.winner == 1 && judgement.verdicts[0][.triggers]?.outcome == .refused)
    let broken = Suspect.service { triggers in
      guard triggers.samples.sampleShape == [1, 8, 8] else { throw OwnershipError("the service answered 400") }
      return answers
    }
    #expect(try judge.judge(broken, [spoiler, honest]).winner == 1)
  }

  /// Whoever could leave out bits would leave out the wrong ones.
  @Test func aClaimHasABitForEachChannel() throws {
    var claimant = try owner().claimant()
    claimant.claim.layers[0].passport.signature.signs.removeLast()
    claimant.commitment = try Commitment(to: owner().network, by: owner().key)
    let verdict = try bound(owner().released, claimant).verdicts[0]
    #expect(!verdict.isAccepted && verdict[.signature]?.outcome == .refused)
    let error = #expect(throws: NetworkError.self) { try Verification(owner().released, claim: claimant.claim) }
    #expect(error?.message == "norm1: the claim has 31 bits, and not one for each channel")
  }

  /// Bits beside those of the passports, fitted to an innocent network after the fact.
  @Test func bitsThatFollowFromNoSecretAreHeldAgainstTheirClaimant() throws {
    var claimant = try owner().claimant()
    let innocent = try BoundOwner.plain(seed: 4).released()
    var watermark = try Watermark(Passport(seed: 1), source: "conv2", bits: 288, length: 288)
    watermark.signature = Signature(signs: try watermark.reading(of: innocent).elements.map { $0 < 0 ? -1 : 1 })
    claimant.claim.watermark = watermark
    let verdict = try bound(innocent, claimant).verdicts[0]
    #expect(try #require(verdict[.signature]?.log10P) < -40)
    #expect(!verdict.isAccepted && verdict.reason == "derivation: conv2: the watermark follows from no secret")
  }

  @Test func strangersAreRejectedAndMisfitsAreFindings() throws {
    let owner = try owner()
    let innocent = try BoundOwner.plain(seed: 4).released()
    let verdict = try bound(innocent, owner.claimant()).verdicts[0]
    #expect(!verdict.isAccepted && verdict.reason.hasPrefix("signature: "))
    #expect(try #require(verdict[.signature]?.log10P) > -6)
    let other = try Stolen.pointNet().network
    let misfit = try Judge(.bound).judge(.network(other), [owner.claimant()]).verdicts[0]
    #expect(!misfit.isAccepted && misfit[.signature]?.outcome == .refused && misfit.verification == nil)
  }

  /// A thief trains a key of his own into the stolen network: both claims hold, and only outside dates decide.
  @Test func overwritingIsSettledByOutsideDatesAlone() throws {
    let owner = try owner()
    let thief = try BoundOwner(
      OwnerKey(practice: 66, statement: "all mine"), on: owner.released.protecting(.all, seed: 3))
    let suspect = try thief.released
    var (first, second) = (try owner.claimant("owner"), try thief.claimant("thief"))
    // The triggers' labels are the same here: it is the signatures that are at stake.
    let others = try [50, 51].map { try BoundOwner.plain(seed: $0).released() }
    func bound(_ suspect: Network, _ claimants: Claimant..., independents: [Network]? = nil) throws -> Judgement {
      try Judge(.bound, independents: independents ?? others).judge(.network(suspect), claimants)
    }
    let undated = try bound(suspect, first, second)
    #expect(undated.verdicts.map(\.isAccepted) == [true, true], "\(undated.verdicts.map(\.reason))")
    #expect(undated.winner == nil && undated.ruling.contains("no outside dates"))
    first.date = try OutsideDate(1000, for: owner.commitment)
    #expect(try bound(suspect, first, second).winner == nil)
    second.date = try OutsideDate(2000, for: thief.commitment)
    let dated = try bound(suspect, first, second)
    #expect(dated.winner == 0 && dated.ruling == "the claim of owner holds: it has the earliest outside date of 2")
    #expect(dated.verdicts.allSatisfy { $0[.descent]?.outcome == .passed })
    let blind = try bound(suspect, first, second, independents: [])
    #expect(blind.winner == nil && blind.ruling.hasSuffix("not all dates are of a model that the suspect was shown to come from"))
    second.date = try OutsideDate(1000, for: thief.commitment)
    #expect(try bound(suspect, first, second).ruling.hasSuffix("their outside dates are the same"))
    // An early date of another network is soon got, and makes nobody the first.
    let early = try BoundOwner(thief.key, on: BoundOwner.plain(seed: 90))
    var third = try early.claimant("thief")
    third.date = try OutsideDate(1, for: early.commitment)
    let unrelated = try bound(suspect, first, third)
    #expect(unrelated.verdicts.map(\.isAccepted) == [true, true] && unrelated.winner == nil)
    #expect(unrelated.verdicts[1][.descent]?.outcome == .refused)
    // The date of another commitment is none, and is held against whoever brings it.
    second.date = try OutsideDate(1, for: owner.commitment)
    let lying = try bound(suspect, first, second)
    #expect(lying.verdicts[1].reason == "date: the date was given for something else" && lying.winner == 0)
  }

  @Test func suspectsThatCannotBeOpenedAnswerTriggers() throws {
    let owner = try owner()
    let answers = try Predictor(owner.released).predictions(owner.triggers.samples)
    var claimant = try owner.claimant()
    claimant.date = try OutsideDate(1000, for: owner.commitment)
    let since = Date(timeIntervalSince1970: 2000)
    let stranger = try BoundOwner.plain(seed: 77).released()
    // Without models that nobody claims, any labels could be ordinary ones.
    let alone = try Judge(.bound, since: since).judge(.service { _ in answers }, [claimant]).verdicts[0]
    #expect(!alone.isAccepted && alone[.triggers]?.outcome == .refused)
    // Labels that a stranger knows as well convict nobody.
    let ordinary = try Judge(.bound, independents: [owner.released], since: since).judge(.service { _ in answers }, [claimant])
    #expect(ordinary.verdicts[0][.triggers]?.outcome == .failed && ordinary.verdicts[0][.triggers]?.log10P == 0)
    let judge = Judge(.bound, independents: [stranger], since: since)
    #expect(try judge.judge(.service { _ in answers }, [claimant]).verdicts[0].isAccepted)
    claimant.answers = answers
    #expect(try judge.judge(.service(nil), [claimant]).verdicts[0].isAccepted)
    claimant.answers = [Int32](repeating: 1, count: answers.count)
    let constant = try judge.judge(.service(nil), [claimant]).verdicts[0]
    #expect(constant[.triggers]?.outcome == .failed && constant[.triggers]?.log10P == 0)
    claimant.answers = Array(answers.dropLast())
    #expect(try judge.judge(.service(nil), [claimant]).verdicts[0].reason.contains("39 predictions of 40 triggers"))
    #expect(throws: OwnershipError.self) {
      try Judge(.bound, data: Stolen.clouds(4, classes: 4)).judge(.network(owner.released), [claimant])
    }
    claimant.answers = nil
    #expect(try judge.judge(.service(nil), [claimant]).verdicts[0][.triggers]?.outcome == .refused)
    claimant.answers = answers
    claimant.commitment = nil
    #expect(try judge.judge(.service(nil), [claimant]).verdicts[0][.triggers]?.outcome == .refused)
  }

  /// Beside a model that knows nothing every branch is as good, and a gap of nothing says nothing.
  @Test func nothingIsFaithfulToAModelThatKnowsNothing() throws {
    let owner = try owner()
    var emptied = try owner.released
    for name in ["head.weight", "head.bias"] {
      let shape = try #require(emptied.parameters[name]?.shape)
      try emptied.replace(name, by: Tensor(repeating: 0, shape: shape))
    }
    let verdict = try bound(emptied, owner.claimant()).verdicts[0]
    #expect(verdict[.fidelity]?.outcome == .refused)
    #expect(verdict[.fidelity]?.text.hasSuffix("any branch is as good") == true)
    #expect(verdict[.signature]?.outcome == .passed)
  }

  @Test func theSameClaimTwiceIsOneClaim() throws {
    let owner = try owner()
    let twice = try bound(owner.released, owner.claimant("one"), owner.claimant("other"))
    #expect(twice.winner == 0 && twice.verdicts[0].reason == "committed to, derived, and found in the suspect")
    #expect(twice.verdicts[0][.commitment]?.text.contains("to the bit") == true)
  }

  @Test func certificateSaysWhatItIsWorth() throws {
    let owner = try owner()
    var claimant = try owner.claimant("<b>Lab</b> | 26")
    claimant.date = try OutsideDate(1_795_000_000, for: owner.commitment)
    let certificate = Certificate(try bound(owner.released, claimant), command: "passbook judge suspect.safetensors")
    for text in [certificate.markdown, certificate.html] {
      #expect(text.contains(try owner.commitment.sha256()) && text.contains(owner.key.identity.hexadecimal))
      #expect(text.contains("practice key") && text.contains("distilled") && text.contains("clock of one"))
      #expect(text.contains("160 of 160 bits") && text.contains("2026-11-18 11:06:40 UTC"))
      #expect(text.contains("passbook judge suspect.safetensors"))
    }
    #expect(!certificate.html.contains("<b>Lab") && certificate.markdown.contains("\\<b\\>Lab\\</b\\> \\| 26"))
  }

  @Test func strangersAreConvictedAsOftenAsChanceSays() throws {
    let owner = try owner()
    let found = try FalseClaims(against: [owner.network], count: 60, seed: 100)
    #expect(found.trials == 60 && found.bits == 160 && found.convicted == 0)
    #expect(abs(found.mean - 0.5) < 0.03 && abs(found.deviation - 0.0395) < 0.015)
    #expect(abs(try found.bound() - 0.0487) < 0.0002)  // 1 - 0.05^(1/60)
    #expect(throws: OwnershipError.self) { try FalseClaims(against: [], count: 1, seed: 0) }
  }
}
