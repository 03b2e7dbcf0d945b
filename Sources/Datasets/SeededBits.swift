/// Random bits for data that is made: SplitMix64 (Steele, Lea, Flood 2014), the same on every machine.
struct SeededBits {
  private var state: UInt64

  /// The bits of one stream of a seed; streams of the same seed are unrelated.
  init(seed: UInt64, stream: UInt64) {
    var mixer = SeededBits(state: seed)
    let base = mixer.next()
    var streamMixer = SeededBits(state: base ^ stream)
    state = streamMixer.next()
  }

  private init(state: UInt64) { self.state = state }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }

  /// A whole number below `bound`, which is at least 1; the bias is under `bound` / 2⁶⁴.
  mutating func below(_ bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(max(bound, 1))).high)
  }

  /// A whole number of `range`.
  mutating func within(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + below(range.upperBound - range.lowerBound + 1)
  }

  /// The first `count` of a random order of `0..<total` (Fisher and Yates).
  mutating func choose(_ count: Int, of total: Int) -> [Int] {
    var order = Array(0..<total)
    for position in 0..<min(count, total) {
      order.swapAt(position, within(position...total - 1))
    }
    return Array(order.prefix(count))
  }
}
