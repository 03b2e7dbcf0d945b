import Glibc
import Testing

@testable import Kernels

/// Prints GFLOP/s of the convolutions when KERNELS_THROUGHPUT is set in the environment.
@Test(.enabled(if: getenv("KERNELS_THROUGHPUT") != nil)) func convolutionThroughput() {
  for (batch, inputs, size, outputs, kernel) in [
    (64, 32, 28, 64, 3), (64, 64, 14, 64, 3), (64, 64, 16, 192, 5), (64, 256, 8, 256, 3),
  ] {
    let g = ConvolutionGeometry(
      batch: batch, inputChannels: inputs, inputHeight: size, inputWidth: size, outputChannels: outputs,
      kernelHeight: kernel, kernelWidth: kernel, padding: kernel / 2)
    let x = samples(g.inputCount, seed: 1), w = samples(g.weightCount, seed: 2)
    var y = samples(g.outputCount, seed: 3), dx = x, dw = w
    let operations = 2 * Double(g.outputCount) * Double(g.weightCount / g.outputChannels)
    let forward = seconds { Convolution.forward(g, input: x, weight: w, bias: nil, output: &y) }
    let input = seconds { Convolution.backwardInput(g, outputGradient: y, weight: w, inputGradient: &dx) }
    let weight = seconds { Convolution.backwardWeight(g, input: x, outputGradient: y, weightGradient: &dw) }
    let rates = [forward, input, weight].map { Int(operations / $0 / 1e9) }
    print("[\(batch),\(inputs),\(size),\(size)] -> \(outputs) \(kernel)x\(kernel): \(rates) GFLOP/s")
    #expect(rates.allSatisfy { $0 > 0 })
  }
}

/// The best of ten runs after one to warm up.
private func seconds(_ body: () -> Void) -> Double {
  body()
  let clock = ContinuousClock()
  return (0..<10).map { _ in clock.measure(body) / .seconds(1) }.min() ?? .infinity
}
