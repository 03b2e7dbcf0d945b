import Execution
import Networks
import Passports
import Training

/// Removal by transfer: the network gets a new head and learns another task, all of it or the head alone.
public struct Transfer: Retraining {
  /// As of `FineTuning`.
  public static let imageRate = FineTuning.imageRate

  /// Of the new task.
  public var classes: Int
  /// Whether the features stay as they are; the released code's `--rtll`.
  public var trainsHeadAlone: Bool
  /// As of `FineTuning`.
  public var losesStatistics: Bool

  public init(classes: Int, trainsHeadAlone: Bool = false, losesStatistics: Bool = false) {
    self.classes = classes
    self.trainsHeadAlone = trainsHeadAlone
    self.losesStatistics = losesStatistics
  }

  public func begin(
    on suspect: Network, with samples: any Samples, plan: TrainingPlan, options: ExecutionOptions
  ) throws -> Trainer {
    var network = try suspect.released().replacingHead(classes: classes, seed: plan.seed)
    if losesStatistics { network = try network.restartingStatistics() }
    var plan = plan
    plan.trained = try trainsHeadAlone ? network.trainableHead() : nil
    return try Trainer(network, on: samples, plan: plan)
  }

  /// The original head on the transferred features (released code, `classification_private.py`): the labels of the
  /// triggers are classes of the old task.
  public func answering(_ attacked: Network, suspect: Network) throws -> Network {
    let original = try suspect.released()
    return original.takingTensors(of: attacked, except: original.headParameterNames)
  }
}
