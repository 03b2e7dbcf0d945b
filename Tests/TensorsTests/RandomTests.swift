import Testing

@testable import Tensors

@Suite struct RandomTests {
  @Test func philoxKnownAnswers() {
    #expect(
      RandomStream.philox(counter: SIMD4(), key: SIMD2())
        == SIMD4(0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8))
    #expect(
      RandomStream.philox(counter: SIMD4(repeating: .max), key: SIMD2(repeating: .max))
        == SIMD4(0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD))
  }

  @Test func bytesAreEvenlySpread() {
    var stream = RandomStream(seed: 1, name: "bytes")
    var counts = [Double](repeating: 0, count: 256)
    for _ in 0..<65_536 {
      let word = stream.nextWord()
      for shift in [0, 8, 16, 24] as [UInt32] { counts[Int(word >> shift & 255)] += 1 }
    }
    let square = counts.reduce(0) { $0 + ($1 - 1024) * ($1 - 1024) / 1024 }
    // 255 degrees of freedom: mean 255, standard deviation 22.6.
    #expect(165..<345 ~= square)
  }

  @Test func normalMoments() {
    var stream = RandomStream(seed: 2, name: "normal")
    let values = [Float](unsafeUninitializedCapacity: 100_001) { buffer, count in
      buffer.initialize(repeating: 0)
      stream.fillNormal(buffer)
      count = 100_001
    }.map(Double.init)
    let moments = (1...4).map { power in
      values.reduce(0) { sum, value in sum + (0..<power).reduce(1.0) { product, _ in product * value } } / 100_001
    }
    #expect(abs(moments[0]) < 0.015)
    #expect(abs(moments[1] - 1) < 0.02)
    #expect(abs(moments[2]) < 0.05)
    #expect(abs(moments[3] - 3) < 0.15)
  }

  @Test func neighbouringNamesAreUncorrelated() {
    var first = RandomStream(seed: 3, name: "features.4")
    var second = RandomStream(seed: 3, name: "features.5")
    let products = (0..<50_000).map { _ in Double(first.signedUniform()) * Double(second.signedUniform()) }
    // Standard deviation of the mean: 1/3 over the root of the count, 0.0015.
    #expect(abs(products.reduce(0, +) / 50_000) < 0.007)
  }

  @Test func substreamsDoNotDependOnWhatWasDrawn() {
    var stream = RandomStream(seed: 4, name: "a")
    var early = stream.substream(7)
    _ = stream.permutation(100)
    var late = stream.substream(7)
    var other = stream.substream(8)
    let word = early.next()
    #expect(word == late.next())
    #expect(word != other.next())
  }

  @Test func rangesHold() {
    var stream = RandomStream(seed: 5, name: "ranges")
    var counts = [0, 0, 0]
    for _ in 0..<30_000 {
      #expect(0..<1 ~= stream.uniform())
      #expect(-1..<1 ~= stream.signedUniform())
      counts[stream.integer(below: 3)] += 1
    }
    #expect(counts.allSatisfy { 9_600..<10_400 ~= $0 })
    #expect(stream.integer(below: 0) == 0)
    #expect(!stream.bernoulli(0) && stream.bernoulli(1) && !stream.bernoulli(.nan))
    #expect(stream.permutation(50).sorted() == Array(0..<50))
  }

  @Test func streamsNeverChange() {
    var stream = RandomStream(seed: 42, name: "passport")
    #expect((0..<3).map { _ in stream.nextWord() } == [755_220_138, 4_168_376_552, 2_661_693_755])
    #expect(stream.permutation(6) == [1, 0, 2, 4, 5, 3])
    #expect(abs(stream.normal() - 0.089044735) < 1e-7)
  }
}
