import Testing

@testable import Kernels

private let shapes = [(1, 1, 16), (2, 49, 16), (3, 7, 48), (2, 16, 144), (1, 5000, 80)]

@Suite struct RowReductionTests {
  // A sum of n numbers in runs of 32 gathers at most 32 + n/32 roundings of 6e-8; here some √ of that.
  @Test(arguments: KernelLevel.available) func averagesAndSumsMatchFloat64(_ level: KernelLevel) {
    for (count, rows, width) in shapes {
      let x = samples(count * rows * width, seed: 1), dy = samples(count * width, seed: 2)
      func total(_ sample: Int, _ channel: Int) -> Double {
        (0..<rows).reduce(0) { $0 + Double(x[(sample * rows + $1) * width + channel]) }
      }
      let y = output(count * width) {
        RowReduction.averageForward(samples: count, rows: rows, width: width, x, into: $0, level: level)
      }
      #expect(error(y, (0..<count * width).map { total($0 / width, $0 % width) / Double(rows) }) < 1e-6)
      var dx = [Float](repeating: 1, count: x.count)
      RowReduction.averageBackward(
        samples: count, rows: rows, width: width, outputGradient: dy, accumulates: true, into: &dx, level: level)
      #expect(
        error(dx, x.indices.map { 1 + Double(dy[$0 / width / rows * width + $0 % width]) / Double(rows) }) < 1e-6)

      var scratch = output(RowReduction.sumScratchCount(rows: count * rows, width: width)) { _ in }
      var sum = [Float](repeating: 2, count: width)
      RowReduction.sum(
        rows: count * rows, width: width, x, accumulates: true, into: &sum, scratch: &scratch, level: level)
      #expect(error(sum, (0..<width).map { channel in 2 + (0..<count).reduce(0) { $0 + total($1, channel) } }) < 1e-6)
    }
  }

  @Test(arguments: KernelLevel.available) func theMaximumIsTheFirstOneAndTheFirstNotANumberWins(_ level: KernelLevel) {
    for (count, rows, width) in shapes {
      var x = samples(count * rows * width, seed: 1).map { ($0 * 8).rounded() }
      for index in stride(from: 3, to: x.count, by: 101) { x[index] = .nan }
      let dy = samples(count * width, seed: 2)
      var indices = [Int32](repeating: -1, count: dy.count), winners = indices
      let expected = output(dy.count) {
        Reduction.maximum(outer: count, count: rows, inner: width, x, into: $0, indices: &indices)
      }
      let y = output(dy.count) {
        RowReduction.maximumForward(
          samples: count, rows: rows, width: width, x, into: $0, winners: &winners, level: level)
      }
      let dx = output(x.count) {
        RowReduction.maximumBackward(
          samples: count, rows: rows, width: width, outputGradient: dy, winners: winners, into: $0)
      }
      #expect(zip(y, expected).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) })
      #expect(winners == indices)
      #expect(dx.indices.allSatisfy { index in
        let (sample, row, channel) = (index / width / rows, index / width % rows, index % width)
        return dx[index] == (Int(winners[sample * width + channel]) == row ? dy[sample * width + channel] : 0)
      })
    }
  }

  @Test(arguments: KernelLevel.available) func resultsDoNotDependOnTheThreadCount(_ level: KernelLevel) {
    let x = samples(2 * 3000 * 80, seed: 1)
    #expect(isTheSameForEveryThreadCount {
      var scratch = output(RowReduction.sumScratchCount(rows: 6000, width: 80)) { _ in }
      return output(160) {
        RowReduction.averageForward(samples: 2, rows: 3000, width: 80, x, into: $0, level: level)
      } + output(80) { RowReduction.sum(rows: 6000, width: 80, x, into: $0, scratch: &scratch, level: level) }
    })
  }
}
