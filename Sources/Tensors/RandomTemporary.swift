public struct RandomStream: Sendable {
  var state: UInt64
  public init(seed: UInt64, name: String) { state = name.utf8.reduce(seed &+ 0xcbf29ce484222325) { ($0 ^ UInt64($1)) &* 0x100000001b3 } }
  public func substream(named n: String) -> RandomStream { RandomStream(seed: state, name: n) }
  mutating func next64() -> UInt64 { state &+= 0x9E3779B97F4A7C15; var z = state; z = (z ^ (z >> 30)) &* 0xBF58476D1CE4E5B9; z = (z ^ (z >> 27)) &* 0x94D049BB133111EB; return z ^ (z >> 31) }
  public mutating func nextBits() -> UInt32 { UInt32(truncatingIfNeeded: next64()) }
  public mutating func nextUniform() -> Float { Float(nextBits() >> 8) / 16777216 }
  public mutating func nextSignedUniform() -> Float { nextUniform() * 2 - 1 }
  public mutating func nextNormal() -> Float { var s: Float = 0; for _ in 0..<12 { s += nextUniform() }; return s - 6 }
  public mutating func permutation(of n: Int) -> [Int] { var p = Array(0..<n); for i in stride(from: n - 1, to: 0, by: -1) { p.swapAt(i, Int(next64() % UInt64(i + 1))) }; return p }
}
