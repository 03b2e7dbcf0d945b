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
  private let options: ExecutionOptions

  /// Why the suspect cannot be asked.
  private let misfit: String?

  /// - Throws: what ends the judgement: nobody answers, or Ctrl-C.
  init(_ suspect: Suspect, _ claimant: Claimant, options: ExecutionOptions) throws {
    self.options = options
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
      do {
        answers = try claimant.answers ?? ask?(triggers)
        misfit = answers == nil ? "nobody says what the suspect answers to them" : nil
      } catch let error as OwnershipError {
        // Triggers that a service does not take are held against whoever brings them.
        (answers, misfit) = (nil, error.message)
      }
    }
  }

  /// The triggers that were known, and the chance that a stranger knows as many.
  ///
  /// Labels that were dealt out at random are hit by chance (`BlackBox`). But a claimant might have chosen ordinary
  /// pictures with their ordinary labels, which every good model knows; so what independent models know of them counts
  /// as chance as well, at the upper end of its 95 % interval.
  ///
  /// - Parameters:
  ///   - log10Tries: Of claims x suspects.
  ///   - independents: Models that nobody claims.
  func finding(below threshold: Double, log10Tries: Double, independents: [Network]) throws -> Finding {
    guard let triggers, let answers else {
      return Finding(.triggers, .refused, misfit ?? "the suspect was not asked")
    }
    let found: BlackBox
    do {
      found = try BlackBox(predictions: answers, triggers: triggers, poll: options.poll)
    } catch let error as StatisticsError {
      return Finding(.triggers, .failed, error.description)
    }
    // Where there are too many for the exact test, the binomial with the most frequent label as chance.
    var chance = found.permutationLog10P ?? found.binomialLog10P
    var text = "\(found.matches) of \(found.count) known"
    var assumption = "the labels were dealt out at random, which nobody can see of them"
    if let stranger = independents.first(where: { !$0.hasFreeBranch || $0.inputShape != triggers.samples.sampleShape }) {
      return Finding(
        .triggers, .refused,
        "the independent models take samples \(stranger.inputShape), and the triggers are \(triggers.samples.sampleShape)")
    }
    if !independents.isEmpty {
      let known = try independents.map { try Predictor($0, options: options).correct(triggers.samples) }.max() ?? 0
      let share = try ClopperPearson.upperBound(successes: known, trials: found.count)
      chance = max(
        chance,
        share < 1 ? try BinomialTail.log10(matches: found.matches, trials: found.count, probability: share) : 0)
      text += ", by \(independents.count) independent models at most \(known)"
      assumption = "strangers know no more of them than the independent models at hand"
    }
    let corrected = min(chance + log10Tries, 0)
    return Finding(
      .triggers, corrected < threshold ? .passed : .failed, text, log10P: chance, correctedLog10P: corrected,
      assumption: assumption)
  }
}
