/// Abstract colour pictures made from a seed: a trigger set without a download, in the spirit of the abstract images
/// of Adi et al. (2018).
///
/// A picture is a sum of oriented waves, soft discs and straight edges, each of a random colour. All arithmetic is on
/// whole numbers, so that the same seed gives the same bytes on every machine.
public enum AbstractPictures {
  /// `count` pictures of `size` x `size` pixels and 1 or 3 channels, all of the one class "abstract".
  public static func make(count: Int, size: Int = 32, channels: Int = 3, seed: UInt64) throws -> ImageSet {
    guard (1...100_000).contains(count), (8...256).contains(size) else {
      throw DatasetError.request(
        "abstract pictures come in numbers of 1 to 100000 and sizes of 8 to 256, not \(count) of \(size)")
    }
    guard count * 3 * size * size <= 1 << 30 else {
      throw DatasetError.request("\(count) abstract pictures of \(size) x \(size) are more than 1 GiB; make fewer")
    }
    var pixels: [UInt8] = []
    pixels.reserveCapacity(count * 3 * size * size)
    for index in 0..<count {
      var bits = SeededBits(seed: seed, stream: UInt64(index))
      pixels.append(contentsOf: picture(size: size, bits: &bits))
    }
    return try ImageSet(
      pixels: pixels, labels: [Int32](repeating: 0, count: count), channels: 3, height: size, width: size,
      classNames: ["abstract"]
    ).converted(toChannels: channels)
  }

  /// A full turn of an angle; sines are in units of `one`.
  private static let turn = 1 << 12
  private static let one = 1 << 12

  /// One picture, [3, size, size].
  private static func picture(size: Int, bits: inout SeededBits) -> [UInt8] {
    var sums = [Int](repeating: 0, count: 3 * size * size)
    let background = colour(&bits)
    for _ in 0..<bits.within(2...4) { add(wave(size, &bits), colour(&bits), to: &sums, size) }
    for _ in 0..<bits.within(1...4) { add(disc(size, &bits), colour(&bits), to: &sums, size) }
    for _ in 0..<bits.within(1...2) { add(edge(size, &bits), colour(&bits), to: &sums, size) }
    let area = size * size
    return sums.indices.map { UInt8(min(max(128 + background[$0 / area] / 2 + sums[$0] / one, 0), 255)) }
  }

  /// A value of -one…one for each column and row.
  private typealias Pattern = (_ x: Int, _ y: Int) -> Int

  private static func add(_ pattern: Pattern, _ colour: [Int], to sums: inout [Int], _ size: Int) {
    for y in 0..<size {
      for x in 0..<size {
        let value = pattern(x, y)
        for channel in 0..<3 { sums[(channel * size + y) * size + x] += value * colour[channel] }
      }
    }
  }

  /// Half a turn to five turns across the picture, in any direction.
  private static func wave(_ size: Int, _ bits: inout SeededBits) -> Pattern {
    let direction = bits.below(turn)
    let turns = bits.within(turn / 2...5 * turn)
    let phase = bits.below(turn)
    let (stepX, stepY) = (turns * cosine(direction) / size, turns * sine(direction) / size)
    return { x, y in sine((x * stepX + y * stepY) / one + phase) }
  }

  /// One in the middle, falling with the square of the distance to zero at the rim.
  private static func disc(_ size: Int, _ bits: inout SeededBits) -> Pattern {
    let (centreX, centreY) = (bits.below(size), bits.below(size))
    let radius = bits.within(size / 8...size / 2)
    return { x, y in
      let distance = (x - centreX) * (x - centreX) + (y - centreY) * (y - centreY)
      return max(one - one * distance / (radius * radius), 0)
    }
  }

  /// Plus one on one side of a line, minus one on the other.
  private static func edge(_ size: Int, _ bits: inout SeededBits) -> Pattern {
    let direction = bits.below(turn)
    let (pointX, pointY) = (bits.below(size), bits.below(size))
    return { x, y in (x - pointX) * cosine(direction) + (y - pointY) * sine(direction) >= 0 ? one : -one }
  }

  /// Red, green and blue of -60…60 with a random hue: three sines a third of a turn apart.
  private static func colour(_ bits: inout SeededBits) -> [Int] {
    let hue = bits.below(turn)
    return (0..<3).map { 60 * sine(hue + $0 * turn / 3) / one }
  }

  /// The sine in units of `one` by two parabolas (largest error 0.06): smooth enough for a picture, and exact.
  static func sine(_ angle: Int) -> Int {
    let position = angle & (turn - 1)
    let half = turn / 2
    let arc = position % half
    let value = 4 * one * arc / half * (half - arc) / half
    return position < half ? value : -value
  }

  private static func cosine(_ angle: Int) -> Int { sine(angle + turn / 4) }
}
