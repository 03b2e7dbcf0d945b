import Testing

@testable import Kernels

@Suite struct RowOperationsTests {
  @Test(arguments: KernelLevel.available) func aBiasIsAddedToEveryRow(_ level: KernelLevel) {
    let x = samples(700 * 48, seed: 1), bias = samples(48, seed: 2)
    for relu in [false, true] {
      let y = output(x.count) {
        $0.update(from: x, count: x.count)
        RowOperations.addBias(rows: 700, width: 48, $0, bias: bias, relu: relu, into: $0, level: level)
      }
      #expect(y.indices.allSatisfy { y[$0] == (relu ? max(x[$0] + bias[$0 % 48], 0) : x[$0] + bias[$0 % 48]) })
    }
  }

  @Test func channelsOfSeveralInputsLieSideBySideAndComeBack() {
    for (first, second) in [(3, 5), (16, 1), (20, 20)] {
      let rows = 900, width = ChannelsLast.width(first + second)
      let widths = [first, second].map(ChannelsLast.width)
      let inputs = zip([first, second], widths).map { channels, width in
        samples(rows * width, seed: 1).enumerated().map { $0.offset % width < channels ? $0.element : 0 }
      }
      let y = output(rows * width) { y in
        RowOperations.clearSurplus(rows: rows, channels: first + second, width: width, y)
        for (input, (channels, place)) in zip(inputs.indices, [(first, 0), (second, first)]) {
          RowOperations.copyChannels(
            rows: rows, channels: channels, .init(inputs[input], width: widths[input]),
            into: .init(y, width: width, first: place))
        }
      }
      #expect(y.indices.allSatisfy { index in
        let (row, channel) = (index / width, index % width)
        return y[index]
          == (channel < first
            ? inputs[0][row * widths[0] + channel]
            : channel < first + second ? inputs[1][row * widths[1] + channel - first] : 0)
      })
      var back = inputs[1]
      back.withUnsafeMutableBufferPointer { back in
        guard let start = back.baseAddress else { return }
        RowOperations.copyChannels(
          rows: rows, channels: second, .init(y, width: width, first: first), into: .init(start, width: widths[1]),
          accumulates: true)
      }
      #expect(back == inputs[1].map { 2 * $0 })
    }
  }
}
