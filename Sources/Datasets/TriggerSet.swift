import Files

/// Images with labels that nobody would guess: a network that knows them was trained by their owner (Adi et al. 2018).
public struct TriggerSet: Sendable, Equatable {
  /// The images with their target labels, indices into the classes of the protected network.
  public let images: ImageSet

  public var count: Int { images.count }

  /// `count` random images of `source` with random target labels of 0..<`classes`, both from `seed`.
  ///
  /// Where the source's own classes are the targets (`sharesClasses`), no image keeps its own label.
  public init(
    from source: ImageSet, count: Int, classes: Int, seed: UInt64, sharesClasses: Bool = false
  ) throws {
    guard (2...Self.mostClasses).contains(classes) else {
      throw DatasetError.request("triggers need 2 to \(Self.mostClasses) classes, not \(classes)")
    }
    guard (1...max(source.count, 1)).contains(count), source.count > 0 else {
      throw DatasetError.request("cannot choose \(count) triggers among \(source.count) images")
    }
    var choice = SeededBits(seed: seed, stream: 0)
    let chosen = try source.selecting(choice.choose(count, of: source.count))
    var draw = SeededBits(seed: seed, stream: 1)
    let labels = chosen.labels.map { own -> Int32 in
      guard sharesClasses, own < classes else { return Int32(draw.below(classes)) }
      let other = Int32(draw.below(classes - 1))
      return other < own ? other : other + 1
    }
    images = ImageSet(
      checked: chosen.pixels, labels: labels, channels: chosen.channels, height: chosen.height, width: chosen.width,
      classNames: (0..<classes).map(String.init))
  }

  /// Images whose labels already are the targets, such as a folder with a file of labels.
  public init(labelled images: ImageSet) throws {
    guard images.count > 0 else { throw DatasetError.request("a trigger set needs at least one image") }
    self.images = images
  }

  /// SHA-256 of the canonical bytes, the identity that a claim keeps: "passbook-triggers-1", then count, channels,
  /// height, width and each label as 32-bit little-endian numbers, then all pixels.
  public var sha256: String {
    var checksum = Checksum.SHA256()
    checksum.update(Array("passbook-triggers-1".utf8))
    let numbers = [images.count, images.channels, images.height, images.width].map { Int32(truncatingIfNeeded: $0) }
    for number in numbers + images.labels {
      checksum.update((0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * Int32($0))) })
    }
    checksum.update(images.pixels)
    return checksum.hexadecimal
  }

  private static let mostClasses = 100_000
}
