import Datasets
import Execution
import Glibc
import Networks
import Tensors
import Training

/// What a suspect says to a claimant's triggers: all that a model which cannot be opened can show.
struct TriggerEvidence {
  /// The suspect's classes, in the order of the triggers; none where nobody has its answers.
  private let answers: [Int32]?
  private let triggers: TriggerSet?
  private let poll: () throws -> Void

  /// Why the suspect cannot be asked.
  private let misfit: String?

  /// - Throws: what keeps a service from answering.
  init(_ suspect: Suspect, _ claimant: Claimant, options: ExecutionOptions) throws {
    poll = options.poll
    triggers = claimant.triggers
    guard let triggers else {
      (answers, misfit) = (nil, "no triggers were brought")
      return
    }
    switch suspect {
    case .network(let network):
      do {
        let released = network.carriesPassports ? try network.released(passports: claimant.claim.passports) : network
        (answers, misfit) = (try Predictor(released, options: options).predictions(triggers.samples), nil)
      } catch let error as any ExplainedError {
        (answers, misfit) = (nil, error.message)
      }
    case .service(let ask):
      answers = try claimant.answers ?? ask?(triggers)
      misfit = answers == nil ? "nobody says what the suspect answers to them" : nil
    }
  }

  /// The triggers that were known, and the chance that labels dealt out at random are hit as often.
  ///
  /// - Parameter tries: Claims x suspects.
  func finding(below threshold: Double, tries: Int) throws -> Finding {
    guard let triggers, let answers else {
      return Finding(.triggers, .refused, misfit ?? "the suspect was not asked")
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
