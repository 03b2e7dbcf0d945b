import Datasets
import Tensors

/// Clouds of points as networks take them, [3, points], with what augmentation does to them.
public struct CloudSamples: Samples {
  public let clouds: PointSet
  public let augmentation: PointAugmentation

  public init(_ clouds: PointSet, augmentation: PointAugmentation = .released) {
    self.clouds = clouds
    self.augmentation = augmentation
  }

  public var count: Int { clouds.count }
  public var sampleShape: Shape { [3, clouds.pointCount] }
  public var labels: [Int32] { clouds.labels }

  public func write(
    _ positions: [Int], draws: [AugmentationDraw]?, to destination: UnsafeMutablePointer<Float>
  ) throws {
    try clouds.fill(positions, into: destination, draws: draws, augmentation: augmentation)
  }
}
