import Files

/// Samples with labels that nobody would guess: a network that knows them was trained by their owner (Adi et al. 2018).
///
/// Images, as in the published code of the paper for images, or clouds of points, as in that for points.
public struct TriggerSet: Sendable, Equatable {
  /// The samples with their target labels, indices into the classes of the protected network.
  public enum Content: Sendable, Equatable {
    case images(ImageSet)
    case clouds(PointSet)
  }

  public let content: Content

  /// `count` random images of `source` with random target labels of 0..<`classes`, both from `seed`.
  ///
  /// - Parameters:
  ///   - excluded: Classes of the source that no trigger is taken from, such as those that the protected data has too.
  ///   - sharesClasses: The source's own classes are the targets: no image keeps its own label.
  public init(
    from source: ImageSet, count: Int, classes: Int, seed: UInt64, without excluded: Set<Int> = [],
    sharesClasses: Bool = false
  ) throws {
    let draw = try TriggerDraw(
      count, of: source.labels, called: "images", classes: classes, seed: seed, without: excluded,
      sharesClasses: sharesClasses)
    let chosen = try source.selecting(draw.positions)
    content = .images(
      ImageSet(
        checked: chosen.pixels, labels: draw.labels, channels: chosen.channels, height: chosen.height,
        width: chosen.width, classNames: (0..<classes).map(String.init)))
  }

  /// `count` random clouds of `source` with random target labels, as for images.
  public init(
    from source: PointSet, count: Int, classes: Int, seed: UInt64, without excluded: Set<Int> = [],
    sharesClasses: Bool = false
  ) throws {
    let draw = try TriggerDraw(
      count, of: source.labels, called: "clouds", classes: classes, seed: seed, without: excluded,
      sharesClasses: sharesClasses)
    let chosen = try source.selecting(draw.positions)
    content = .clouds(
      PointSet(
        checked: chosen.coordinates, labels: draw.labels, pointCount: chosen.pointCount,
        classNames: (0..<classes).map(String.init), up: chosen.up))
  }

  /// Images whose labels already are the targets, such as a folder with a file of labels.
  public init(labelled images: ImageSet) throws {
    guard images.count > 0 else { throw DatasetError.request("a trigger set needs at least one image") }
    content = .images(images)
  }

  /// Clouds whose labels already are the targets, such as the `<number>_<old label>_<new label>.npy` of the released
  /// code.
  public init(labelled clouds: PointSet) throws {
    guard clouds.count > 0 else { throw DatasetError.request("a trigger set needs at least one cloud") }
    content = .clouds(clouds)
  }

  /// The images, if these are images.
  public var images: ImageSet? {
    if case .images(let images) = content { images } else { nil }
  }

  /// The clouds, if these are clouds.
  public var clouds: PointSet? {
    if case .clouds(let clouds) = content { clouds } else { nil }
  }

  /// The target labels.
  public var labels: [Int32] {
    switch content {
    case .images(let images): images.labels
    case .clouds(let clouds): clouds.labels
    }
  }

  public var count: Int { labels.count }

  public var classNames: [String] {
    switch content {
    case .images(let images): images.classNames
    case .clouds(let clouds): clouds.classNames
    }
  }

  /// How many triggers have each target.
  public var classCounts: [Int] {
    switch content {
    case .images(let images): images.classCounts
    case .clouds(let clouds): clouds.classCounts
    }
  }

  /// SHA-256 of the canonical bytes, the identity that a claim keeps. A header, then numbers of 32 bits in little-endian
  /// order.
  ///
  /// * Images: "passbook-triggers-1"; count, channels, height, width and each label; then all pixels.
  /// * Clouds: "passbook-point-triggers-1"; count, points of a cloud and each label; then all coordinates.
  public var sha256: String {
    var checksum = Checksum.SHA256()
    switch content {
    case .images(let images):
      checksum.update(Array("passbook-triggers-1".utf8))
      checksum.update(sizes: [images.count, images.channels, images.height, images.width], labels: images.labels)
      checksum.update(images.pixels)
    case .clouds(let clouds):
      checksum.update(Array("passbook-point-triggers-1".utf8))
      checksum.update(sizes: [clouds.count, clouds.pointCount], labels: clouds.labels)
      clouds.coordinates.values.map(\.bitPattern.littleEndian).withUnsafeBytes { checksum.update($0) }
    }
    return checksum.hexadecimal
  }
}

/// Which samples become triggers, and what they are to be taken for.
private struct TriggerDraw {
  private static let mostClasses = 100_000

  let positions: [Int]
  let labels: [Int32]

  init(
    _ count: Int, of own: [Int32], called noun: String, classes: Int, seed: UInt64, without excluded: Set<Int>,
    sharesClasses: Bool
  ) throws {
    guard (2...Self.mostClasses).contains(classes) else {
      throw DatasetError.request("triggers need 2 to \(Self.mostClasses) classes, not \(classes)")
    }
    let candidates = own.indices.filter { !excluded.contains(Int(own[$0])) }
    guard count >= 1, count <= candidates.count else {
      throw DatasetError.request(
        "cannot choose \(count) triggers among \(candidates.count) \(noun)"
          + (candidates.count < own.count ? " of the classes that are not left out" : ""))
    }
    var choice = SeededBits(seed: seed, stream: 0)
    positions = choice.choose(count, of: candidates.count).map { candidates[$0] }
    var draw = SeededBits(seed: seed, stream: 1)
    labels = positions.map { position in
      let own = own[position]
      guard sharesClasses, own < classes else { return Int32(draw.below(classes)) }
      let other = Int32(draw.below(classes - 1))
      return other < own ? other : other + 1
    }
  }
}

extension Checksum.SHA256 {
  fileprivate mutating func update(sizes: [Int], labels: [Int32]) {
    for number in sizes.map({ Int32(truncatingIfNeeded: $0) }) + labels {
      update((0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * Int32($0))) })
    }
  }
}
