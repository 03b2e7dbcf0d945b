import Datasets
import Glibc
import Tensors

/// What another network says of samples, to be learned instead of labels (Hinton, Vinyals and Dean, 2015).
///
///     L = T² · mean over samples of -Σ p log softmax(z / T)        p = softmax(teacher's logits / T)
///
/// T² keeps the size of the gradients as the temperature rises.
public struct SoftTargets: Sendable {
  /// [samples, classes], each row with the sum 1.
  public let probabilities: Tensor
  /// T: 1 for the probabilities as they are; the higher, the more the unlikely classes count.
  public let temperature: Float

  /// From a teacher's logits [samples, classes]; throws `TrainingError` unless the temperature is above 0.
  public init(logits: Tensor, temperature: Float) throws {
    guard temperature > 0, temperature.isFinite else {
      throw TrainingError(
        "the temperature is a number above 0, not \(temperature)", help: "distill(..., temperature: 4)")
    }
    guard logits.rank == 2 else {
      throw TrainingError("a teacher gives logits [samples, classes], not \(logits.shape)")
    }
    self.init(probabilities: try (logits.detached / Tensor(temperature)).softmax(), temperature: temperature)
  }

  private init(probabilities: Tensor, temperature: Float) {
    self.probabilities = probabilities
    self.temperature = temperature
  }

  /// The class that the teacher thinks likeliest for each sample.
  public var labels: [Int32] { get throws { try probabilities.predictedClasses() } }

  /// Those of the samples at these positions, in that order.
  func rows(_ positions: [Int]) throws -> SoftTargets {
    SoftTargets(probabilities: try probabilities.gathered(axis: 0, positions: positions), temperature: temperature)
  }

  /// The loss of a student's logits [samples, classes]; a scalar.
  func loss(logits: Tensor) throws -> Tensor {
    guard logits.shape == probabilities.shape else {
      throw TrainingError(
        "the student gives logits of shape \(logits.shape), and its teacher \(probabilities.shape)",
        help: "teacher and student must have the same classes")
    }
    let scaled = try logits.detached / Tensor(temperature)
    let own = try scaled.softmax()
    let (rows, classes) = (logits.shape[0], logits.shape[1])
    let sum = scaled.read { z in
      probabilities.read { p in
        (0..<rows).reduce(0.0) { sum, row in
          sum + Self.crossEntropy(z + row * classes, p + row * classes, classes: classes)
        }
      }
    }
    let square = temperature * temperature
    let (targets, factor) = (probabilities, temperature / Float(max(rows, 1)))
    // d L / d z = T (softmax(z / T) - p) / samples
    return try Tensor(Float(sum / Double(max(rows, 1))) * square).differentiable(by: [logits]) { gradient in
      [try (own - targets) * Tensor(factor * gradient.scalar())]
    }
  }

  /// -Σ p log softmax(z) of one sample, in float64 and with the largest logit taken off.
  private static func crossEntropy(_ z: UnsafePointer<Float>, _ p: UnsafePointer<Float>, classes: Int) -> Double {
    let largest = (0..<classes).reduce(-Double.infinity) { max($0, Double(z[$1])) }
    let sum = (0..<classes).reduce(0.0) { $0 + exp(Double(z[$1]) - largest) }
    return (0..<classes).reduce(0.0) { $0 + Double(p[$1]) * (largest + log(sum) - Double(z[$1])) }
  }
}

/// Samples that are to be learned as another network sees them.
public struct DistilledSamples: Samples {
  private let samples: any Samples
  /// What the teacher takes each for.
  public let labels: [Int32]
  public let softTargets: SoftTargets?

  /// - Parameters:
  ///   - labels: one a sample, instead of its own.
  ///   - softTargets: rows for the same samples; none to learn the labels.
  public init(_ samples: any Samples, labels: [Int32], softTargets: SoftTargets? = nil) throws {
    guard labels.count == samples.count, softTargets.map({ $0.probabilities.shape[0] == samples.count }) ?? true else {
      throw TrainingError("a teacher who has seen \(labels.count) samples does not fit \(samples.count)")
    }
    self.samples = samples
    self.labels = labels
    self.softTargets = softTargets
  }

  public var count: Int { samples.count }
  public var sampleShape: Shape { samples.sampleShape }

  public func write(
    _ positions: [Int], draws: [AugmentationDraw]?, to destination: UnsafeMutablePointer<Float>
  ) throws {
    try samples.write(positions, draws: draws, to: destination)
  }
}
