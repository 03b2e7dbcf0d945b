/// A point in space.
public typealias Point = SIMD3<Float>

/// The axis that points away from the ground.
public enum UpAxis: String, Sendable, CaseIterable {
  case y, z
}

extension Collection<Point> {
  /// The points moved to their centroid and divided by the largest distance from it: PointNet's `pc_normalize`.
  ///
  /// Points that all coincide become zeros. Sums are in double precision.
  public func normalisedToUnitSphere() -> [Point] {
    guard !isEmpty else { return [] }
    let centroid = reduce(into: SIMD3<Double>()) { $0 += SIMD3<Double>($1) } / Double(count)
    let moved = map { SIMD3<Double>($0) - centroid }
    let radius = moved.reduce(0) { Swift.max($0, ($1 * $1).sum()) }.squareRoot()
    return moved.map { radius > 0 ? Point($0 / radius) : Point() }
  }

  /// The positions of `wanted` points, each the farthest from those before it, from `start` on (Eldar et al. 1997).
  ///
  /// A tie goes to the first; more positions than points begin again at the start.
  public func farthestPoints(_ wanted: Int, from start: Int) -> [Int] {
    let points = Array(self)
    guard points.indices.contains(start), wanted > 0 else { return [] }
    var distances = [Float](repeating: .infinity, count: points.count)
    var order: [Int] = []
    var next = start
    for _ in 0..<Swift.min(wanted, points.count) {
      order.append(next)
      let chosen = points[next]
      distances[next] = -1
      var farthest = (position: start, distance: -Float.infinity)
      for position in points.indices where distances[position] >= 0 {
        let away = points[position] - chosen
        let distance = Swift.min(distances[position], (away * away).sum())
        distances[position] = distance
        if distance > farthest.distance { farthest = (position, distance) }
      }
      next = farthest.position
    }
    return (0..<wanted).map { order[$0 % order.count] }
  }
}
