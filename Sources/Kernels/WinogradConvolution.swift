import CKernels

/// Convolution with 3x3 or 5x5 kernels at stride 1 by Winograd's F(4x4, 3x3) and F(4x4, 5x5): tiles and weights are taken to
/// frequencies, and for each frequency the convolution is a matrix product [tiles, channels] x [channels, channels].
struct WinogradConvolution {
  let geometry: ConvolutionGeometry
  let level: KernelLevel
  let workers: Int

  static func applies(to g: ConvolutionGeometry) -> Bool {
    guard g.kernelHeight == g.kernelWidth, g.kernelHeight == 3 || g.kernelHeight == 5, g.stride == 1,
      g.padding < g.kernelHeight, g.outputPositions > 0
    else { return false }
    let tiles = ((g.outputHeight + 3) / 4) * ((g.outputWidth + 3) / 4)
    let taps = g.kernelHeight * g.kernelWidth, frequencies = (g.kernelHeight + 3) * (g.kernelHeight + 3)
    return g.inputChannels >= 16 && g.outputChannels >= 16 && 3 * tiles * frequencies < 2 * g.outputPositions * taps
  }

  var scratchCount: Int {
    max(
      WinogradProduct(geometry, towardsInput: false, level: level, workers: workers).layout.count,
      WinogradProduct(geometry, towardsInput: true, level: level, workers: workers).layout.count,
      WinogradWeightGradient(geometry, level: level, workers: workers).layout.count)
  }

  func forward(
    input: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    output: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    WinogradProduct(geometry, towardsInput: false, level: level, workers: workers)
      .run(source: input, weight: weight, bias: bias, target: output, scratch: scratch)
  }

  func backwardInput(
    outputGradient: UnsafePointer<Float>, weight: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    WinogradProduct(geometry, towardsInput: true, level: level, workers: workers)
      .run(source: outputGradient, weight: weight, bias: nil, target: inputGradient, scratch: scratch)
  }

  func backwardWeight(
    input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>, weightGradient: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    WinogradWeightGradient(geometry, level: level, workers: workers)
      .run(input: input, outputGradient: outputGradient, weightGradient: weightGradient, scratch: scratch)
  }
}
