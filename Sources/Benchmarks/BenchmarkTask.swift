import Networks
import Passports
import Tensors
import Training

/// The networks of the paper.
public enum BenchmarkNetwork: String, CaseIterable, Sendable {
  case alexnet, resnet18, pointnet

  /// Samples and triggers of one training step, as the released trainers have them.
  var batch: (samples: Int, triggers: Int) { self == .pointnet ? (16, 16) : (64, 2) }

  var classes: Int { self == .pointnet ? 40 : 10 }
}

/// What is timed.
public enum BenchmarkTask: String, CaseIterable, Sendable {
  /// A step of both branches, passports on every layer.
  case all
  /// A step of both branches, passports on the last stage: AlexNet's layers 4 to 6, ResNet's layer4.
  case last
  /// A step of the plain network.
  case none
  /// The plain network's prediction of 100 samples.
  case predict

  static let predictedSamples = 100
}

extension BenchmarkNetwork {
  /// The network that a task works on, from a fixed seed.
  ///
  /// - Parameter dropout: PointNet's; the paper's rate where none is given.
  func network(for task: BenchmarkTask, dropout: Float? = nil) throws -> Network {
    let carriesPassports = task == .all || task == .last
    switch self {
    case .alexnet:
      let plain = try AlexNet.make(classes: classes, seed: 1)
      return carriesPassports ? try plain.protecting(task == .all ? .all : .numbered([4, 5, 6]), seed: 1) : plain
    case .resnet18:
      let plain = try ResNet18.make(classes: classes, relus: carriesPassports ? .passport : .plain, seed: 1)
      return carriesPassports ? try plain.protecting(task == .all ? .all : .named(["layer4"]), seed: 1) : plain
    case .pointnet:
      let plain = try PointNet.make(classes: classes, dropout: dropout ?? PointNet.dropout, seed: 1)
      return carriesPassports ? try plain.protecting(.all, seed: 1) : plain
    }
  }

  var optimizer: OptimizerSettings {
    self == .pointnet ? .adam(rate: 1e-3, decay: 1e-4) : .sgd(rate: 0.01, momentum: 0.9, decay: 5e-4)
  }
}
