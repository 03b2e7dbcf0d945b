import COpenBLAS

/// C = alpha op(A) op(B) + beta C on row-major matrices.
public enum MatrixProduct {
  /// Multiplies `op(a)` [m, k] by `op(b)` [k, n] into `c` [m, n]; a transposed operand is stored [k, m] or [n, k].
  public static func multiply(
    m: Int, n: Int, k: Int, alpha: Float = 1,
    _ a: UnsafePointer<Float>, transposeA: Bool = false,
    _ b: UnsafePointer<Float>, transposeB: Bool = false,
    beta: Float = 0, into c: UnsafeMutablePointer<Float>
  ) {
    let lda = transposeA ? m : k
    let ldb = transposeB ? k : n
    let blocksByColumns = n >= m
    let extent = blocksByColumns ? n : m
    // Eight blocks at most, none thinner than 64: the other operand is packed again for each.
    let multiplications = Double(m) * Double(n) * Double(k)
    let block = multiplications < 0x1p18 ? max(extent, 1) : max(64, (extent / 8 + 63) / 64 * 64)
    Pool.forEachBlock(extent, of: block) { range in
      if blocksByColumns {
        serial(
          m: m, n: range.count, k: k, alpha: alpha, a, leadingA: lda, transposeA: transposeA,
          b + range.lowerBound * (transposeB ? ldb : 1), leadingB: ldb, transposeB: transposeB,
          beta: beta, into: c + range.lowerBound, leadingC: n)
      } else {
        serial(
          m: range.count, n: n, k: k, alpha: alpha,
          a + range.lowerBound * (transposeA ? 1 : lda), leadingA: lda, transposeA: transposeA,
          b, leadingB: ldb, transposeB: transposeB,
          beta: beta, into: c + range.lowerBound * n, leadingC: n)
      }
    }
  }

  /// The same on the calling thread, with the distance between rows given for each matrix.
  static func serial(
    m: Int, n: Int, k: Int, alpha: Float = 1,
    _ a: UnsafePointer<Float>, leadingA: Int, transposeA: Bool = false,
    _ b: UnsafePointer<Float>, leadingB: Int, transposeB: Bool = false,
    beta: Float = 0, into c: UnsafeMutablePointer<Float>, leadingC: Int
  ) {
    guard m > 0, n > 0 else { return }
    guard openBLASIsSerial else { return }
    cblas_sgemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
      blasint(m), blasint(n), blasint(k), alpha, a, blasint(max(leadingA, 1)), b, blasint(max(leadingB, 1)), beta,
      c, blasint(max(leadingC, 1)))
  }

  /// OpenBLAS works on the thread that calls it; its own threads are switched off at the first use.
  private static let openBLASIsSerial: Bool = {
    openblas_set_num_threads(1)
    return true
  }()
}
