import CKernels

/// What the machine can do at best: the work that other kernels' rates are compared with.
public enum Ceiling {
  /// Floating-point operations of one round: twelve chains of a multiplication and an addition for each lane.
  private static func operationsPerRound(_ level: KernelLevel) -> Int { 24 * Int(level.functions.pointee.lanes) }

  /// Multiplies and adds in registers, `chunks` times `rounds` rounds shared by the threads; one chunk is one core's.
  ///
  /// - Returns: Floating-point operations that were done.
  public static func multiplyAdd(chunks: Int, rounds: Int, level: KernelLevel = .preferred) -> Double {
    Pool.run(chunks: chunks) { _ in _ = level.functions.pointee.ceiling_multiply_add(rounds, 0.5) }
    return Double(chunks) * Double(rounds) * Double(operationsPerRound(level))
  }

  /// Floats of a chunk of `read` and `triad`, of which their counts are multiples.
  public static let chunk = 1 << 20

  /// Reads `count` floats once.
  public static func read(_ x: UnsafePointer<Float>, count: Int, level: KernelLevel = .preferred) {
    Pool.run(chunks: count / chunk) { _ = level.functions.pointee.ceiling_read(chunk, x + $0 * chunk) }
  }

  /// z = x + y / 2 over `count` floats: two are read and one is written for each.
  public static func triad(
    _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, into z: UnsafeMutablePointer<Float>, count: Int,
    level: KernelLevel = .preferred
  ) {
    Pool.run(chunks: count / chunk) {
      level.functions.pointee.ceiling_triad(chunk, x + $0 * chunk, 0.5, y + $0 * chunk, z + $0 * chunk)
    }
  }
}
