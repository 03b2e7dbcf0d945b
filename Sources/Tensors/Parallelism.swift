import Kernels
import Synchronization

/// How many threads compute; shared by all sessions of the process. Results are the same for any number.
public enum Parallelism {
  /// As many as the process may use cores, unless set.
  public static var threads: Int { Pool.threadCount }

  /// Uses so many threads from now on.
  public static func use(threads: Int) { Pool.setThreadCount(threads) }

  /// Cuts `0 ..< count` into blocks of at most `size` and runs `body` for each, several at a time.
  ///
  /// Throws the error of the first of the blocks that failed.
  public static func forEachBlock(_ count: Int, of size: Int, _ body: (Range<Int>) throws -> Void) throws {
    let failure = Mutex<(block: Int, error: any Error)?>(nil)
    Pool.run(chunks: (count + size - 1) / size) { block in
      do {
        try body(block * size..<min((block + 1) * size, count))
      } catch {
        failure.withLock { if $0.map({ block < $0.block }) ?? true { $0 = (block, error) } }
      }
    }
    if let failure = failure.withLock({ $0 }) { throw failure.error }
  }
}
