import Attacks
import Datasets
import Foundation
import Keys
import Networks
import Passports
import Tensors
import Testing
import Training

@testable import Ownership

/// What could have been made from the suspect counts only with an outside date from before it.
@Suite struct PrecedenceTests {
  private func innocent(_ seed: UInt64) throws -> Network {
    var plan = TrainingPlan(epochs: 2, seed: seed)
    plan.batchSize = 16
    var trainer = try Trainer(BoundOwner.plain(seed: seed).released(), on: Stolen.images(128, seed: seed), plan: plan)
    try trainer.run(isInterrupted: { false }, elapsed: { 0 }, observe: { _ in })
    return trainer.network
  }

  /// A claim on an innocent's network by somebody who negates rows of it until his bits stand there.
  private func forger(_ network: Network, triggers: TriggerSet? = nil) throws -> Claimant {
    let key = try OwnerKey(practice: 66, statement: "all mine")
    let planted = try SignPlanting(Passport(key)).apply(to: network).network
    let carrier = try planted.protecting(.all, seed: 1)
    return Claimant(
      "thief", claim: try Claim(of: carrier, passports: Passport(key).issue(for: carrier), triggerHash: triggers?.sha256),
      key: key, commitment: try Commitment(to: carrier, by: key, triggers: triggers), triggers: triggers, model: planted)
  }

  @Test func plantedSignsConvictNobodyWhoWasFirst() throws {
    let suspect = try innocent(1)
    var thief = try forger(suspect)
    let others = try [innocent(2), innocent(3)]
    let published = try OutsideDate.day("2026-05-01")
    func verdict(since: Date?) throws -> Verdict {
      try Judge(.bound, independents: others, since: since).judge(.network(suspect), [thief]).verdicts[0]
    }
    // His own copy shows his bits; that is what he made it for.
    let copy = try #require(thief.model)
    #expect(try Judge(.bound).judge(.network(copy), [thief]).verdicts[0].isAccepted)
    let undated = try verdict(since: published)
    #expect(!undated.isAccepted && undated[.realignment]?.outcome == .refused)
    #expect(undated[.realignment]?.text.contains("no outside date says that the commitment is older") == true)
    let commitment = try #require(thief.commitment)
    thief.date = try OutsideDate(commitment, practice: "2026-06-01")
    let late = try verdict(since: published)
    #expect(!late.isAccepted && late[.realignment]?.text.contains("was there at 2026-05-01 00:00:00 UTC") == true)
    #expect(try verdict(since: nil)[.realignment]?.text.contains("nobody says since when") == true)
    // Without the rule he would win: that is why it is there.
    let wrong = try verdict(since: OutsideDate.day("2026-07-01"))
    #expect(wrong.isAccepted && wrong.verification?.signature == 1)
  }

  @Test func answersWrittenDownAsLabelsConvictNobodyWhoWasFirst() throws {
    let suspect = try innocent(1)
    let pictures = try Stolen.images(60, seed: 12)
    let answers = try Predictor(suspect).predictions(pictures)
    let labelled = try ImageSet(
      pixels: pictures.pixels, labels: answers, channels: 1, height: 8, width: 8, classNames: pictures.classNames)
    let marks = try TriggerSet(labelled: labelled)
    var thief = try forger(suspect, triggers: marks)
    let others = try [innocent(2), innocent(3)]
    let judge = Judge(.bound, independents: others, since: try OutsideDate.day("2026-05-01"))
    let undated = try judge.judge(.service { _ in answers }, [thief]).verdicts[0]
    #expect(!undated.isAccepted && undated[.triggers]?.outcome == .refused)
    let commitment = try #require(thief.commitment)
    thief.date = try OutsideDate(commitment, practice: "2026-05-01")
    #expect(try !judge.judge(.service { _ in answers }, [thief]).verdicts[0].isAccepted)
  }

  @Test func daysAreDays() throws {
    #expect(try OutsideDate.text(of: OutsideDate.day("2026-05-01")) == "2026-05-01 00:00:00 UTC")
    for text in ["2026-02-30", "2026-5-1", "1 May", "", "2026-05-01T00", "0026-05-01", "2026-13-01"] {
      let error = #expect(throws: OwnershipError.self) { try OutsideDate.day(text) }
      #expect(error?.message == "\(text) is no day; expected one such as 2026-05-01")
    }
  }
}
