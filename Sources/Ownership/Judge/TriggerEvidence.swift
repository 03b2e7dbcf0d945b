import Datasets
import Execution
import Glibc
import Networks
import Training

/// What a suspect says to a claimant's triggers: all that a model which cannot be opened can show.
struct TriggerEvidence {
  /// The suspect's classes, in the order of the triggers; none where nobody has its answers.
  private let answers: [Int32]?
  private let triggers: TriggerSet?
  private let poll: () throws -> Void

  /// - Throws: what keeps the suspect from answering, such as a service that is down.
  init(_ suspect: Suspect, _ claimant: Claimant, options: ExecutionOptions) throws {
    poll = options.poll
    triggers = claimant.triggers
    guard let triggers else {
      answers = nil
      return
    }
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
    guard let triggers else { return Finding(.triggers, .refused, "no triggers were brought") }
    guard let answers else {
      return Finding(.triggers, .refused, "nobody says what the suspect answers to them")
    }
    let found: BlackBox
    do {
      found = try BlackBox(predictions: answers, triggers: triggers, poll: poll)
    } catch let error as StatisticsError {
      return Finding(.triggers, .failed, error.description)
    }
    // Where there are too many for the exact test, the binomial with the most frequent label as chance.
    let chance = found.permutationLog10P ?? found.binomialLog10P
    let corrected = min(chance + log10(Double(tries)), 0)
    return Finding(
      .triggers, corrected < threshold ? .passed : .failed, "\(found.matches) of \(found.count) known", log10P: chance,
      correctedLog10P: corrected, assumption: "the labels were dealt out at random, and are not to be guessed")
  }
}
