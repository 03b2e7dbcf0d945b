import Execution
import Networks
import Passports
import Tensors
import Training

/// Removal by distillation (model extraction): a student that starts from nothing learns what the suspect says of
/// samples, and never sees their labels or the suspect's weights.
///
/// The teacher is asked once for each sample as it is; where the plan augments, the student sees it changed and is told
/// the same.
public struct Distillation: Retraining {
  /// What the suspect gives away.
  public enum Answers: Sendable, Equatable {
    /// The class of each sample alone.
    case labels
    /// All probabilities, softened by a temperature (`SoftTargets`).
    case probabilities(temperature: Float)
  }

  /// That of training from nothing.
  public static let imageRate = 0.01

  public var answers: Answers
  /// None for a new network of the suspect's architecture.
  public var student: Network?

  public init(_ answers: Answers, student: Network? = nil) {
    self.answers = answers
    self.student = student
  }

  public func begin(
    on suspect: Network, with samples: any Samples, plan: TrainingPlan, options: ExecutionOptions
  ) throws -> Trainer {
    let teacher = try suspect.released()
    let student = try self.student?.released()
      ?? Network(name: teacher.name, inputShape: teacher.inputShape, nodes: teacher.nodes, seed: plan.seed)
    guard student.outputShape == teacher.outputShape else {
      throw TrainingError(
        "the student gives outputs \(student.outputShape), and the model that it learns from \(teacher.outputShape)",
        help: "give the student's last layer as many outputs")
    }
    let predictor = try Predictor(teacher, options: options)
    switch answers {
    case .labels:
      return try Trainer(
        student, on: DistilledSamples(samples, labels: predictor.predictions(samples)), plan: plan)
    case .probabilities(let temperature):
      let targets = try SoftTargets(logits: predictor.logits(samples), temperature: temperature)
      let distilled = try DistilledSamples(samples, labels: targets.labels, softTargets: targets)
      return try Trainer(student, on: distilled, plan: plan)
    }
  }
}
