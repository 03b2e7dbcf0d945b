import Datasets
import Execution
import Glibc
import Networks
import Training

/// What a suspect says to a claimant's triggers: all that a model which cannot be opened can show.
struct TriggerEvidence {
  /// The suspect's classes, in the order of the triggers; none where nobody has its answers.
  private let answers: [Int32]?
  private let labels: [Int32]

  /// - Throws: what keeps the suspect from answering, such as a service that is down.
  init(_ suspect: Suspect, _ claimant: Claimant, options: ExecutionOptions) throws {
    guard let triggers = claimant.triggers else {
      (answers, labels) = (nil, [])
      return
    }
    labels = triggers.labels
    switch suspect {
    case .network(let network):
      let released = network.carriesPassports ? try network.released(passports: claimant.claim.passports) : network
      answers = try Predictor(released, options: options).predictions(triggers.samples)
    case .service(let ask):
      answers = try claimant.answers ?? ask?(triggers)
    }
  }

  /// The triggers that were known, and the chance that labels dealt out at random are hit as often.
  ///
  /// - Parameter tries: Claims x suspects.
  func finding(below threshold: Double, tries: Int) throws -> Finding {
    guard let answers else {
      return Finding(
        .triggers, .refused, labels.isEmpty ? "no triggers were brought" : "nobody says what the suspect answers to them")
    }
    guard answers.count == labels.count else {
      return Finding(.triggers, .failed, "\(answers.count) answers to \(labels.count) triggers")
    }
    let matches = zip(answers, labels).count { $0 == $1 }
    let highest = Int((answers + labels).max() ?? 0)
    guard (answers + labels).allSatisfy({ $0 >= 0 }), highest < 1_000_000 else {
      return Finding(.triggers, .failed, "an answer is no class")
    }
    func counts(_ classes: [Int32]) -> [Int] {
      classes.reduce(into: [Int](repeating: 0, count: highest + 1)) { $0[Int($1)] += 1 }
    }
    let chance = try PermutationTest.log10(matches: matches, labels: counts(labels), predictions: counts(answers))
    let corrected = min(chance + log10(Double(tries)), 0)
    return Finding(
      .triggers, corrected < threshold ? .passed : .failed, "\(matches) of \(labels.count) known", log10P: chance,
      correctedLog10P: corrected, assumption: "the labels were dealt out at random, and are not to be guessed")
  }
}
