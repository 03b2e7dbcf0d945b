import Testing

@testable import Datasets

@Suite struct ImageSetTests {
  /// Six images of [1, 2, 2] whose bytes are their position.
  private func six() throws -> ImageSet {
    try ImageSet(
      pixels: (0..<24).map { UInt8($0 / 4) }, labels: [0, 1, 0, 1, 0, 1], channels: 1, height: 2, width: 2,
      classNames: ["even", "odd"])
  }

  @Test func partsMustFit() throws {
    #expect(throws: DatasetError.request("1 images of [1, 2, 2] do not fill 3 bytes")) {
      try ImageSet(pixels: [1, 2, 3], labels: [0], channels: 1, height: 2, width: 2, classNames: ["a"])
    }
    #expect(throws: DatasetError.request("label 1 names none of the 1 classes")) {
      try ImageSet(pixels: [1], labels: [1], channels: 1, height: 1, width: 1, classNames: ["a"])
    }
    #expect(throws: DatasetError.request("images have 1 or 3 channels, not 2")) {
      try ImageSet(pixels: [], labels: [], channels: 2, height: 1, width: 1, classNames: [])
    }
  }

  @Test func selecting() throws {
    let chosen = try six().selecting([4, 1, 4])
    #expect(chosen.labels == [0, 1, 0])
    #expect(chosen.pixels == [4, 4, 4, 4, 1, 1, 1, 1, 4, 4, 4, 4])
    #expect(throws: DatasetError.request("there is no image 6 among 6; the first is 0, the last 5")) {
      try six().selecting([6])
    }
  }

  @Test func takingAndSplitting() throws {
    #expect(try six().taking(share: 0.5).count == 3)
    #expect(try six().taking(count: 0).count == 0)
    #expect(throws: DatasetError.request("cannot take 7 of 6 images; take at most 6")) { try six().taking(count: 7) }
    #expect(throws: DatasetError.self) { try six().taking(share: .nan) }
    let (first, second) = try six().split(share: 1 / 3)
    #expect(first.labels == [0, 1])
    #expect(second.labels == [0, 1, 0, 1])
    #expect(try !six().taking(count: 3).isBalanced)
    #expect(try six().isBalanced)
  }

  @Test func shuffling() throws {
    let reversed = try six().shuffled { Array((0..<$0).reversed()) }
    #expect(reversed.labels == [1, 0, 1, 0, 1, 0])
  }

  @Test func paddingAndChannels() throws {
    let one = try ImageSet(pixels: [1, 2], labels: [0], channels: 1, height: 1, width: 2, classNames: ["a"])
    let padded = try one.padded(by: 1)
    #expect(padded.pixels == [0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0])
    let colour = try one.converted(toChannels: 3)
    #expect(colour.pixels == [1, 2, 1, 2, 1, 2])
    #expect(try colour.converted(toChannels: 1) == one)
    let red = try ImageSet(pixels: [255, 0, 0], labels: [0], channels: 3, height: 1, width: 1, classNames: ["a"])
    #expect(try red.converted(toChannels: 1).pixels == [76])
  }

  @Test func normalisedValues() throws {
    let colour = try ImageSet(pixels: [255, 0, 51], labels: [0], channels: 3, height: 1, width: 1, classNames: ["a"])
    let expected: [Float] = [(1 - 0.4914) / 0.2023, -0.4822 / 0.1994, (0.2 - 0.4465) / 0.2010]
    for (value, expected) in zip(colour.floats(), expected) { #expect(abs(value - expected) < 1e-6) }
    #expect(colour.floats(raw: true) == [1, 0, 0.2])
    let black: Float = -0.2860 / 0.3530
    #expect(try six().floats()[0] == black)
  }
}

@Suite struct AugmentationTests {
  private func image(size: Int = 6) throws -> ImageSet {
    let length = 3 * size * size
    return try ImageSet(
      pixels: (0..<2 * length).map { UInt8(1 + $0 % 251) }, labels: [0, 1], channels: 3, height: size, width: size,
      classNames: ["a", "b"])
  }

  private func filled(
    _ set: ImageSet, _ indices: [Int], _ draws: [AugmentationDraw]?, raw: Bool = false
  ) throws -> [Float] {
    try [Float](unsafeUninitializedCapacity: indices.count * set.sampleLength) { values, initialized in
      values.initialize(repeating: .nan)
      try set.fill(indices, into: #require(values.baseAddress), draws: draws, raw: raw)
      initialized = values.count
    }
  }

  @Test func withoutDraws() throws {
    let set = try image()
    #expect(try filled(set, [1, 0], nil) == set.selecting([1, 0]).floats())
    #expect(try filled(set, [0, 1], [.none, .none]) == set.floats())
    #expect(try filled(set, [0, 1], nil, raw: true) == set.pixels.map { Float($0) / 255 })
  }

  /// Every draw against padding, cutting and mirroring done one after another; a size may be less than the padding.
  @Test(arguments: [1, 3, 4, 6], 0...8) func everyDraw(size: Int, dy: Int) throws {
    let set = try image(size: size)
    let padded = try set.padded(by: AugmentationDraw.padding)
    let tables = set.normalisation.tables()
    for dx in 0...8 {
      for flip in [false, true] {
        var bytes: [[UInt8]] = []
        for channel in 0..<3 {
          bytes.append((0..<size).flatMap { y in
            let start = (channel * padded.height + y + dy) * padded.width + dx
            let row = padded.pixels[start..<start + size]
            return flip ? row.reversed() : Array(row)
          })
        }
        let draw = AugmentationDraw(dx: dx, dy: dy, flip: flip)
        let normalised = zip(bytes, tables).flatMap { bytes, table in bytes.map { table[Int($0)] } }
        #expect(try filled(set, [0], [draw]) == normalised)
        #expect(try filled(set, [0], [draw], raw: true) == bytes.joined().map { Float($0) / 255 })
      }
    }
  }

  @Test func drawsFromBits() {
    for (bits, edge, flip) in [(UInt32.min, 0, false), (.max, 8, true)] {
      let draw = AugmentationDraw(bits: bits)
      #expect(draw.dx == edge && draw.dy == edge && draw.flip == flip && draw.bits == bits)
    }
    let steps = stride(from: UInt32(0), to: 0x1_0000, by: 7).map { AugmentationDraw(bits: $0).dx }
    #expect(Set(steps) == Set(0...8))
    let share = Double(steps.filter { $0 == 4 }.count) / Double(steps.count)
    #expect(abs(share - 1 / 9) < 0.001)
  }

  @Test func drawsMustMatch() throws {
    #expect(throws: DatasetError.request("1 augmentation draws for 2 images")) {
      try filled(image(), [0, 1], [.none])
    }
  }
}
