import Testing

@testable import Kernels

private let geometries: [PoolingGeometry] = {
  var result: [PoolingGeometry] = []
  for (batch, channels, height, width) in [(1, 1, 5, 7), (2, 3, 8, 8), (3, 1, 1, 4), (1, 2, 9, 6)] {
    for kernel in 1...4 {
      for stride in 1...3 {
        for padding in 0...kernel / 2 {
          let g = PoolingGeometry(
            batch: batch, channels: channels, inputHeight: height, inputWidth: width, kernel: kernel, stride: stride,
            padding: padding)
          if g.outputHeight > 0, g.outputWidth > 0 { result.append(g) }
        }
      }
    }
  }
  return result
}()

extension PoolingGeometry {
  fileprivate var inputCount: Int { batch * channels * inputHeight * inputWidth }
  fileprivate var outputCount: Int { batch * channels * outputHeight * outputWidth }

  /// The inputs under the window of output `index`.
  fileprivate func window(_ index: Int) -> [Int] {
    let plane = index / (outputHeight * outputWidth)
    let row = index / outputWidth % outputHeight * stride - padding, column = index % outputWidth * stride - padding
    return (row..<row + kernel).filter { (0..<inputHeight).contains($0) }.flatMap { y in
      (column..<column + kernel).filter { (0..<inputWidth).contains($0) }.map {
        (plane * inputHeight + y) * inputWidth + $0
      }
    }
  }
}

@Suite struct PoolingTests {
  @Test func maximumMatchesItsDefinition() {
    for g in geometries {
      let x = samples(g.inputCount, seed: 1), dy = samples(g.outputCount, seed: 2)
      var indices = [Int32](repeating: -7, count: g.outputCount)
      let y = output(g.outputCount) { Pooling.maximumForward(g, input: x, output: $0, indices: &indices) }
      let dx = output(g.inputCount) {
        Pooling.maximumBackward(g, outputGradient: dy, indices: indices, inputGradient: $0)
      }
      var gradient = [Double](repeating: 0, count: g.inputCount)
      for index in 0..<g.outputCount {
        let best = g.window(index).max { x[$0] < x[$1] } ?? -1
        #expect(y[index] == x[best] && Int(indices[index]) == best % (g.inputHeight * g.inputWidth), "\(g)")
        gradient[best] += Double(dy[index])
      }
      #expect(error(dx, gradient) < 1e-6, "\(g)")
    }
  }

  @Test func averageCountsPaddingAsZeros() {
    for g in geometries {
      let x = samples(g.inputCount, seed: 1), dy = samples(g.outputCount, seed: 2)
      let y = output(g.outputCount) { Pooling.averageForward(g, input: x, output: $0) }
      let dx = output(g.inputCount) { Pooling.averageBackward(g, outputGradient: dy, inputGradient: $0) }
      let share = 1 / Double(g.kernel * g.kernel)
      var gradient = [Double](repeating: 0, count: g.inputCount)
      for index in 0..<g.outputCount {
        for input in g.window(index) { gradient[input] += Double(dy[index]) * share }
      }
      let expected = (0..<g.outputCount).map { g.window($0).reduce(0.0) { $0 + Double(x[$1]) } * share }
      #expect(error(y, expected) < 1e-6, "\(g)")
      #expect(error(dx, gradient) < 1e-6, "\(g)")
    }
  }

  @Test func aNotANumberWins() {
    let g = PoolingGeometry(batch: 1, channels: 1, inputHeight: 2, inputWidth: 2, kernel: 2, stride: 2)
    var index = [Int32(0)]
    let y = output(1) { Pooling.maximumForward(g, input: [1, .nan, 3, 2], output: $0, indices: &index) }
    #expect(y[0].isNaN && index == [1])
  }
}
