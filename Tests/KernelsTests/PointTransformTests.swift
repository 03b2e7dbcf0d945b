import Testing

@testable import Kernels

private let transforms = [(1, 1, 3), (2, 50, 3), (3, 17, 20), (2, 70, 64)].map {
  PointTransform(samples: $0.0, points: $0.1, channels: $0.2)
}

extension PointTransform {
  fileprivate func rows(seed: UInt64) -> [Float] {
    KernelsTests.samples(samples * points * width, seed: seed).enumerated().map {
      $0.offset % width < channels ? $0.element : 0
    }
  }
}

@Suite struct PointTransformTests {
  // Sums of at most 70 products, each off by 6e-8 of itself.
  @Test(arguments: KernelLevel.available) func resultsMatchFloat64(_ level: KernelLevel) {
    for t in transforms {
      let (c, width) = (t.channels, t.width)
      let x = t.rows(seed: 1), dy = t.rows(seed: 2), matrices = samples(t.samples * t.matrixWidth, seed: 3)
      var scratch = output(t.scratchCount) { _ in }
      let y = output(x.count) { t.forward(x, matrices: matrices, into: $0, scratch: &scratch, level: level) }
      var dx = [Float](repeating: 1, count: x.count)
      t.backwardInput(
        outputGradient: dy, matrices: matrices, accumulates: true, into: &dx, scratch: &scratch, level: level)
      let dT = output(matrices.count) {
        t.backwardMatrices(x, outputGradient: dy, into: $0, scratch: &scratch, level: level)
      }
      func entry(_ sample: Int, _ row: Int, _ column: Int) -> Double {
        Double(matrices[sample * t.matrixWidth + row * c + column]) + (row == column ? 1 : 0)
      }
      func expected(_ value: (_ sample: Int, _ row: Int, _ channel: Int) -> Double, surplus: Double) -> [Double] {
        x.indices.map { index in
          let (row, channel) = (index / width, index % width)
          return channel < c ? value(row / t.points, row, channel) : surplus
        }
      }
      let forward = expected({ sample, row, channel in
        (0..<c).reduce(0) { $0 + Double(x[row * width + $1]) * entry(sample, $1, channel) }
      }, surplus: 0)
      let backward = expected({ sample, row, channel in
        (0..<c).reduce(1) { $0 + Double(dy[row * width + $1]) * entry(sample, channel, $1) }
      }, surplus: 1)
      let gradients = matrices.indices.map { index -> Double in
        let (sample, place) = (index / t.matrixWidth, index % t.matrixWidth)
        guard place < c * c else { return 0 }
        return (0..<t.points).reduce(0) {
          let row = (sample * t.points + $1) * width
          return $0 + Double(x[row + place / c]) * Double(dy[row + place % c])
        }
      }
      #expect(error(y, forward) < 1e-6, "\(t)")
      #expect(error(dx, backward) < 1e-6, "\(t)")
      #expect(error(dT, gradients) < 2e-6, "\(t)")
    }
  }

  @Test(arguments: KernelLevel.available) func resultsDoNotDependOnTheThreadCount(_ level: KernelLevel) {
    let t = PointTransform(samples: 5, points: 90, channels: 20)
    let x = t.rows(seed: 1), matrices = samples(t.samples * t.matrixWidth, seed: 3)
    #expect(isTheSameForEveryThreadCount {
      var scratch = output(t.scratchCount) { _ in }
      return output(x.count) { t.forward(x, matrices: matrices, into: $0, scratch: &scratch, level: level) }
    })
  }
}
