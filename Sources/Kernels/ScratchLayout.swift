/// Pieces of one block of working storage, each aligned to 64 bytes if the block is.
struct ScratchLayout {
  private(set) var count = 0

  /// Sets `floats` aside and returns where they begin.
  mutating func take(_ floats: Int) -> Int {
    let offset = count
    count += (floats + 15) / 16 * 16
    return offset
  }
}
