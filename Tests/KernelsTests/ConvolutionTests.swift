import Testing

@testable import Kernels

/// Enumerated small geometries: odd sizes, one channel, batch 1, strides, paddings, kernels and groups.
private let geometries: [ConvolutionGeometry] = {
  var result: [ConvolutionGeometry] = []
  for (batch, height, width) in [(1, 7, 5), (3, 6, 9), (70, 4, 4), (2, 1, 1), (1, 40, 33)] {
    for (inputs, outputs, groups) in [(1, 1, 1), (3, 5, 1), (4, 6, 2), (3, 3, 3)] {
      for (kernelHeight, kernelWidth) in [(1, 1), (2, 2), (3, 3), (5, 5), (4, 4), (1, 3), (3, 2)] {
        for stride in 1...3 {
          for padding in 0...3 {
            let g = ConvolutionGeometry(
              batch: batch, inputChannels: inputs, inputHeight: height, inputWidth: width, outputChannels: outputs,
              kernelHeight: kernelHeight, kernelWidth: kernelWidth, stride: stride, padding: padding, groups: groups)
            if g.outputHeight > 0, g.outputWidth > 0 { result.append(g) }
          }
        }
      }
    }
  }
  return result
}()

@Suite struct ConvolutionTests {
  @Test func everyGeometryMatchesTheSevenLoops() {
    for g in geometries {
      let naive = NaiveConvolution(geometry: g)
      let x = samples(g.inputCount, seed: 1), w = samples(g.weightCount, seed: 2)
      let b = samples(g.outputChannels, seed: 3), dy = samples(g.outputCount, seed: 4)
      let y = output(g.outputCount) { Convolution.forward(g, input: x, weight: w, bias: b, output: $0) }
      let dx = output(g.inputCount) { Convolution.backwardInput(g, outputGradient: dy, weight: w, inputGradient: $0) }
      let dw = output(g.weightCount) {
        Convolution.backwardWeight(g, input: x, outputGradient: dy, weightGradient: $0)
      }
      #expect(error(y, naive.forward(input: x, weight: w, bias: b)) < 2e-6, "\(g)")
      #expect(error(dx, naive.inputGradient(weight: w, outputGradient: dy)) < 2e-6, "\(g)")
      #expect(error(dw, naive.weightGradient(input: x, outputGradient: dy)) < 4e-6, "\(g)")
    }
  }

  @Test func withoutBiasIsBiasZero() {
    let g = ConvolutionGeometry(
      batch: 2, inputChannels: 3, inputHeight: 8, inputWidth: 8, outputChannels: 4, kernelHeight: 3, kernelWidth: 3)
    let x = samples(g.inputCount, seed: 1), w = samples(g.weightCount, seed: 2)
    let zero = [Float](repeating: 0, count: 4)
    let with = output(g.outputCount) { Convolution.forward(g, input: x, weight: w, bias: zero, output: $0) }
    let without = output(g.outputCount) { Convolution.forward(g, input: x, weight: w, bias: nil, output: $0) }
    #expect(with == without)
  }

  @Test func resultsDoNotDependOnTheThreadCount() {
    for (size, channels, kernel) in [(28, 6, 3), (8, 32, 3), (16, 8, 5), (14, 16, 1)] {
      let g = ConvolutionGeometry(
        batch: 37, inputChannels: channels, inputHeight: size, inputWidth: size, outputChannels: 24,
        kernelHeight: kernel, kernelWidth: kernel, padding: kernel / 2)
      let x = samples(g.inputCount, seed: 1), w = samples(g.weightCount, seed: 2), dy = samples(g.outputCount, seed: 3)
      #expect(isTheSameForEveryThreadCount {
        output(g.outputCount) { Convolution.forward(g, input: x, weight: w, bias: nil, output: $0) }
      })
      #expect(isTheSameForEveryThreadCount {
        output(g.inputCount) { Convolution.backwardInput(g, outputGradient: dy, weight: w, inputGradient: $0) }
      })
      #expect(isTheSameForEveryThreadCount {
        output(g.weightCount) { Convolution.backwardWeight(g, input: x, outputGradient: dy, weightGradient: $0) }
      })
    }
  }

  @Test func noOutputsGiveZeroGradients() {
    let g = ConvolutionGeometry(
      batch: 2, inputChannels: 1, inputHeight: 2, inputWidth: 2, outputChannels: 1, kernelHeight: 5, kernelWidth: 5)
    let x = samples(g.inputCount, seed: 1), w = samples(g.weightCount, seed: 2)
    let dx = output(g.inputCount) { Convolution.backwardInput(g, outputGradient: x, weight: w, inputGradient: $0) }
    let dw = output(25) { Convolution.backwardWeight(g, input: x, outputGradient: x, weightGradient: $0) }
    #expect(dx.allSatisfy { $0 == 0 } && dw.allSatisfy { $0 == 0 })
  }
}
