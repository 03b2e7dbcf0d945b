import Execution
import Networks
import Passports
import Tensors
import Training

/// A removal attack that trains what it has found: each is a value with the attack's settings.
///
/// The plan says how long, on what and with which optimiser the thief trains; the attack says what is trained and from
/// where. It knows nothing of the owner.
public protocol Retraining: Sendable {
  /// SGD's learning rate on images where the thief chooses no optimiser.
  static var imageRate: Double { get }

  /// A training that stands at the beginning of the attack.
  ///
  /// - Parameter options: of what the attack asks the network before it trains.
  func begin(
    on suspect: Network, with samples: any Samples, plan: TrainingPlan, options: ExecutionOptions
  ) throws -> Trainer

  /// The network that the thief passes on, as the training stands.
  func result(of trainer: Trainer) throws -> Network

  /// The network that the owner's triggers are asked of.
  func answering(_ attacked: Network, suspect: Network) throws -> Network
}

extension Retraining {
  public func result(of trainer: Trainer) throws -> Network { trainer.network }
  public func answering(_ attacked: Network, suspect: Network) throws -> Network { attacked }
}

extension OptimizerSettings {
  /// The released code's settings: SGD with momentum 0.9 and decay 5e-4 for images, Adam at 0.001 with decay 1e-4 for
  /// clouds.
  public static func released(for network: Network, imageRate: Double) -> OptimizerSettings {
    network.takesClouds ? .adam(rate: 1e-3, decay: 1e-4) : .sgd(rate: imageRate, momentum: 0.9, decay: 5e-4)
  }
}

// What these attacks do to a network before they train it.
extension Network {
  /// Whether samples are clouds [3, points], and not images [channels, height, width].
  var takesClouds: Bool { inputShape.count == 2 }

  /// The parameters that a thief trains who leaves the features as they are.
  func trainableHead() throws -> Set<String> {
    let names = headParameterNames
    guard !names.isEmpty else {
      throw NetworkError("the model has no layer with weights, so there is no last one to train")
    }
    return names
  }

  /// Running means at 0 and variances at 1, as in a new network.
  func restartingStatistics() throws -> Network {
    var network = self
    for (name, tensor) in buffers {
      network.buffers[name] = try Tensor(repeating: name.hasSuffix("running_var") ? 1 : 0, shape: tensor.shape)
    }
    return network
  }
}
