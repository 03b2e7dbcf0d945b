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
    let thin = ThinProduct(m: m, n: n, k: k, a, transposeA: transposeA, b, transposeB: transposeB)
    if let thin { return thin.multiply(alpha: alpha, beta: beta, into: c) }
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
    guard openBLASIsSerial, let rows = blasint(exactly: m), let columns = blasint(exactly: n),
      let depth = blasint(exactly: k), let lda = blasint(exactly: max(leadingA, 1)),
      let ldb = blasint(exactly: max(leadingB, 1)), let ldc = blasint(exactly: max(leadingC, 1))
    else {
      return plain(m, n, k, alpha, a, leadingA, transposeA, b, leadingB, transposeB, beta, c, leadingC)
    }
    cblas_sgemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
      rows, columns, depth, alpha, a, lda, b, ldb, beta, c, ldc)
  }

  /// Three loops, for matrices whose sizes are beyond the 32 bits of OpenBLAS.
  static func plain(
    _ m: Int, _ n: Int, _ k: Int, _ alpha: Float, _ a: UnsafePointer<Float>, _ leadingA: Int, _ transposeA: Bool,
    _ b: UnsafePointer<Float>, _ leadingB: Int, _ transposeB: Bool, _ beta: Float, _ c: UnsafeMutablePointer<Float>,
    _ leadingC: Int
  ) {
    let stepA = transposeA ? (row: 1, depth: leadingA) : (row: leadingA, depth: 1)
    let stepB = transposeB ? (depth: 1, column: leadingB) : (depth: leadingB, column: 1)
    for row in 0..<m {
      for column in 0..<n {
        var sum = 0.0
        for depth in 0..<k {
          let left = a[row * stepA.row + depth * stepA.depth]
          let right = b[depth * stepB.depth + column * stepB.column]
          sum += Double(left) * Double(right)
        }
        let target = c + row * leadingC + column
        target.pointee = alpha * Float(sum) + (beta == 0 ? 0 : beta * target.pointee)
      }
    }
  }

  /// OpenBLAS works on the thread that calls it; its own threads are switched off at the first use.
  private static let openBLASIsSerial: Bool = {
    openblas_set_num_threads(1)
    return true
  }()
}
