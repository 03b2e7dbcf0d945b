/// Labelled clouds of equally many points, and one label a cloud.
public struct PointSet: Sendable, Equatable {
  /// All clouds one after another, [count, pointCount, 3].
  public let coordinates: PointCoordinates
  /// The class of each cloud, an index into `classNames`.
  public let labels: [Int32]
  /// The points of one cloud.
  public let pointCount: Int
  public let classNames: [String]
  /// Which axis points away from the ground: what a cloud is turned about, and how it is drawn.
  public let up: UpAxis

  /// Clouds whose parts fit each other; throws `DatasetError.request` if they do not.
  public init(
    coordinates: [Float], labels: [Int32], pointCount: Int, classNames: [String], up: UpAxis = .y
  ) throws {
    try Self.check(count: labels.count, pointCount: pointCount)
    guard coordinates.count == 3 * labels.count * pointCount else {
      throw DatasetError.request(
        "\(labels.count) clouds of [\(pointCount), 3] are not \(coordinates.count) coordinates")
    }
    if let bad = labels.first(where: { $0 < 0 || Int($0) >= classNames.count }) {
      throw DatasetError.request("label \(bad) names none of the \(classNames.count) classes")
    }
    self.init(
      checked: coordinates, labels: labels, pointCount: pointCount, classNames: classNames, up: up)
  }

  /// Clouds whose parts are known to fit.
  init(checked coordinates: [Float], labels: [Int32], pointCount: Int, classNames: [String], up: UpAxis) {
    self.init(
      checked: PointCoordinates(coordinates), labels: labels, pointCount: pointCount, classNames: classNames, up: up)
  }

  /// Clouds whose parts are known to fit, of their own memory or mapped.
  init(checked coordinates: PointCoordinates, labels: [Int32], pointCount: Int, classNames: [String], up: UpAxis) {
    self.coordinates = coordinates
    self.labels = labels
    self.pointCount = pointCount
    self.classNames = classNames
    self.up = up
  }

  /// The most points of a cloud.
  public static let mostPoints = 1 << 16
  /// The most points of all clouds together: 1.5 GiB.
  static let mostPointsTogether = 1 << 27

  /// Refuses sizes that no memory should be asked for.
  static func check(count: Int, pointCount: Int) throws {
    guard (1...mostPoints).contains(pointCount) else {
      throw DatasetError.request("clouds have 1 to \(mostPoints) points, not \(pointCount)")
    }
    guard count <= mostPointsTogether / pointCount else {
      throw DatasetError.request(
        "\(count) clouds of \(pointCount) points are more than \(mostPointsTogether) points; take fewer points a cloud")
    }
  }

  public var count: Int { labels.count }

  /// One cloud as it is held: [pointCount, 3].
  public var shape: [Int] { [pointCount, 3] }

  /// The numbers of one cloud.
  public var sampleLength: Int { 3 * pointCount }

  /// How many clouds each class has.
  public var classCounts: [Int] {
    labels.reduce(into: [Int](repeating: 0, count: classNames.count)) { $0[Int($1)] += 1 }
  }

  /// The points of cloud `index`; throws for an index out of range.
  public func cloud(_ index: Int) throws -> [Point] {
    try check(index)
    let start = index * sampleLength
    return coordinates.withUnsafeBufferPointer { coordinates in
      (0..<pointCount).map { point in
        let place = start + 3 * point
        return Point(coordinates[place], coordinates[place + 1], coordinates[place + 2])
      }
    }
  }
}
