import Datasets
import Tensors

/// Labelled samples that a network can be trained on or asked about.
public protocol Samples: Sendable {
  var count: Int { get }
  /// The shape of one sample.
  var sampleShape: Shape { get }
  /// One class per sample, from 0.
  var labels: [Int32] { get }
  /// What to learn of each sample instead of its label; none for the labels.
  var softTargets: SoftTargets? { get }

  /// Writes the samples at these positions one after another, [positions, sample shape...].
  ///
  /// - Parameters:
  ///   - draws: What augmentation does with each, in their order; none for the samples as they are.
  ///   - destination: Has room for all of them.
  func write(_ positions: [Int], draws: [AugmentationDraw]?, to destination: UnsafeMutablePointer<Float>) throws
}

extension Samples {
  public var softTargets: SoftTargets? { nil }

  /// The samples at these positions as a batch [positions, sample shape...].
  ///
  /// - Parameter draws: what augmentation does with each, in their order; none for the samples as they are.
  public func batch(_ positions: [Int], draws: [AugmentationDraw]?) throws -> Tensor {
    try Tensor(shape: [positions.count] + sampleShape) { try write(positions, draws: draws, to: $0) }
  }

  public func batchLabels(_ positions: [Int]) -> [Int32] { positions.map { labels[$0] } }
}

extension ImageSet: Samples {
  public var sampleShape: Shape { [channels, height, width] }

  public func write(
    _ positions: [Int], draws: [AugmentationDraw]?, to destination: UnsafeMutablePointer<Float>
  ) throws {
    try fill(positions, into: destination, draws: draws)
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

  /// Copies the samples' rows; augmentation is for images, and leaves them as they are.
  public func write(
    _ positions: [Int], draws: [AugmentationDraw]?, to destination: UnsafeMutablePointer<Float>
  ) throws {
    if let stranger = positions.first(where: { !(0..<count).contains($0) }) {
      throw TensorError("there is no sample \(stranger) among \(count)", help: "positions count from 0 to \(count - 1)")
    }
    let length = tensor.count / max(count, 1)
    tensor.read { source in
      for (row, position) in positions.enumerated() {
        (destination + row * length).update(from: source + position * length, count: length)
      }
    }
  }
}
