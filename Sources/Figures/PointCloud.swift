#if canImport(Glibc)
  import Glibc
#endif

/// Points in space, seen from far away (orthographic), shaded by depth.
public struct PointCloud: Sendable, Equatable {
  public struct Point: Sendable, Equatable {
    public var x: Double
    public var y: Double
    public var z: Double

    public init(_ x: Double, _ y: Double, _ z: Double) {
      self.x = x
      self.y = y
      self.z = z
    }
  }

  public var points: [Point]
  /// The class of each point, which gives its colour; nil if they are of one kind.
  public var labels: [Int]?
  /// Degrees that the eye has walked around the z axis, from the negative y axis towards the positive x axis.
  public var azimuth: Double
  /// Degrees that the eye stands above the plane of x and y.
  public var elevation: Double

  public init(points: [Point], labels: [Int]? = nil, azimuth: Double = 30, elevation: Double = 20) {
    self.points = points
    self.labels = labels
    self.azimuth = azimuth
    self.elevation = elevation
  }

  /// A point as the eye sees it: across and up within -1…1 of the middle, nearness 0 (farthest) to 1.
  struct Seen: Equatable {
    var across: Double
    var up: Double
    var nearness: Double
    var label: Int
  }

  /// The finite points from the farthest to the nearest, at most `limit` of them, evenly chosen.
  func seen(atMost limit: Int) -> [Seen] {
    let finite = points.indices.filter { points[$0].x.isFinite && points[$0].y.isFinite && points[$0].z.isFinite }
    let chosen = finite.thinned(to: limit)
    // A size of 1 first, so that no sum overflows.
    let largest = chosen.map { max(abs(points[$0].x), abs(points[$0].y), abs(points[$0].z)) }.max() ?? 0
    guard largest > 0 else { return chosen.map { Seen(across: 0, up: 0, nearness: 1, label: label($0)) } }
    let (turn, tilt) = (Self.radians(azimuth), Self.radians(elevation))
    let views = chosen.map { index -> (across: Double, up: Double, depth: Double) in
      let (x, y, z) = (points[index].x / largest, points[index].y / largest, points[index].z / largest)
      let away = y * cos(turn) - x * sin(turn)
      return (
        x * cos(turn) + y * sin(turn), z * cos(tilt) + away * sin(tilt), away * cos(tilt) - z * sin(tilt)
      )
    }
    func range(_ values: [Double]) -> (middle: Double, half: Double) {
      let (low, high) = (values.min() ?? 0, values.max() ?? 0)
      return ((low + high) / 2, (high - low) / 2)
    }
    let (across, up, depth) = (range(views.map(\.across)), range(views.map(\.up)), range(views.map(\.depth)))
    // One scale for both directions keeps shapes as they are.
    let size = max(across.half, up.half)
    func scaled(_ value: Double, _ middle: Double, _ half: Double) -> Double {
      half > 1e-12 ? min(max((value - middle) / half, -1), 1) : 0
    }
    return zip(chosen, views)
      .map { index, view in
        Seen(
          across: scaled(view.across, across.middle, size), up: scaled(view.up, up.middle, size),
          nearness: (1 - scaled(view.depth, depth.middle, depth.half)) / 2, label: label(index))
      }
      .enumerated().sorted { ($0.element.nearness, $0.offset) < ($1.element.nearness, $1.offset) }.map(\.element)
  }

  /// The units of room that 1 may take, so that all points seen fit into a picture of that size.
  static func scale(of seen: [Seen], width: Double, height: Double) -> Double {
    let across = max(seen.map { abs($0.across) }.max() ?? 0, 1e-3)
    let up = max(seen.map { abs($0.up) }.max() ?? 0, 1e-3)
    return min(width / 2 / across, height / 2 / up)
  }

  private func label(_ index: Int) -> Int {
    guard let labels, labels.indices.contains(index) else { return 0 }
    return labels[index]
  }

  /// Angles that are no numbers count as 0.
  private static func radians(_ degrees: Double) -> Double {
    degrees.isFinite ? degrees.truncatingRemainder(dividingBy: 360) * .pi / 180 : 0
  }
}

extension Array {
  /// At most so many elements, evenly spread from the first on.
  func thinned(to limit: Int) -> [Element] {
    guard count > limit, limit > 0 else { return self }
    return (0..<limit).map { self[$0 * count / limit] }
  }
}
