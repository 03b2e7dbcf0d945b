import Testing

@testable import Kernels

/// Enumerated geometries for every method: odd sizes, one channel, channels that fill no lanes, batch 1, images smaller
/// than a tile; with the floats from one input position to the next.
private let cases: [(geometry: ConvolutionGeometry, inputWidth: Int)] = {
  var result: [(ConvolutionGeometry, Int)] = []
  func add(
    _ batch: Int, _ inputs: Int, _ height: Int, _ width: Int, _ outputs: Int, _ kernelHeight: Int, _ kernelWidth: Int,
    _ stride: Int, _ padding: Int, raw: Bool = false
  ) {
    let g = ConvolutionGeometry(
      batch: batch, inputChannels: inputs, inputHeight: height, inputWidth: width, outputChannels: outputs,
      kernelHeight: kernelHeight, kernelWidth: kernelWidth, stride: stride, padding: padding)
    if g.outputHeight > 0, g.outputWidth > 0 { result.append((g, raw ? inputs : ChannelsLast.width(inputs))) }
  }
  // By transform: tiles that reach over the border, several blocks, many channels.
  for kernel in [3, 5] {
    for padding in 0...2 {
      for (height, width) in [(4, 4), (5, 7), (8, 8), (11, 6), (13, 17)] {
        for (inputs, outputs) in [(16, 16), (17, 40), (64, 33)] {
          add(3, inputs, height, width, outputs, kernel, kernel, 1, padding)
        }
      }
    }
  }
  add(1, 130, 8, 8, 70, 3, 3, 1, 1)
  add(40, 16, 9, 9, 32, 3, 3, 1, 1)
  add(3, 256, 4, 4, 96, 3, 3, 1, 1)
  // By patches.
  for (kernelHeight, kernelWidth) in [(1, 1), (2, 2), (3, 3), (1, 3), (3, 2), (7, 7)] {
    for stride in 1...3 {
      for padding in [0, 1, 3] {
        for (inputs, outputs) in [(1, 1), (3, 20), (20, 5)] {
          add(2, inputs, 7, 9, outputs, kernelHeight, kernelWidth, stride, padding)
          add(2, inputs, 5, 4, outputs, kernelHeight, kernelWidth, stride, padding, raw: true)
        }
      }
    }
  }
  add(2, 3, 33, 31, 64, 3, 3, 1, 1, raw: true)
  add(70, 64, 8, 8, 72, 3, 3, 2, 1)
  add(70, 24, 1, 1, 10, 1, 1, 1, 0)
  add(1, 3, 1, 100, 24, 1, 1, 1, 0, raw: true)
  return result
}()

@Suite struct ImageConvolutionTests {
  // A sum of k products in float32 has an error of 2^-24 √(k/6) of its own size: k roundings of at most 2^-24 of the
  // partial sums, which grow as √j, each uniform, so that the variances 2^-48 j / 3 add up to 2^-48 k² / 6. The 2 stands
  // for the roundings of the factors in a transform and of the partial sums at the end. By how much a transform
  // amplifies errors is derived in Sources/Kernels/README.md.
  private func tolerance(_ g: ConvolutionGeometry, products: Int) -> Double {
    let amplification = WinogradTiling.savesWork(g) ? (g.kernelHeight == 3 ? 10.8 : 19.1) : 1
    return amplification * 0x1p-24 * ((Double(products) / 6).squareRoot() + 2)
  }

  @Test(arguments: KernelLevel.available) func everyGeometryMatchesTheSevenLoops(level: KernelLevel) {
    for (g, inputWidth) in cases {
      let naive = NaiveConvolution(geometry: g)
      let x = samples(g.inputCount, seed: 1), w = samples(g.weightCount, seed: 2)
      let b = samples(g.outputChannels, seed: 3), dy = samples(g.outputCount, seed: 4)
      let problem = ImageProblem(g, inputWidth: inputWidth, level: level)
      let y = problem.forward(x, w, bias: b), dx = problem.backwardInput(dy, w), dw = problem.backwardWeight(x, dy)
      let taps = g.kernelHeight * g.kernelWidth
      for (name, result, expected, products) in [
        ("forward", y, naive.forward(input: x, weight: w, bias: b), taps * g.inputChannels),
        ("input", dx, naive.inputGradient(weight: w, outputGradient: dy), taps * g.outputChannels),
        ("weight", dw, naive.weightGradient(input: x, outputGradient: dy), g.batch * g.outputPositions),
      ] {
        #expect(
          relativeRMS(result, expected, products: products) < tolerance(g, products: products), "\(name) of \(g)")
      }
    }
  }

  @Test(arguments: KernelLevel.available) func resultsDoNotDependOnTheThreadCount(level: KernelLevel) {
    for (channels, size, kernel, stride) in [
      (32, 14, 3, 1), (160, 8, 3, 1), (16, 16, 5, 1), (24, 15, 3, 2), (40, 8, 1, 1),
    ] {
      let g = ConvolutionGeometry(
        batch: 19, inputChannels: channels, inputHeight: size, inputWidth: size, outputChannels: 96,
        kernelHeight: kernel, kernelWidth: kernel, stride: stride, padding: kernel / 2)
      let x = samples(g.inputCount, seed: 1), w = samples(g.weightCount, seed: 2), dy = samples(g.outputCount, seed: 3)
      func problem() -> ImageProblem {
        ImageProblem(g, inputWidth: ChannelsLast.width(channels), level: level)
      }
      #expect(isTheSameForEveryThreadCount { problem().forward(x, w, bias: nil) })
      #expect(isTheSameForEveryThreadCount { problem().backwardInput(dy, w) })
      #expect(isTheSameForEveryThreadCount { problem().backwardWeight(x, dy) })
    }
  }

  @Test(arguments: KernelLevel.available) func noOutputsGiveZeroGradients(level: KernelLevel) {
    let g = ConvolutionGeometry(
      batch: 2, inputChannels: 1, inputHeight: 2, inputWidth: 2, outputChannels: 1, kernelHeight: 5, kernelWidth: 5)
    let problem = ImageProblem(g, inputWidth: 16, level: level), w = samples(g.weightCount, seed: 1)
    #expect(problem.backwardInput([], w).allSatisfy { $0 == 0 })
    #expect(problem.backwardWeight(samples(8, seed: 2), []).allSatisfy { $0 == 0 })
  }
}
