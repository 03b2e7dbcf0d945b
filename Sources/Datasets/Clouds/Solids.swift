import Tensors

/// Clouds of ten classes of household things, made from a seed: the three-dimensional default that needs no download.
///
/// Each thing is a surface of boxes, lathes and tubes with random measures, whose ranges overlap between the classes;
/// points are uniform on the surface, a little noise is added, and the cloud is scaled to the unit sphere. z is up.
public enum Solids {
  public static let classNames = Solid.allCases.map(\.rawValue)

  /// The deviation of the noise, in units of the radius.
  static let noise: Float = 0.02

  /// `train` and `test` clouds of `points` points, the classes in turn; no two are of one stream.
  ///
  /// - Parameter poll: Called now and then; what it throws ends the making.
  public static func make(
    train: Int = 800, test: Int = 200, points: Int = 256, seed: UInt64, poll: () throws -> Void = {}
  ) throws -> PointDataset {
    let limit = 100_000
    guard (1...limit).contains(train), (1...limit).contains(test) else {
      throw DatasetError.request("solids come in numbers of 1 to \(limit), not \(train) and \(test)")
    }
    let sets = try [("train", train), ("test", test)].map { half, count in
      try clouds(count, points, RandomStream(seed: seed, name: "solids").substream(named: half), poll)
    }
    return PointDataset(
      train: sets[0], test: sets[1],
      provenance: Provenance(
        source: "synthetic solids, seed \(seed)", official: false, files: [], counts: (train, test),
        note: "made by this tool, not measured from anything"))
  }

  private static func clouds(
    _ count: Int, _ points: Int, _ stream: RandomStream, _ poll: () throws -> Void
  ) throws -> PointSet {
    try PointSet.check(count: count, pointCount: points)
    var coordinates: [Float] = []
    coordinates.reserveCapacity(3 * count * points)
    for start in stride(from: 0, to: count, by: 64) {
      try poll()
      var clouds = [[Point]](repeating: [], count: min(64, count - start))
      try clouds.withUnsafeMutableBufferPointer { clouds in
        try Parallelism.forEachBlock(clouds.count, of: 8) { block in
          for index in block { clouds[index] = try cloud(start + index, points, stream.substream(start + index)) }
        }
      }
      for point in clouds.joined() { coordinates += [point.x, point.y, point.z] }
    }
    let labels = (0..<count).map { Int32($0 % classNames.count) }
    return PointSet(
      checked: coordinates, labels: labels, pointCount: points, classNames: classNames, up: .z)
  }

  private static func cloud(_ index: Int, _ points: Int, _ stream: RandomStream) throws -> [Point] {
    var measures = stream.substream(named: "measures")
    let mesh = Solid.allCases[index % classNames.count].mesh(&measures)
    let stretch = Point(measures.within(0.8...1.25), measures.within(0.8...1.25), measures.within(0.8...1.25))
    var places = stream.substream(named: "points")
    var cloud = try mesh.points(points, &places).map { $0 * stretch }.normalisedToUnitSphere()
    PointAugmentation.jitter(&cloud, deviation: noise, limit: 3 * noise, stream.substream(named: "noise"))
    return cloud.normalisedToUnitSphere()
  }
}

extension RandomStream {
  /// A number uniform on a range.
  mutating func within(_ range: ClosedRange<Float>) -> Float {
    range.lowerBound + uniform() * (range.upperBound - range.lowerBound)
  }
}
