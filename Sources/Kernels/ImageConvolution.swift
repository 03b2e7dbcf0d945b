/// The fast convolution of channels-last images, and its gradients: by Winograd's transforms where they save work, else by
/// patches.
///
/// Inputs are [batch * inputHeight * inputWidth, `inputWidth`], outputs [batch * outputHeight * outputWidth,
/// `ChannelsLast.width(outputChannels)`] with zeros beyond the channels, which are also expected in inputs and gradients.
/// Weights and their gradients are [outputChannels, inputChannels, kernelHeight, kernelWidth]. Each call overwrites its
/// result and needs `scratchCount` floats of working storage, aligned to 64 bytes. Results do not depend on the number of
/// threads.
public struct ImageConvolution: Sendable {
  private enum Method { case winograd(WinogradConvolution), patches(PatchRowConvolution) }

  private let method: Method

  /// Floats of working storage that the largest of the three calls needs.
  public let scratchCount: Int

  /// - Parameters:
  ///   - geometry: sizes of the images; `groups` must be 1.
  ///   - inputWidth: floats from one input position to the next: `ChannelsLast.width(inputChannels)`, or `inputChannels`
  ///     for images as a network gets them.
  public init(_ geometry: ConvolutionGeometry, inputWidth: Int, level: KernelLevel = .preferred) {
    let workers = Pool.threadCount
    if inputWidth == ChannelsLast.width(geometry.inputChannels), WinogradConvolution.applies(to: geometry) {
      let winograd = WinogradConvolution(geometry: geometry, level: level, workers: workers)
      method = .winograd(winograd)
      scratchCount = winograd.scratchCount
    } else {
      let patches = PatchRowConvolution(geometry, inputWidth: inputWidth, level: level, workers: workers)
      method = .patches(patches)
      scratchCount = patches.scratchCount
    }
  }

  /// output = input * weight + bias, the bias being [outputChannels].
  public func forward(
    input: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    output: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    switch method {
    case .winograd(let winograd):
      winograd.forward(input: input, weight: weight, bias: bias, output: output, scratch: scratch)
    case .patches(let patches):
      patches.forward(input: input, weight: weight, bias: bias, output: output, scratch: scratch)
    }
  }

  /// The gradient with respect to the input.
  public func backwardInput(
    outputGradient: UnsafePointer<Float>, weight: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    switch method {
    case .winograd(let winograd):
      winograd.backwardInput(
        outputGradient: outputGradient, weight: weight, inputGradient: inputGradient, scratch: scratch)
    case .patches(let patches):
      patches.backwardInput(
        outputGradient: outputGradient, weight: weight, inputGradient: inputGradient, scratch: scratch)
    }
  }

  /// The gradient with respect to the weight; that of the bias is the sum of `outputGradient` over positions.
  public func backwardWeight(
    input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>, weightGradient: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    switch method {
    case .winograd(let winograd):
      winograd.backwardWeight(
        input: input, outputGradient: outputGradient, weightGradient: weightGradient, scratch: scratch)
    case .patches(let patches):
      patches.backwardWeight(
        input: input, outputGradient: outputGradient, weightGradient: weightGradient, scratch: scratch)
    }
  }
}
