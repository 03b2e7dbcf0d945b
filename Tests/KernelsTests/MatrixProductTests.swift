import Testing

@testable import Kernels

@Suite struct MatrixProductTests {
  @Test func everyTranspositionMatchesThreeLoops() {
    for (m, n, k) in [(1, 1, 1), (3, 5, 7), (1, 300, 64), (257, 3, 31), (200, 130, 90), (65, 700, 40), (4, 4, 0)] {
      for (transposeA, transposeB) in [(false, false), (true, false), (false, true), (true, true)] {
        for (alpha, beta) in [(Float(1), Float(0)), (0.5, 1), (-2, 0.25)] {
          let a = samples(m * k + 1, seed: 1), b = samples(k * n + 1, seed: 2), before = samples(m * n, seed: 3)
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

  @Test func theFallbackBeyondThirtyTwoBitsAgrees() {
    let a = samples(6 * 5, seed: 1), b = samples(5 * 4, seed: 2)
    let product = output(24) { MatrixProduct.multiply(m: 6, n: 4, k: 5, a, transposeA: true, b, into: $0) }
    let plain = output(24) { MatrixProduct.plain(6, 4, 5, 1, a, 6, true, b, 4, false, 0, $0, 4) }
    #expect(error(product, plain.map(Double.init)) < 1e-6)
  }

  @Test func resultsDoNotDependOnTheThreadCount() {
    let a = samples(300 * 200, seed: 1), b = samples(200 * 500, seed: 2)
    #expect(isTheSameForEveryThreadCount {
      output(300 * 500) { MatrixProduct.multiply(m: 300, n: 500, k: 200, a, b, into: $0) }
    })
  }
}
