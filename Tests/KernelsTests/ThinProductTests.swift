import Testing

@testable import Kernels

@Suite struct ThinProductTests {
  static let shapes = [
    (m: 1, n: 7, k: 5), (2, 64, 576), (2, 37, 4608), (3, 129, 47), (4, 300, 16), (1, 1, 1), (200, 1, 33), (130, 70, 1),
    (512, 147, 2), (65, 33, 3), (64, 4608, 4),
  ]

  @Test func thinProductsAreThoseOfFloat64() throws {
    for (m, n, k) in Self.shapes {
      for (transposeA, transposeB) in [(false, false), (true, false), (false, true), (true, true)] {
        let a = samples(m * k, seed: 1), b = samples(k * n, seed: 2), before = samples(m * n, seed: 3)
        for (alpha, beta) in [(Float(1), Float(0)), (-0.5, 2)] {
          var c = beta == 0 ? [Float](repeating: .nan, count: m * n) : before
          MatrixProduct.multiply(
            m: m, n: n, k: k, alpha: alpha, a, transposeA: transposeA, b, transposeB: transposeB, beta: beta, into: &c)
          let expected = (0..<m * n).map { index in
            let (row, column) = (index / n, index % n)
            let sum = (0..<k).reduce(0.0) {
              $0 + Double(a[transposeA ? $1 * m + row : row * k + $1])
                * Double(b[transposeB ? column * k + $1 : $1 * n + column])
            }
            return Double(alpha) * sum + Double(beta) * Double(before[index])
          }
          #expect(error(c, expected) < 2e-6, "\((m, n, k, transposeA, transposeB, alpha, beta))")
        }
      }
    }
  }

  /// W S for both passports, the gradient of W from it, and F w.
  @Test func whatPassportsNeedIsThin() {
    func isThin(m: Int, n: Int, k: Int, transposeA: Bool = false, transposeB: Bool = false) -> Bool {
      var number: Float = 0
      return withUnsafePointer(to: &number) {
        ThinProduct(m: m, n: n, k: k, $0, transposeA: transposeA, $0, transposeB: transposeB) != nil
      }
    }
    #expect(isThin(m: 2, n: 512, k: 4608, transposeB: true))
    #expect(isThin(m: 512, n: 4608, k: 2, transposeA: true))
    #expect(isThin(m: 128, n: 1, k: 512))
    #expect(!isThin(m: 64, n: 64, k: 64, transposeB: true))
    #expect(!isThin(m: 2, n: 4, k: 0, transposeB: true))
  }

  @Test func resultsDoNotDependOnTheThreadCount() {
    let thin = samples(3 * 700, seed: 1), large = samples(700 * 300, seed: 2)
    #expect(isTheSameForEveryThreadCount {
      output(3 * 300) { MatrixProduct.multiply(m: 3, n: 300, k: 700, thin, large, transposeB: true, into: $0) }
    })
    #expect(isTheSameForEveryThreadCount {
      output(700 * 300) { MatrixProduct.multiply(m: 700, n: 300, k: 3, thin, transposeA: true, large, into: $0) }
    })
  }
}
