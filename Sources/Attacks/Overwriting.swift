import Execution
import Networks
import Passports
import Training

/// Removal by overwriting: a second owner protects the released network again, with a passport of his own, and trains
/// both branches; what he passes on is released once more.
///
/// He does not know the first owner's passports, but the method: he writes into the same layers.
public struct Overwriting: Retraining {
  /// That of training: at fine-tuning's, a new signature takes many epochs.
  public static let imageRate = 0.01

  public var layers: LayerSelection

  public init(layers: LayerSelection = .all) { self.layers = layers }

  /// - Parameter plan: with the second owner's passport.
  public func begin(
    on suspect: Network, with samples: any Samples, plan: TrainingPlan, options: ExecutionOptions
  ) throws -> Trainer {
    guard plan.passport != nil else {
      throw TrainingError(
        "overwriting needs a passport of the second owner", help: "overwrite(..., passport: passport(...))")
    }
    return try Trainer(suspect.released().protecting(layers, seed: plan.seed), on: samples, plan: plan)
  }

  public func result(of trainer: Trainer) throws -> Network { try trainer.network.released() }
}
