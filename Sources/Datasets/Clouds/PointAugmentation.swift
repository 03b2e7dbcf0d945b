import Glibc
import Tensors

/// What is done to a cloud each time that it is trained on: functions of a random stream, one a cloud.
///
/// In this order: points dropped out, turned about the up axis, scaled, shifted, jittered. Each draws from a stream of
/// its own, so that leaving one out does not move the others.
public struct PointAugmentation: Sendable, Equatable {
  /// The share of dropped points is uniform on 0…`dropout`; a dropped point takes the place of the first.
  public var dropout: Float = 0
  /// Whether the cloud is turned by any angle about the up axis.
  public var rotates = false
  /// One factor a cloud, uniform on this range.
  public var scale: ClosedRange<Float> = 1...1
  /// One distance an axis, uniform on -`shift`…`shift`.
  public var shift: Float = 0
  /// The standard deviation of what is added to every coordinate.
  public var jitter: Float = 0
  /// The most that jitter adds.
  public var jitterLimit: Float = 0.05

  public init() {}

  /// The released code's: dropout up to 87.5 %, scale 0.8 to 1.25, shift up to 0.1; no rotation, no jitter.
  public static let released: PointAugmentation = {
    var augmentation = PointAugmentation()
    augmentation.dropout = 0.875
    augmentation.scale = 0.8...1.25
    augmentation.shift = 0.1
    return augmentation
  }()

  /// Changes the points of one cloud.
  public func apply(to points: inout [Point], up: UpAxis, _ stream: RandomStream) {
    if dropout > 0 { Self.dropOut(&points, atMost: dropout, stream.substream(named: "dropout")) }
    if rotates { Self.turn(&points, about: up, stream.substream(named: "rotation")) }
    if scale != 1...1 { Self.scale(&points, within: scale, stream.substream(named: "scale")) }
    if shift > 0 { Self.shift(&points, atMost: shift, stream.substream(named: "shift")) }
    if jitter > 0 { Self.jitter(&points, deviation: jitter, limit: jitterLimit, stream.substream(named: "jitter")) }
  }

  /// Puts the first point in the place of others, each with the same probability, which is uniform on 0…`share`.
  public static func dropOut(_ points: inout [Point], atMost share: Float, _ stream: RandomStream) {
    guard let first = points.first else { return }
    var stream = stream
    let share = stream.uniform() * share
    for position in points.indices where stream.uniform() <= share { points[position] = first }
  }

  /// Turns all points about an axis by an angle uniform on a full turn.
  public static func turn(_ points: inout [Point], about axis: UpAxis, _ stream: RandomStream) {
    var stream = stream
    let angle = 2 * Double.pi * Double(stream.uniform())
    let (sine, cosine) = (Float(sin(angle)), Float(cos(angle)))
    for (position, point) in points.enumerated() {
      points[position] =
        switch axis {
        case .y: Point(cosine * point.x + sine * point.z, point.y, cosine * point.z - sine * point.x)
        case .z: Point(cosine * point.x - sine * point.y, sine * point.x + cosine * point.y, point.z)
        }
    }
  }

  /// Multiplies all points by one factor, uniform on `range`.
  public static func scale(_ points: inout [Point], within range: ClosedRange<Float>, _ stream: RandomStream) {
    var stream = stream
    let factor = range.lowerBound + stream.uniform() * (range.upperBound - range.lowerBound)
    for position in points.indices { points[position] *= factor }
  }

  /// Moves all points by one distance an axis, uniform on -`limit`…`limit`.
  public static func shift(_ points: inout [Point], atMost limit: Float, _ stream: RandomStream) {
    var stream = stream
    let (x, y, z) = (stream.signedUniform(), stream.signedUniform(), stream.signedUniform())
    for position in points.indices { points[position] += limit * Point(x, y, z) }
  }

  /// Adds a normal number of that deviation, cut at ±`limit`, to every coordinate.
  public static func jitter(_ points: inout [Point], deviation: Float, limit: Float, _ stream: RandomStream) {
    var stream = stream
    for position in points.indices {
      let (x, y) = stream.normalPair()
      let noise = deviation * Point(x, y, stream.normal())
      points[position] += noise.clamped(lowerBound: Point(repeating: -limit), upperBound: Point(repeating: limit))
    }
  }
}
