import Tensors

extension PointSet {
  /// Writes the clouds at `indices` to `destination` as networks take them, [indices.count, 3, pointCount].
  ///
  /// - Parameters:
  ///   - draws: One a cloud, which seeds its augmentation; without them the clouds stay as they are.
  ///   - destination: Has room for all values.
  public func fill(
    _ indices: some Collection<Int>, into destination: UnsafeMutablePointer<Float>, draws: [AugmentationDraw]? = nil,
    augmentation: PointAugmentation = .released
  ) throws {
    if let draws, draws.count != indices.count {
      throw DatasetError.request("\(draws.count) augmentation draws for \(indices.count) clouds")
    }
    for (position, index) in indices.enumerated() {
      var points = try cloud(index)
      if let draw = draws?[position] {
        augmentation.apply(to: &points, up: up, RandomStream(seed: UInt64(draw.bits), name: "augment/points"))
      }
      let target = destination + position * sampleLength
      for (place, point) in points.enumerated() {
        target[place] = point.x
        target[pointCount + place] = point.y
        target[2 * pointCount + place] = point.z
      }
    }
  }
}
