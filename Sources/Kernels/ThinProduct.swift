import CKernels

/// A matrix product of which one side is so thin that it is bound by memory: OpenBLAS would copy the large matrix into
/// panels first, and that alone takes longer.
///
/// Passports meet the weights in such products: W S for both passports at once, and the gradient of W from it.
enum ThinProduct {
  /// C [rows, n] = A [rows, k] Bᵀ for B [n, k]. Sums are float64, in an order that depends on k alone.
  case rows(Int, n: Int, k: Int, a: UnsafePointer<Float>, b: UnsafePointer<Float>)
  /// C [m, n] = A B for B [terms, n], a sum of few outer products; A is read as a[row * aRow + term * aTerm].
  case outer(
    terms: Int, m: Int, n: Int, a: UnsafePointer<Float>, aRow: Int, aTerm: Int, b: UnsafePointer<Float>)

  /// Rows, or terms, that count as few.
  static let most = 4

  /// Nil for a product that is not thin, or lies in memory so that no kernel here runs along it.
  init?(
    m: Int, n: Int, k: Int, _ a: UnsafePointer<Float>, transposeA: Bool, _ b: UnsafePointer<Float>, transposeB: Bool
  ) {
    guard m > 0, n > 0, k > 0 else { return nil }
    // A row is a column as it lies in memory.
    let (aHasRows, bHasRows) = (!transposeA || m == 1, transposeB || n == 1)
    if m <= Self.most, aHasRows, bHasRows {
      self = .rows(m, n: n, k: k, a: a, b: b)
    } else if n == 1, !transposeA {
      // c = A b is cᵀ = bᵀ Aᵀ.
      self = .rows(1, n: m, k: k, a: b, b: a)
    } else if k <= Self.most, !transposeB || k == 1 {
      self = .outer(terms: k, m: m, n: n, a: a, aRow: transposeA ? 1 : k, aTerm: transposeA ? m : 1, b: b)
    } else {
      return nil
    }
  }

  /// C = alpha A B + beta C.
  func multiply(alpha: Float, beta: Float, into c: UnsafeMutablePointer<Float>) {
    switch self {
    case .rows(let rows, let n, let k, let a, let b):
      Pool.forEach(n, elements: k) { column in
        withUnsafeTemporaryAllocation(of: Double.self, capacity: Self.most) { sums in
          guard let start = sums.baseAddress else { return }
          kernel_dot_rows(rows, k, a, b + column * k, start)
          for row in 0..<rows {
            let target = c + row * n + column
            target.pointee = alpha * Float(start[row]) + (beta == 0 ? 0 : beta * target.pointee)
          }
        }
      }
    case .outer(let terms, let m, let n, let a, let aRow, let aTerm, let b):
      Pool.forEach(m, elements: n) { row in
        withUnsafeTemporaryAllocation(of: Float.self, capacity: Self.most) { scales in
          guard let start = scales.baseAddress else { return }
          for term in 0..<terms { start[term] = alpha * a[row * aRow + term * aTerm] }
          kernel_combine_rows(terms, n, start, b, beta, c + row * n)
        }
      }
    }
  }
}
