import CKernels
import Glibc
import Synchronization

/// Storage for tensors and scratch: 64-byte aligned, recycled, and refused rather than overcommitted.
public enum Memory {
  /// Uninitialised storage for `count` floats, or nil where the system has not that much memory free.
  public static func allocate(count: Int) -> UnsafeMutablePointer<Float>? {
    guard let size = blockSize(count: count) else { return nil }
    if let block = cache.withLock({ $0.take(size: size) }) { return opened(block.pointer, count: count) }
    // Small blocks add up: the system is asked once for every `checkedSize` of them.
    let unchecked = uncheckedSize.wrappingAdd(size, ordering: .relaxed).newValue
    if unchecked >= Block.checkedSize {
      guard hasRoom(bytes: size) else { return nil }
      uncheckedSize.store(0, ordering: .relaxed)
    }
    return allocateBlock(size).map { opened($0, count: count) }
  }

  /// Storage that a kernel works in, whose size `hasRoom` was asked about before: only the system's own refusal gives nil.
  static func allocateScratch(count: Int) -> UnsafeMutablePointer<Float>? {
    guard let size = blockSize(count: count) else { return nil }
    let block = cache.withLock { $0.take(size: size) }?.pointer ?? allocateBlock(size)
    return block.map { opened($0, count: count) }
  }

  /// Whether the system could back so many more bytes now; lets go of recycled storage if that helps.
  public static func hasRoom(bytes: Int) -> Bool {
    if isAvailable(bytes) { return true }
    let dropped = cache.withLock { $0.removeAll() }
    for block in dropped { Glibc.free(block.pointer) }
    return isAvailable(bytes)
  }

  /// The same for floats; little is always taken to fit, since asking takes time.
  public static func hasRoom(count: Int) -> Bool {
    guard let size = blockSize(count: count) else { return false }
    return size < Block.checkedSize || hasRoom(bytes: size)
  }

  private static func allocateBlock(_ size: Int) -> UnsafeMutablePointer<Float>? {
    let alignment = size >= Block.hugePage ? Block.hugePage : 64
    var raw: UnsafeMutableRawPointer?
    guard posix_memalign(&raw, alignment, size) == 0, let raw else { return nil }
    if size >= Block.hugePage { madvise(raw, size, MADV_HUGEPAGE) }
    kernel_poison(raw, size)
    return raw.bindMemory(to: Float.self, capacity: size / MemoryLayout<Float>.stride)
  }

  /// Of a block only the floats that were asked for may be touched, and none while it waits to be used again: an address
  /// sanitizer, which knows nothing of recycling and rounding, is told so.
  private static func opened(_ block: UnsafeMutablePointer<Float>, count: Int) -> UnsafeMutablePointer<Float> {
    kernel_unpoison(block, count * MemoryLayout<Float>.stride)
    return block
  }

  /// Gives back what `allocate` returned for the same `count`.
  public static func free(_ pointer: UnsafeMutablePointer<Float>, count: Int) {
    guard let size = blockSize(count: count) else { return }
    kernel_poison(pointer, size)
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
    let file = open("/proc/meminfo", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return true }
    defer { close(file) }
    // The figure stands in one of the first lines.
    var bytes = [UInt8](repeating: 0, count: 512)
    let count = max(0, read(file, &bytes, bytes.count))
    for line in bytes[..<count].split(separator: UInt8(ascii: "\n")) where line.starts(with: "MemAvailable:".utf8) {
      let kibibytes = line.filter { (48...57).contains($0) }.reduce(0) { $0 &* 10 &+ Int($1) &- 48 }
      return size &+ Block.checkedSize <= kibibytes &* 1024
    }
    return true
  }

  private static let cache = Mutex(BlockCache())
  /// Bytes given out since the system was last asked.
  private static let uncheckedSize = Atomic<Int>(0)
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
