import Testing

@testable import Kernels

/// Windows that overlap, leave gaps, reach into padding and leave out a border.
private let geometries: [PoolingGeometry] = {
  var result: [PoolingGeometry] = []
  for (batch, channels, height, width) in [(1, 1, 5, 7), (2, 16, 8, 8), (3, 3, 1, 4), (1, 130, 9, 6)] {
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
  fileprivate var width: Int { ChannelsLast.width(channels) }
  fileprivate var inputs: Int { inputHeight * inputWidth }
  fileprivate var outputs: Int { outputHeight * outputWidth }

  fileprivate func rows(_ planes: [Float], positions: Int) -> [Float] {
    output(batch * positions * width) {
      RowLayout.rows(
        samples: batch, channels: channels, positions: positions, width: width, fromPlanes: planes, into: $0)
    }
  }

  fileprivate func planes(_ rows: [Float], positions: Int) -> [Float] {
    output(batch * positions * channels) {
      RowLayout.planes(
        samples: batch, channels: channels, positions: positions, width: width, fromRows: rows, into: $0)
    }
  }
}

// The exact path's pooling of planes is the reference; it is held against its definition in `PoolingTests`.
@Suite struct RowPoolingTests {
  @Test(arguments: KernelLevel.available) func maximumIsThatOfPlanes(_ level: KernelLevel) {
    for g in geometries {
      var x = samples(g.batch * g.channels * g.inputs, seed: 1)
      for index in stride(from: 3, to: x.count, by: 17) { x[index] = .nan }
      for index in stride(from: 5, to: x.count, by: 11) { x[index] = 0.5 }
      let dy = samples(g.batch * g.channels * g.outputs, seed: 2)
      var indices = [Int32](repeating: -7, count: dy.count)
      let expected = output(dy.count) { Pooling.maximumForward(g, input: x, output: $0, indices: &indices) }
      let gradient = output(x.count) {
        Pooling.maximumBackward(g, outputGradient: dy, indices: indices, inputGradient: $0)
      }
      var winners = [Int32](repeating: -7, count: g.batch * g.outputs * g.width)
      let y = output(winners.count) {
        RowPooling.maximumForward(
          g, input: g.rows(x, positions: g.inputs), output: $0, winners: &winners, level: level)
      }
      let dx = output(g.batch * g.inputs * g.width) {
        RowPooling.maximumBackward(
          g, outputGradient: g.rows(dy, positions: g.outputs), winners: winners, into: $0, level: level)
      }
      #expect(g.planes(y, positions: g.outputs).map(\.bitPattern) == expected.map(\.bitPattern), "\(g)")
      #expect(g.planes(winners.map { Float($0) }, positions: g.outputs) == indices.map { Float($0) }, "\(g)")
      // Windows that share a pixel add up in another order.
      #expect(error(g.planes(dx, positions: g.inputs), gradient.map(Double.init)) < 1e-6, "\(g)")
      #expect(dx.indices.allSatisfy { $0 % g.width < g.channels || dx[$0] == 0 }, "\(g)")
    }
  }

  @Test(arguments: KernelLevel.available) func averageIsThatOfPlanes(_ level: KernelLevel) {
    for g in geometries {
      let x = samples(g.batch * g.channels * g.inputs, seed: 1)
      let dy = samples(g.batch * g.channels * g.outputs, seed: 2)
      let expected = output(dy.count) { Pooling.averageForward(g, input: x, output: $0) }
      let gradient = output(x.count) { Pooling.averageBackward(g, outputGradient: dy, inputGradient: $0) }
      let y = output(g.batch * g.outputs * g.width) {
        RowPooling.averageForward(g, input: g.rows(x, positions: g.inputs), output: $0, level: level)
      }
      var dx = [Float](repeating: 1, count: g.batch * g.inputs * g.width)
      RowPooling.averageBackward(
        g, outputGradient: g.rows(dy, positions: g.outputs), accumulates: true, into: &dx, level: level)
      #expect(error(g.planes(y, positions: g.outputs), expected.map(Double.init)) < 1e-6, "\(g)")
      #expect(error(g.planes(dx, positions: g.inputs), gradient.map { Double($0) + 1 }) < 1e-6, "\(g)")
    }
  }

  @Test(arguments: KernelLevel.available) func resultsDoNotDependOnTheThreadCount(_ level: KernelLevel) {
    let g = PoolingGeometry(
      batch: 3, channels: 130, inputHeight: 30, inputWidth: 20, kernel: 3, stride: 2, padding: 1)
    let x = samples(g.batch * g.inputs * g.width, seed: 1), dy = samples(g.batch * g.outputs * g.width, seed: 2)
    #expect(isTheSameForEveryThreadCount {
      var winners = [Int32](repeating: 0, count: dy.count)
      let y = output(dy.count) {
        RowPooling.maximumForward(g, input: x, output: $0, winners: &winners, level: level)
      }
      let dx = output(x.count) {
        RowPooling.maximumBackward(g, outputGradient: dy, winners: winners, into: $0, level: level)
        RowPooling.averageBackward(g, outputGradient: dy, accumulates: true, into: $0, level: level)
      }
      return y + dx
    })
  }
}
