import Glibc
import Testing

@testable import Kernels

/// Prints milliseconds and GFLOP/s of the convolutions of ResNet-18 and AlexNet on small images, at each level, when
/// KERNELS_THROUGHPUT is set in the environment: to the batch, 132 say, which is what two branches have. GFLOP/s count
/// the multiplications of the definition, so that a transform may be faster than the processor.
@Test(.enabled(if: getenv("KERNELS_THROUGHPUT") != nil)) func convolutionThroughput() {
  let batch = getenv("KERNELS_THROUGHPUT").flatMap { Int(String(cString: $0)) } ?? 64
  for level in KernelLevel.available {
    for layer in layers {
      let g = layer.geometry(batch: batch)
      let inputWidth = layer.inputs < ChannelsLast.lanes ? layer.inputs : ChannelsLast.width(layer.inputs)
      let convolution = ImageConvolution(g, inputWidth: inputWidth, level: level)
      let x = samples(batch * g.inputPositions * inputWidth, seed: 1), w = samples(g.weightCount, seed: 2)
      let dy = samples(batch * g.outputPositions * ChannelsLast.width(layer.outputs), seed: 3)
      var y = dy, dx = x, dw = w, scratch = [Float](repeating: 0, count: convolution.scratchCount)
      let times = [
        seconds { convolution.forward(input: x, weight: w, bias: nil, output: &y, scratch: &scratch) },
        seconds { convolution.backwardInput(outputGradient: dy, weight: w, inputGradient: &dx, scratch: &scratch) },
        seconds { convolution.backwardWeight(input: x, outputGradient: dy, weightGradient: &dw, scratch: &scratch) },
      ]
      let operations = 2 * Double(g.outputCount) * Double(g.weightCount / g.outputChannels)
      let milliseconds = times.map { ($0 * 1e5).rounded() / 100 }, rates = times.map { Int(operations / $0 / 1e9) }
      print("\(level.name) \(layer): \(milliseconds) ms, \(rates) GFLOP/s, \(convolution.scratchCount >> 18) MiB")
      #expect(rates.allSatisfy { $0 > 0 })
    }
  }
}

private struct Layer: CustomStringConvertible {
  let inputs, size, outputs, kernel, stride: Int

  var description: String { "\(inputs) to \(outputs) channels at \(size)x\(size), \(kernel)x\(kernel) / \(stride)" }

  func geometry(batch: Int) -> ConvolutionGeometry {
    ConvolutionGeometry(
      batch: batch, inputChannels: inputs, inputHeight: size, inputWidth: size, outputChannels: outputs,
      kernelHeight: kernel, kernelWidth: kernel, stride: stride, padding: kernel / 2)
  }
}

private let layers = [
  (64, 32, 64, 3, 1), (128, 16, 128, 3, 1), (256, 8, 256, 3, 1), (512, 4, 512, 3, 1), (192, 8, 384, 3, 1),
  (384, 8, 256, 3, 1), (64, 16, 192, 5, 1), (3, 32, 64, 3, 1), (3, 32, 64, 5, 1), (64, 32, 128, 3, 2),
  (128, 16, 256, 3, 2), (256, 8, 512, 3, 2), (64, 32, 128, 1, 2), (128, 16, 256, 1, 2), (256, 8, 512, 1, 2),
  (512, 1, 512, 1, 1),
].map { Layer(inputs: $0.0, size: $0.1, outputs: $0.2, kernel: $0.3, stride: $0.4) }

/// The best of ten runs after one to warm up.
private func seconds(_ body: () -> Void) -> Double {
  body()
  let clock = ContinuousClock()
  return (0..<10).map { _ in clock.measure(body) / .seconds(1) }.min() ?? .infinity
}
