/// Cuts working storage into arrays, each at the beginning of a cache line: the offsets of a layout, and its size.
struct ScratchCursor {
  /// Floats reserved so far.
  private(set) var count = 0

  /// The offset, in floats, of an array of `count` floats.
  mutating func floats(_ count: Int) -> Int {
    defer { self.count += (count + 15) / 16 * 16 }
    return self.count
  }

  /// The offset, in floats, of an array of `count` doubles.
  mutating func doubles(_ count: Int) -> Int { floats(2 * count) }
}

extension UnsafeMutablePointer<Float> {
  /// The array of doubles that a layout put at `offset` floats.
  func doubles(at offset: Int, count: Int) -> UnsafeMutablePointer<Double> {
    UnsafeMutableRawPointer(self + offset).bindMemory(to: Double.self, capacity: count)
  }
}
