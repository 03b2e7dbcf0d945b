/// The fast convolution of channels-last images, and its gradients: by Winograd's transforms where they save work, else
/// by patches.
///
/// Inputs are [batch * inputHeight * inputWidth, `inputWidth`], outputs [batch * outputHeight * outputWidth,
/// `ChannelsLast.width(outputChannels)`] with zeros beyond the channels, which are also expected in inputs and
/// gradients. Weights and their gradients are [outputChannels, inputChannels, kernelHeight, kernelWidth]. Each call
/// overwrites its result and needs `scratchCount` floats of working storage, aligned to 64 bytes; a value serves one
/// call at a time for each such storage. Results do not depend on the number of threads.
public struct ImageConvolution: Sendable {
  private enum Method {
    case transform(forward: WinogradProduct, backward: WinogradProduct, weights: WinogradWeightGradient)
    case patches(forward: PatchProduct, backward: PatchProduct, weights: PatchWeightGradient)
  }

  private let method: Method

  /// Floats of working storage that the largest of the three calls needs.
  public let scratchCount: Int

  /// - Parameters:
  ///   - geometry: sizes of the images; `groups` must be 1.
  ///   - inputWidth: floats from one input position to the next: `ChannelsLast.width(inputChannels)`, or
  ///     `inputChannels` for images as a network gets them.
  public init(_ geometry: ConvolutionGeometry, inputWidth: Int, level: KernelLevel = .preferred) {
    let workers = Pool.threadCount
    if inputWidth == ChannelsLast.width(geometry.inputChannels), WinogradTiling.savesWork(geometry) {
      let forward = WinogradProduct(geometry, towardsInput: false, level: level, workers: workers)
      let backward = WinogradProduct(geometry, towardsInput: true, level: level, workers: workers)
      let weights = WinogradWeightGradient(geometry, level: level, workers: workers)
      method = .transform(forward: forward, backward: backward, weights: weights)
      scratchCount = max(forward.scratchCount, backward.scratchCount, weights.scratchCount)
    } else {
      let patches = PatchRows(geometry: geometry, inputWidth: inputWidth, level: level)
      let forward = PatchProduct(patches, towardsInput: false, workers: workers)
      let backward = PatchProduct(patches, towardsInput: true, workers: workers)
      let weights = PatchWeightGradient(patches, workers: workers)
      method = .patches(forward: forward, backward: backward, weights: weights)
      scratchCount = max(forward.scratchCount, backward.scratchCount, weights.scratchCount)
    }
  }

  /// output = relu?(input * weight + bias), the bias being [outputChannels].
  public func forward(
    input: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?, isRectified: Bool = false,
    output: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    switch method {
    case .transform(let product, _, _):
      product.run(source: input, weight: weight, bias: bias, isRectified: isRectified, target: output, scratch: scratch)
    case .patches(let product, _, _):
      product.forward(
        input: input, weight: weight, bias: bias, isRectified: isRectified, output: output, scratch: scratch)
    }
  }

  /// The gradient with respect to the input.
  public func backwardInput(
    outputGradient: UnsafePointer<Float>, weight: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    switch method {
    case .transform(_, let product, _):
      product.run(source: outputGradient, weight: weight, bias: nil, target: inputGradient, scratch: scratch)
    case .patches(_, let product, _):
      product.backwardInput(
        outputGradient: outputGradient, weight: weight, inputGradient: inputGradient, scratch: scratch)
    }
  }

  /// The gradient with respect to the weight; that of the bias is the sum of `outputGradient` over positions.
  public func backwardWeight(
    input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>, weightGradient: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    switch method {
    case .transform(_, _, let gradient):
      gradient.run(input: input, outputGradient: outputGradient, weightGradient: weightGradient, scratch: scratch)
    case .patches(_, _, let gradient):
      gradient.run(input: input, outputGradient: outputGradient, weightGradient: weightGradient, scratch: scratch)
    }
  }
}
