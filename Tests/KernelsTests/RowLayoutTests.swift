import Testing

@testable import Kernels

@Suite struct RowLayoutTests {
  @Test(arguments: KernelLevel.available) func rowsAndPlanesHoldTheSame(_ level: KernelLevel) {
    for samples_ in [1, 3] {
      for channels in [1, 3, 16, 40, 130] {
        for positions in [1, 4, 15, 16, 49, 64, 1000] {
          for width in Set([ChannelsLast.width(channels), channels]) {
            let planes = samples(samples_ * channels * positions, seed: 1)
            let rows = output(samples_ * positions * width) {
              RowLayout.rows(
                samples: samples_, channels: channels, positions: positions, width: width, fromPlanes: planes,
                into: $0, level: level)
            }
            let agrees = rows.indices.allSatisfy { index in
              let (row, channel) = (index / width, index % width)
              let (sample, position) = (row / positions, row % positions)
              return rows[index]
                == (channel < channels ? planes[(sample * channels + channel) * positions + position] : 0)
            }
            let back = output(planes.count) {
              RowLayout.planes(
                samples: samples_, channels: channels, positions: positions, width: width, fromRows: rows, into: $0,
                level: level)
            }
            #expect(agrees && back == planes, "\((samples_, channels, positions, width))")
          }
        }
      }
    }
  }
}
