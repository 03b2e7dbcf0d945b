/// Hashes that are the same on every machine and in every version, for seeds of random streams.
///
/// The seed of a call is SplitMix64(session seed ⊕ FNV-1a(name) + calls × 0x9E3779B97F4A7C15), so that streams of
/// different natives, and of different calls of one native, do not touch.
public enum StableHash {
  /// FNV-1a over UTF-8, 64 bits.
  public static func fowlerNollVo(_ text: String) -> UInt64 {
    text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
  }

  /// The finaliser of SplitMix64 (Steele, Lea and Flood, 2014).
  public static func splitMix(_ value: UInt64) -> UInt64 {
    var mixed = value &+ 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  public static func seed(_ session: UInt64, _ name: String, call: UInt64) -> UInt64 {
    splitMix((session ^ fowlerNollVo(name)) &+ call &* 0x9E37_79B9_7F4A_7C15)
  }
}
