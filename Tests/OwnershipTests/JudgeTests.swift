import Attacks
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
      #expect(judgement.verdicts[0].isAccepted, "\(judgement.verdicts[0].reason)")
      #expect(judgement.ruling == "the claim of Lab 26 holds")
    }
  }

  @Test func correctsForClaimsAndSuspects() throws {
    let owner = try owner()
    let alone = try bound(owner.released, owner.claimant())
    let crowd = try bound(owner.released, owner.claimant(), owner.claimant("again"), suspects: 500)
    let (one, many) = (try #require(alone.verdicts[0][.signature]), try #require(crowd.verdicts[0][.signature]))
    #expect(one.correctedLog10P == one.log10P)
    #expect(try abs(#require(many.correctedLog10P) - (#require(many.log10P) + 3)) < 1e-9)
    #expect(throws: OwnershipError.self) { try Judge(.bound).judge(.network(owner.released), []) }
    #expect(throws: OwnershipError.self) { try bound(owner.released, owner.claimant(), suspects: 0) }
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
    #expect(try bound(owner.released, claimant).verdicts[0].reason == "triggers: they are not the committed ones")
  }

  @Test func strangersAreRejectedAndMisfitsAreFindings() throws {
    let owner = try owner()
    let innocent = try BoundOwner.plain(seed: 4).released()
    let verdict = try bound(innocent, owner.claimant()).verdicts[0]
    #expect(!verdict.isAccepted && verdict.reason.hasPrefix("signature: "))
    #expect(try #require(verdict[.signature]?.log10P) > -6)
    let other = try Stolen.pointNet().network
    let misfit = try Judge(.bound).judge(.network(other), [owner.claimant()]).verdicts[0]
    #expect(!misfit.isAccepted && misfit[.signature]?.outcome == .failed && misfit.verification == nil)
  }

  /// A thief trains a key of his own into the stolen network: both claims hold, and only outside dates decide.
  @Test func overwritingIsSettledByOutsideDatesAlone() throws {
    let owner = try owner()
    let thief = try BoundOwner(
      OwnerKey(practice: 66, statement: "all mine"), on: owner.released.protecting(.all, seed: 3))
    let suspect = try thief.released
    var (first, second) = (try owner.claimant("owner"), try thief.claimant("thief"))
    // The triggers' labels are the same here: it is the signatures that are at stake.
    let undated = try bound(suspect, first, second)
    #expect(undated.verdicts.map(\.isAccepted) == [true, true], "\(undated.verdicts.map(\.reason))")
    #expect(undated.winner == nil && undated.ruling.contains("no outside dates"))
    first.date = try OutsideDate(1000, for: owner.commitment)
    #expect(try bound(suspect, first, second).winner == nil)
    second.date = try OutsideDate(2000, for: thief.commitment)
    let dated = try bound(suspect, first, second)
    #expect(dated.winner == 0 && dated.ruling == "the claim of owner holds: it has the earliest outside date of 2")
    // The date of another commitment is none, and is held against whoever brings it.
    second.date = try OutsideDate(1, for: owner.commitment)
    let lying = try bound(suspect, first, second)
    #expect(lying.verdicts[1].reason == "date: the date was given for something else" && lying.winner == 0)
  }

  @Test func suspectsThatCannotBeOpenedAnswerTriggers() throws {
    let owner = try owner()
    let answers = try Predictor(owner.released).predictions(owner.triggers.samples)
    var claimant = try owner.claimant()
    let judge = Judge(.bound)
    #expect(try judge.judge(.service { _ in answers }, [claimant]).verdicts[0].isAccepted)
    claimant.answers = answers
    #expect(try judge.judge(.service(nil), [claimant]).verdicts[0].isAccepted)
    claimant.answers = [Int32](repeating: 1, count: answers.count)
    let constant = try judge.judge(.service(nil), [claimant]).verdicts[0]
    #expect(constant[.triggers]?.outcome == .failed && constant[.triggers]?.log10P == 0)
    claimant.answers = Array(answers.dropLast())
    #expect(try judge.judge(.service(nil), [claimant]).verdicts[0].reason.contains("39 predictions of 40 triggers"))
    claimant.answers = nil
    #expect(try judge.judge(.service(nil), [claimant]).verdicts[0][.triggers]?.outcome == .refused)
    claimant.answers = answers
    claimant.commitment = nil
    #expect(try judge.judge(.service(nil), [claimant]).verdicts[0][.triggers]?.outcome == .refused)
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
