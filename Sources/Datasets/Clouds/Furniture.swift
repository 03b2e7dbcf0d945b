import Files
import Tensors

/// Furniture and other things of a household in fourteen classes, as modelled by people: the three-dimensional data that
/// comes with the tool.
///
/// The models of Sweet Home 3D's catalogues whose names tell their class, under CC-BY 3.0 and CC0; `CREDITS.tsv` beside
/// the clouds names who made each. There are few, so accuracy is measured in folds: each shape is tested once.
public enum Furniture {
  /// The points of a cloud as it is kept; fewer are the first ones, which are as uniform on the surface as all.
  public static let points = 1024

  private static let folder = "furniture"
  private static let cloudFile = "clouds-idx4-ubyte.gz"
  private static let creditFile = "CREDITS.tsv"

  /// The shapes of one fold as test set, and all others as training set.
  ///
  /// - Parameters:
  ///   - points: Of a cloud, 1 to 1,024; clouds are moved to their centroid and scaled to the unit sphere.
  ///   - fold: Which of the folds is tested, from 1 on.
  ///   - folds: How many there are, 2 to 10.
  ///   - seed: Divides the shapes; the folds of one seed are disjoint, and together all shapes.
  public static func load(
    points: Int = Furniture.points, fold: Int = 1, folds: Int = 5, seed: UInt64 = 0
  ) throws -> PointDataset {
    guard (1...Self.points).contains(points) else {
      throw DatasetError.request("furniture comes in clouds of 1 to \(Self.points) points, not \(points)")
    }
    guard (2...10).contains(folds) else {
      throw DatasetError.request("furniture is divided into 2 to 10 folds, not \(folds)")
    }
    guard (1...folds).contains(fold) else {
      throw DatasetError.request("there are folds 1 to \(folds), and no fold \(fold)")
    }
    let place = try Resources.path(folder)
    let credits = try FurnitureCredits(FilePath.join(place, creditFile))
    let clouds = try self.clouds(FilePath.join(place, cloudFile), credits, points: points)
    let chosen = credits.folds(folds, seed: seed)
    let sets = try [false, true].map { isTest in
      try clouds.selecting(chosen.indices.filter { (chosen[$0] == fold - 1) == isTest })
    }
    return PointDataset(
      train: sets[0], test: sets[1],
      provenance: Provenance(
        source: "furniture that comes with the tool, fold \(fold) of \(folds), seed \(seed)", official: false,
        files: try [cloudFile, creditFile].map { name in
          let path = FilePath.join(place, name)
          return Provenance.File(
            name: name, length: try FileReader(path: path).count, sha256: try Checksum.sha256(contentsOf: path))
        },
        counts: (sets[0].count, sets[1].count),
        note: "\(clouds.count) shapes from Sweet Home 3D, by \(credits.creatorCount) creators, CC-BY 3.0 and CC0, "
          + "named in \(creditFile)"))
  }

  /// The clouds in the order of the credits, from whole numbers of 0…4095 in two planes: upper eight bits, lower four.
  static func clouds(_ path: String, _ credits: FurnitureCredits, points: Int) throws -> PointSet {
    let contents = try IDX.read(path, dimensions: 4)
    let expected = [2, credits.labels.count, 3, Self.points]
    guard contents.sizes == expected else {
      throw DatasetError.malformed(
        path: path, offset: 4, expected: "sizes of \(expected), as the credits name shapes", found: "\(contents.sizes)")
    }
    let half = contents.bytes.count / 2
    if let stray = contents.bytes[half...].firstIndex(where: { $0 > 15 }) {
      throw DatasetError.malformed(
        path: path, offset: 20 + stray, expected: "four bits, 0 to 15", found: "\(contents.bytes[stray])")
    }
    func coordinate(_ place: Int) -> Float {
      Float(Int(contents.bytes[place]) << 4 | Int(contents.bytes[half + place])) / 4095 * 2 - 1
    }
    var coordinates: [Float] = []
    coordinates.reserveCapacity(credits.labels.count * 3 * points)
    for cloud in credits.labels.indices {
      let start = cloud * 3 * Self.points
      let kept = (start..<start + points).map {
        Point(coordinate($0), coordinate($0 + Self.points), coordinate($0 + 2 * Self.points))
      }
      for point in kept.normalisedToUnitSphere() { coordinates += [point.x, point.y, point.z] }
    }
    return PointSet(
      checked: coordinates, labels: credits.labels, pointCount: points, classNames: credits.classNames, up: .y)
  }
}
