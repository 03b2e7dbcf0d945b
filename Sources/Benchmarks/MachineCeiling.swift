import Kernels

/// What the machine can do at best, as measured: multiply-adds of one core and of all threads, and the two bandwidths.
public struct MachineCeiling: Sendable {
  public let core: Measurement
  public let threads: Measurement
  public let read: Measurement
  public let triad: Measurement

  /// Floats of an array of the triad, a quarter of a GiB: three are more than a cache holds.
  private static let arrayCount = 64 * Ceiling.chunk
  private static let rounds = 1 << 20

  public init(level: KernelLevel = .preferred) throws {
    let blocks = try (0..<3).map { try Block(Self.arrayCount, seed: $0) }
    let operations = Ceiling.multiplyAdd(chunks: 1, rounds: Self.rounds, level: level)
    // Several chunks a thread, so that one which starts late takes fewer.
    let chunks = 8 * Pool.threadCount
    core = Measurement("multiply-add, one core", .operations, work: operations) {
      _ = Ceiling.multiplyAdd(chunks: 1, rounds: Self.rounds, level: level)
    }
    threads = Measurement("multiply-add, \(Pool.threadCount) threads", .operations, work: Double(chunks) * operations) {
      _ = Ceiling.multiplyAdd(chunks: chunks, rounds: Self.rounds, level: level)
    }
    let bytes = Double(3 * Self.arrayCount * MemoryLayout<Float>.stride)
    read = Measurement("read", .bytes, work: bytes) {
      for block in blocks { Ceiling.read(block.floats, count: block.count, level: level) }
    }
    triad = Measurement("triad", .bytes, work: bytes) {
      Ceiling.triad(blocks[0].floats, blocks[1].floats, into: blocks[2].floats, count: Self.arrayCount, level: level)
    }
  }

  public var measurements: [Measurement] { [core, threads, read, triad] }

  /// The part of the ceiling that a measurement reaches, over all threads: of the multiply-adds, or of the triad.
  public func share(_ measurement: Measurement) -> Double {
    measurement.rate / (measurement.unit == .operations ? threads.rate : triad.rate)
  }
}
