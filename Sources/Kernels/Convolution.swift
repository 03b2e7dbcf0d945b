import CKernels

/// Sizes of a two-dimensional convolution (cross-correlation) of [batch, inputChannels, inputHeight, inputWidth] with
/// weights [outputChannels, inputChannels / groups, kernelHeight, kernelWidth].
public struct ConvolutionGeometry: Hashable, Sendable {
  public var batch, inputChannels, inputHeight, inputWidth: Int
  public var outputChannels, kernelHeight, kernelWidth, stride, padding, groups: Int

  public init(
    batch: Int, inputChannels: Int, inputHeight: Int, inputWidth: Int, outputChannels: Int, kernelHeight: Int,
    kernelWidth: Int, stride: Int = 1, padding: Int = 0, groups: Int = 1
  ) {
    self.batch = batch
    self.inputChannels = inputChannels
    self.inputHeight = inputHeight
    self.inputWidth = inputWidth
    self.outputChannels = outputChannels
    self.kernelHeight = kernelHeight
    self.kernelWidth = kernelWidth
    self.stride = stride
    self.padding = padding
    self.groups = groups
  }

  public var outputHeight: Int { outputLength(inputHeight, kernel: kernelHeight, stride: stride, padding: padding) }
  public var outputWidth: Int { outputLength(inputWidth, kernel: kernelWidth, stride: stride, padding: padding) }

  var outputPositions: Int { outputHeight * outputWidth }
  var inputPositions: Int { inputHeight * inputWidth }
  var weightCount: Int { outputChannels * inputChannels / groups * kernelHeight * kernelWidth }
}

/// One way to compute a convolution; another one (by transform, on another processor) is exchanged for it in
/// `Convolution.kernel(for:)`.
protocol ConvolutionKernel: Sendable {
  func forward(
    _ g: ConvolutionGeometry, input: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    output: UnsafeMutablePointer<Float>)
  func backwardInput(
    _ g: ConvolutionGeometry, outputGradient: UnsafePointer<Float>, weight: UnsafePointer<Float>,
    inputGradient: UnsafeMutablePointer<Float>)
  func backwardWeight(
    _ g: ConvolutionGeometry, input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    weightGradient: UnsafeMutablePointer<Float>)
}

/// The convolution and its two gradients; each overwrites its output. Channels must divide into the groups.
public enum Convolution {
  /// Floats of working storage that the largest of the three kernels may take, or nil if they cannot be counted.
  public static func scratchCount(_ g: ConvolutionGeometry) -> Int? {
    let tile = PatchTiling(g).largestTile
    let (patches, overflow) = tile.depth.multipliedReportingOverflow(by: tile.columns)
    let (outputs, second) = tile.outputChannels.multipliedReportingOverflow(by: tile.columns)
    let (perThread, third) = patches.addingReportingOverflow(outputs)
    let (all, fourth) = perThread.multipliedReportingOverflow(by: Pool.threadCount)
    let (sums, fifth) = g.weightCount.multipliedReportingOverflow(by: 16)
    let (total, sixth) = all.addingReportingOverflow(sums)
    return overflow || second || third || fourth || fifth || sixth ? nil : total
  }

  /// The table of kernels: the one that computes convolutions of geometry `g` here.
  static func kernel(for g: ConvolutionGeometry) -> any ConvolutionKernel { PatchConvolution() }

  /// output [batch, outputChannels, outputHeight, outputWidth] = input * weight + bias.
  public static func forward(
    _ g: ConvolutionGeometry, input: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    output: UnsafeMutablePointer<Float>
  ) {
    guard g.outputPositions > 0 else { return }
    kernel(for: g).forward(g, input: input, weight: weight, bias: bias, output: output)
  }

  /// The gradient with respect to the input.
  public static func backwardInput(
    _ g: ConvolutionGeometry, outputGradient: UnsafePointer<Float>, weight: UnsafePointer<Float>,
    inputGradient: UnsafeMutablePointer<Float>
  ) {
    kernel(for: g).backwardInput(g, outputGradient: outputGradient, weight: weight, inputGradient: inputGradient)
  }

  /// The gradient with respect to the weight; that of the bias is the sum of `outputGradient` over all but channels.
  public static func backwardWeight(
    _ g: ConvolutionGeometry, input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    weightGradient: UnsafeMutablePointer<Float>
  ) {
    kernel(for: g).backwardWeight(g, input: input, outputGradient: outputGradient, weightGradient: weightGradient)
  }
}
