import Tensors

/// How a cloud of any size becomes one of a fixed number of points; the same seed gives the same points.
public struct Sampling: Sendable, Equatable {
  public enum Method: String, Sendable, CaseIterable {
    /// The first points in the order of the file, as the released code takes them.
    case first
    /// Any points, without repetition as far as there are enough.
    case random
    /// Each the farthest from those before it, beginning with a random one.
    case farthest
  }

  /// The points of a cloud.
  public let points: Int
  public let method: Method
  public let seed: UInt64

  public init(points: Int, method: Method = .first, seed: UInt64) throws {
    try PointSet.check(count: 1, pointCount: points)
    self.points = points
    self.method = method
    self.seed = seed
  }

  /// The stream of one cloud: of its name, so that no other cloud moves it.
  func stream(of name: String) -> RandomStream { RandomStream(seed: seed, name: "clouds").substream(named: name) }

  /// As many rows of a file as matter.
  var rowLimit: Int? { method == .first ? points : nil }

  /// A cloud of `points` points out of one of at least one point; a smaller one repeats its points.
  func choose(from cloud: [Point], _ stream: inout RandomStream) -> [Point] {
    guard !cloud.isEmpty else { return [] }
    switch method {
    case .first: return (0..<points).map { cloud[$0 % cloud.count] }
    case .random:
      let order = stream.permutation(cloud.count)
      return (0..<points).map { cloud[$0 < order.count ? order[$0] : stream.integer(below: cloud.count)] }
    case .farthest: return cloud.farthestPoints(points, from: stream.integer(below: cloud.count)).map { cloud[$0] }
    }
  }

  /// A cloud of `points` points on a surface; the farthest are chosen among four times as many.
  func choose(from mesh: Mesh, _ stream: inout RandomStream) throws -> [Point] {
    guard method == .farthest else { return try mesh.points(points, &stream) }
    return choose(from: try mesh.points(4 * points, &stream), &stream)
  }
}
