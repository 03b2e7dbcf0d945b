import Glibc
import Synchronization

/// Storage for tensors and scratch: 64-byte aligned, recycled, and refused rather than overcommitted.
public enum Memory {
  /// Uninitialised storage for `count` floats, or nil where the system has not that much memory free.
  public static func allocate(count: Int) -> UnsafeMutablePointer<Float>? {
    guard let size = blockSize(count: count) else { return nil }
    if let block = cache.withLock({ $0.take(size: size) }) { return block.pointer }
    if size >= Block.checkedSize, !isAvailable(size) {
      let dropped = cache.withLock { $0.removeAll() }
      for block in dropped { Glibc.free(block.pointer) }
      guard isAvailable(size) else { return nil }
    }
    let alignment = size >= Block.hugePage ? Block.hugePage : 64
    var raw: UnsafeMutableRawPointer?
    guard posix_memalign(&raw, alignment, size) == 0, let raw else { return nil }
    if size >= Block.hugePage { madvise(raw, size, MADV_HUGEPAGE) }
    return raw.bindMemory(to: Float.self, capacity: size / MemoryLayout<Float>.stride)
  }

  /// Gives back what `allocate` returned for the same `count`.
  public static func free(_ pointer: UnsafeMutablePointer<Float>, count: Int) {
    guard let size = blockSize(count: count) else { return }
    let evicted = cache.withLock { $0.put(Block(pointer: pointer, size: size)) }
    for block in evicted { Glibc.free(block.pointer) }
  }

  /// Bytes of a block: whole cache lines, and above 64 KiB one of eight sizes per power of two, so that blocks recur.
  static func blockSize(count: Int) -> Int? {
    guard count >= 0 else { return nil }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Float>.stride)
    guard !overflow, bytes <= 1 << 46 else { return nil }
    var step = 64
    if bytes > 1 << 16 { step = 1 << (Int.bitWidth - 1 - bytes.leadingZeroBitCount - 3) }
    return max((bytes + step - 1) / step * step, 64)
  }

  /// Whether the system could back `size` more bytes now, with a margin of 64 MiB.
  private static func isAvailable(_ size: Int) -> Bool {
    guard let file = fopen("/proc/meminfo", "r") else { return true }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, Int32(line.count), file) != nil {
      let text = line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      guard text.starts(with: "MemAvailable:".utf8) else { continue }
      let kibibytes = text.filter { (48...57).contains($0) }.reduce(0) { $0 &* 10 &+ Int($1) &- 48 }
      return size &+ Block.checkedSize <= kibibytes &* 1024
    }
    return true
  }

  private static let cache = Mutex(BlockCache())
}

/// A piece of storage and its size in bytes.
private struct Block: @unchecked Sendable {
  static let checkedSize = 64 << 20
  static let hugePage = 2 << 20

  let pointer: UnsafeMutablePointer<Float>
  let size: Int
}

/// Recently freed blocks, the oldest first, at most 1 GiB: taking one again costs no page faults.
private struct BlockCache {
  private static let capacity = 1 << 30
  private static let smallest = 1 << 14
  private static let mostBlocks = 512
  private var blocks: [Block] = []
  private var size = 0

  mutating func take(size wanted: Int) -> Block? {
    guard let index = blocks.lastIndex(where: { $0.size == wanted }) else { return nil }
    size -= wanted
    return blocks.remove(at: index)
  }

  /// Keeps `block` and returns those that had to go for it.
  mutating func put(_ block: Block) -> [Block] {
    guard block.size >= Self.smallest, block.size <= Self.capacity else { return [block] }
    blocks.append(block)
    size += block.size
    var evicted: [Block] = []
    while size > Self.capacity || blocks.count > Self.mostBlocks, let oldest = blocks.first {
      blocks.removeFirst()
      size -= oldest.size
      evicted.append(oldest)
    }
    return evicted
  }

  mutating func removeAll() -> [Block] {
    defer { (blocks, size) = ([], 0) }
    return blocks
  }
}
