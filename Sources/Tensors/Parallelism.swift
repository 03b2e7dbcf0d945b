import Kernels

/// How many threads compute; shared by all sessions of the process. Results are the same for any number.
public enum Parallelism {
  /// As many as the process may use cores, unless set.
  public static var threads: Int { Pool.threadCount }

  /// Uses so many threads from now on.
  public static func use(threads: Int) { Pool.setThreadCount(threads) }
}
