/// Which points stand for a cloud, and which lie near them (Qi et al. 2017, PointNet++, section 3.2).
///
/// Points have three coordinates. Comparisons with NaN are false and every position that comes out is one of the cloud,
/// whatever the coordinates are.
public struct CloudSearch: Sendable {
  public let samples, points: Int

  public init(samples: Int, points: Int) {
    self.samples = samples
    self.points = points
  }

  /// The positions of `count` points of each cloud [samples, count]: the first point of the cloud, then each time the
  /// one that is farthest from all chosen before it, the first among equals.
  public func farthest(
    _ count: Int, of coordinates: UnsafePointer<Float>, _ strides: ActivationStrides,
    into positions: UnsafeMutablePointer<Int32>
  ) {
    Pool.run(chunks: samples) { sample in
      Self.withPoints(points, coordinates + sample * strides.sample, strides) { cloud in
        var distances = [Float](repeating: .infinity, count: cloud.count)
        var next = 0
        for index in 0..<count {
          positions[sample * count + index] = Int32(next)
          let chosen = cloud[next]
          var farthest: Float = -1
          for point in cloud.indices {
            let distance = min(distances[point], Self.squaredDistance(cloud[point], chosen))
            distances[point] = distance
            if distance > farthest { (farthest, next) = (distance, point) }
          }
        }
      }
    }
  }

  /// The positions of `count` points of each cloud near each centre [samples, centres, count]: the first ones that are
  /// nearer than the radius. The first is repeated where there are fewer; where there is none, it is the nearest point.
  public func neighbours(
    _ count: Int, within radius: Float, of centres: (count: Int, values: UnsafePointer<Float>, ActivationStrides),
    among coordinates: UnsafePointer<Float>, _ strides: ActivationStrides,
    into positions: UnsafeMutablePointer<Int32>
  ) {
    let (centreCount, centreValues, centreStrides) = centres
    Pool.run(chunks: samples) { sample in
      Self.withPoints(points, coordinates + sample * strides.sample, strides) { cloud in
        Self.withPoints(centreCount, centreValues + sample * centreStrides.sample, centreStrides) { centres in
          for index in centres.indices {
            let row = positions + (sample * centreCount + index) * count
            Self.findNeighbours(of: centres[index], in: cloud, squaredRadius: radius * radius, count, into: row)
          }
        }
      }
    }
  }

  private static func findNeighbours(
    of centre: SIMD3<Float>, in cloud: UnsafeMutableBufferPointer<SIMD3<Float>>, squaredRadius: Float, _ count: Int,
    into positions: UnsafeMutablePointer<Int32>
  ) {
    var found = 0
    var nearest = (point: 0, distance: Float.infinity)
    for point in cloud.indices {
      let distance = squaredDistance(cloud[point], centre)
      if distance < nearest.distance { nearest = (point, distance) }
      guard distance < squaredRadius else { continue }
      positions[found] = Int32(point)
      found += 1
      if found == count { return }
    }
    let filler = found > 0 ? positions[0] : Int32(nearest.point)
    for index in found..<count { positions[index] = filler }
  }

  private static func squaredDistance(_ a: SIMD3<Float>, _ b: SIMD3<Float>) -> Float {
    let way = a - b
    return (way * way).sum()
  }

  /// The coordinates of one sample as points.
  private static func withPoints(
    _ count: Int, _ coordinates: UnsafePointer<Float>, _ strides: ActivationStrides,
    _ body: (UnsafeMutableBufferPointer<SIMD3<Float>>) -> Void
  ) {
    withUnsafeTemporaryAllocation(of: SIMD3<Float>.self, capacity: count) { points in
      for index in 0..<count {
        let point = coordinates + index * strides.position
        points.initializeElement(
          at: index, to: SIMD3(point[0], point[strides.channel], point[2 * strides.channel]))
      }
      body(points)
    }
  }
}
