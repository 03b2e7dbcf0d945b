import Glibc

/// A counter-based stream of random numbers: Philox4x32-10 (Salmon et al., "Parallel random numbers", 2011).
///
/// The seed is the key; the name, hashed by FNV-1a (64 bits) and mixed by SplitMix64, is the upper half of the counter.
/// So a seed and a name fix every number, and no draw from one stream moves another.
public struct RandomStream: RandomNumberGenerator, Sendable {
  private let seed: UInt64
  private let identity: UInt64
  private var block: UInt64 = 0
  private var words = SIMD4<UInt32>()
  private var used = 4

  /// The stream of this seed and name, at its start.
  public init(seed: UInt64, name: String) {
    let hash = name.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    self.init(seed: seed, identity: Self.mix(hash))
  }

  private init(seed: UInt64, identity: UInt64) {
    self.seed = seed
    self.identity = identity
  }

  /// An independent stream for part `index`, always the same one however much was drawn from this stream.
  public func substream(_ index: Int) -> RandomStream {
    RandomStream(seed: seed, identity: Self.mix(identity ^ Self.mix(UInt64(bitPattern: Int64(index)))))
  }

  /// The next 32 random bits.
  public mutating func nextWord() -> UInt32 {
    if used == 4 {
      let counter = SIMD4(
        UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: block >> 32),
        UInt32(truncatingIfNeeded: identity), UInt32(truncatingIfNeeded: identity >> 32))
      let key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
      words = Self.philox(counter: counter, key: key)
      block &+= 1
      used = 0
    }
    defer { used += 1 }
    return words[used]
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    let low = UInt64(nextWord())
    return UInt64(nextWord()) << 32 | low
  }

  /// Ten rounds of Philox4x32.
  static func philox(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    var counter = counter
    var key = key
    for _ in 0..<10 {
      let first = (0xD251_1F53 as UInt32).multipliedFullWidth(by: counter[0])
      let second = (0xCD9E_8D57 as UInt32).multipliedFullWidth(by: counter[2])
      counter = SIMD4(
        second.high ^ counter[1] ^ key[0], second.low, first.high ^ counter[3] ^ key[1], first.low)
      key &+= SIMD2(0x9E37_79B9, 0xBB67_AE85)
    }
    return counter
  }

  /// The output function of SplitMix64 (Steele, Lea and Flood, 2014) after one step.
  private static func mix(_ value: UInt64) -> UInt64 {
    var mixed = value &+ 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}
