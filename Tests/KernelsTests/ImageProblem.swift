import Testing

@testable import Kernels

/// Runs `ImageConvolution` on arrays [batch, channels, height, width], and checks what it must keep: zeros beyond the
/// channels, and nothing written outside of the result or of the working storage.
struct ImageProblem {
  let geometry: ConvolutionGeometry
  let inputWidth: Int
  let convolution: ImageConvolution

  init(_ geometry: ConvolutionGeometry, inputWidth: Int, level: KernelLevel) {
    self.geometry = geometry
    self.inputWidth = inputWidth
    convolution = ImageConvolution(geometry, inputWidth: inputWidth, level: level)
  }

  func forward(_ input: [Float], _ weight: [Float], bias: [Float]?) -> [Float] {
    let rows = channelsLast(input, geometry.inputChannels, inputWidth)
    let output = run(geometry.batch * geometry.outputPositions * outputWidth) { output, scratch in
      if let bias {
        convolution.forward(input: rows, weight: weight, bias: bias, output: output, scratch: scratch)
      } else {
        convolution.forward(input: rows, weight: weight, bias: nil, output: output, scratch: scratch)
      }
    }
    return channelsFirst(output, geometry.outputChannels, outputWidth, geometry.outputPositions)
  }

  func backwardInput(_ outputGradient: [Float], _ weight: [Float]) -> [Float] {
    let rows = channelsLast(outputGradient, geometry.outputChannels, outputWidth)
    let gradient = run(geometry.batch * geometry.inputPositions * inputWidth) { gradient, scratch in
      convolution.backwardInput(outputGradient: rows, weight: weight, inputGradient: gradient, scratch: scratch)
    }
    return channelsFirst(gradient, geometry.inputChannels, inputWidth, geometry.inputPositions)
  }

  func backwardWeight(_ input: [Float], _ outputGradient: [Float]) -> [Float] {
    let inputs = channelsLast(input, geometry.inputChannels, inputWidth)
    let gradients = channelsLast(outputGradient, geometry.outputChannels, outputWidth)
    return run(geometry.weightCount) { gradient, scratch in
      convolution.backwardWeight(
        input: inputs, outputGradient: gradients, weightGradient: gradient, scratch: scratch)
    }
  }

  private var outputWidth: Int { ChannelsLast.width(geometry.outputChannels) }

  private func run(
    _ count: Int, _ body: (UnsafeMutablePointer<Float>, _ scratch: UnsafeMutablePointer<Float>) -> Void
  ) -> [Float] {
    let guardBand = 64, scratchCount = convolution.scratchCount
    let result = UnsafeMutablePointer<Float>.allocate(capacity: count + guardBand)
    let storage = UnsafeMutableRawPointer.allocate(byteCount: (scratchCount + guardBand) * 4, alignment: 64)
    let scratch = storage.bindMemory(to: Float.self, capacity: scratchCount + guardBand)
    defer {
      result.deallocate()
      storage.deallocate()
    }
    result.initialize(repeating: .nan, count: count + guardBand)
    scratch.initialize(repeating: .nan, count: scratchCount + guardBand)
    body(result, scratch)
    let isUntouched = (0..<guardBand).allSatisfy { result[count + $0].isNaN && scratch[scratchCount + $0].isNaN }
    #expect(isUntouched, "\(geometry)")
    return (0..<count).map { result[$0] }
  }

  private func channelsLast(_ images: [Float], _ channels: Int, _ width: Int) -> [Float] {
    let positions = images.count / geometry.batch / channels
    var rows = [Float](repeating: 0, count: geometry.batch * positions * width)
    for index in images.indices {
      let image = index / (channels * positions), channel = index / positions % channels
      rows[(image * positions + index % positions) * width + channel] = images[index]
    }
    return rows
  }

  private func channelsFirst(_ rows: [Float], _ channels: Int, _ width: Int, _ positions: Int) -> [Float] {
    var images = [Float](repeating: 0, count: geometry.batch * channels * positions)
    for index in rows.indices {
      let row = index / width, channel = index % width
      if channel < channels {
        images[(row / positions * channels + channel) * positions + row % positions] = rows[index]
      } else if rows[index] != 0 {
        Issue.record("\(rows[index]) beyond the channels of \(geometry)")
        break
      }
    }
    return images
  }
}

/// The root mean square of the differences over that of the numbers expected, which are sums of about `products`
/// products of samples: at least √products / 3, so that a sum that happens to vanish does not count.
func relativeRMS(_ result: [Float], _ expected: [Double], products: Int) -> Double {
  guard result.count == expected.count else { return .infinity }
  let squares = zip(result, expected).reduce(into: (error: 0.0, scale: 0.0)) { sums, pair in
    sums.error += (Double(pair.0) - pair.1) * (Double(pair.0) - pair.1)
    sums.scale += pair.1 * pair.1
  }
  let scale = max(squares.scale, Double(result.count * products) / 9)
  return squares.error.isNaN ? .infinity : (squares.error / max(scale, .leastNormalMagnitude)).squareRoot()
}
