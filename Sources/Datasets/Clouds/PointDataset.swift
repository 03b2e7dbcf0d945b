/// Training and test clouds of the same classes, and where they come from.
public struct PointDataset: Sendable {
  public let train: PointSet
  public let test: PointSet
  public let provenance: Provenance

  public var classNames: [String] { train.classNames }
}

/// How far a reader has come: called now and then with the clouds read and the clouds in all; what it throws ends the
/// reading.
public typealias LoadingProgress = (_ done: Int, _ total: Int) throws -> Void
