import Datasets
import Tensors

/// Labelled samples that a network can be trained on or asked about.
public protocol Samples: Sendable {
  var count: Int { get }
  /// The shape of one sample.
  var sampleShape: Shape { get }
  /// One class per sample, from 0.
  var labels: [Int32] { get }

  /// The samples at these positions as a batch [positions, sample shape...].
  ///
  /// - Parameter draws: what augmentation does with each, in their order; none for the samples as they are.
  func batch(_ positions: [Int], draws: [AugmentationDraw]?) throws -> Tensor
}

extension Samples {
  public func batchLabels(_ positions: [Int]) -> [Int32] { positions.map { labels[$0] } }
}

extension ImageSet: Samples {
  public var sampleShape: Shape { [channels, height, width] }

  public func batch(_ positions: [Int], draws: [AugmentationDraw]?) throws -> Tensor {
    try Tensor(shape: [positions.count] + sampleShape) { try fill(positions, into: $0, draws: draws) }
  }
}

/// Samples that are held as one tensor.
public struct TensorSamples: Samples {
  public let tensor: Tensor
  public let labels: [Int32]

  public init(_ tensor: Tensor, labels: [Int32]) throws {
    guard tensor.rank >= 2, tensor.shape[0] == labels.count else {
      throw TensorError("\(labels.count) labels do not fit samples of shape \(tensor.shape)")
    }
    self.tensor = tensor
    self.labels = labels
  }

  public var count: Int { labels.count }
  public var sampleShape: Shape { Shape(tensor.shape.dropFirst()) }

  public func batch(_ positions: [Int], draws: [AugmentationDraw]?) throws -> Tensor {
    try tensor.gathered(axis: 0, positions: positions)
  }
}
