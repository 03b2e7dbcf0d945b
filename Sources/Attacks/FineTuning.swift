import Execution
import Networks
import Passports
import Training

/// Removal by fine-tuning: the released network is trained on, by the loss of its task alone.
///
/// Frozen layers have no gradients; their batch statistics move all the same, as in the released code
/// (`fine_tune2.py`).
public struct FineTuning: Retraining {
  /// Which layers are trained, and whether the last one starts anew (Adi et al. 2018).
  public enum Method: String, Sendable, CaseIterable {
    /// Fine-tune the last layer.
    case ftll
    /// Fine-tune all layers.
    case ftal
    /// Re-initialise the last layer and train it alone.
    case rtll
    /// Re-initialise the last layer and train all layers.
    case rtal

    var restartsHead: Bool { self == .rtll || self == .rtal }
    var trainsHeadAlone: Bool { self == .ftll || self == .rtll }
  }

  /// Of `train_v23.py -tf`.
  public static let imageRate = 0.001

  public var method: Method
  /// Whether running statistics start from 0 and 1 again: the released code's clone is not given them.
  public var losesStatistics: Bool

  public init(_ method: Method, losesStatistics: Bool = false) {
    self.method = method
    self.losesStatistics = losesStatistics
  }

  public func begin(
    on suspect: Network, with samples: any Samples, plan: TrainingPlan, options: ExecutionOptions
  ) throws -> Trainer {
    var network = try suspect.released()
    if method.restartsHead { network = try network.restartingHead(seed: plan.seed) }
    if losesStatistics { network = try network.restartingStatistics() }
    var plan = plan
    plan.trained = try method.trainsHeadAlone ? network.trainableHead() : nil
    return try Trainer(network, on: samples, plan: plan)
  }
}
