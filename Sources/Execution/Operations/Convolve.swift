import Kernels
import Tensors

/// Convolutions and dense layers: y = x * W + b, at every position that the kernel reaches.
struct Convolve: Operation {
  let input: Feature.ID
  let output: Feature.ID
  let path: String
  let kernelHeight: Int
  let kernelWidth: Int
  let stride: Int
  let padding: Int
  let hasBias: Bool

  var inputs: [Feature.ID] { [input] }
  var readBackward: [Feature.ID] { [input] }
  var parameterNames: [String] { [path + ".weight"] + (hasBias ? [path + ".bias"] : []) }

  /// Whether more than one position meets in an output.
  var gathersPatches: Bool { kernelHeight * kernelWidth > 1 }

  func storage(_ program: Program, _ extent: Extent) -> OperationStorage {
    let feature = program.features[output]
    let sums = hasBias ? RowReduction.sumScratchCount(rows: extent.rows(feature), width: feature.rowLength) : 0
    return OperationStorage(scratch: max(kernel(program, extent).scratchCount, sums))
  }

  func forward(_ run: Run) throws {
    let convolution = kernel(run)
    let bias = try hasBias ? run.parameter(path + ".bias") : nil
    try run.parameter(path + ".weight").read { weight in
      func forward(_ bias: UnsafePointer<Float>?) {
        convolution.forward(
          input: run.values(input), weight: weight, bias: bias, output: run.values(output), scratch: run.scratch)
      }
      if let bias { bias.read(forward) } else { forward(nil) }
    }
  }

  func backward(_ run: Run) throws {
    let convolution = kernel(run)
    let gradient = run.outputGradient()
    try run.giveGradient(toParameter: path + ".weight") {
      convolution.backwardWeight(
        input: run.values(input), outputGradient: gradient, weightGradient: $0, scratch: run.scratch)
    }
    if hasBias {
      let feature = run.feature(output)
      var sums = [Float](repeating: 0, count: feature.rowLength)
      RowReduction.sum(
        rows: run.rows(output), width: feature.rowLength, gradient, into: &sums, scratch: run.scratch, level: run.level)
      try run.giveGradient(toParameter: path + ".bias") { $0.update(from: sums, count: feature.channels) }
    }
    try run.parameter(path + ".weight").read { weight in
      run.giveGradient(to: input) {
        convolution.backwardInput(outputGradient: gradient, weight: weight, inputGradient: $0, scratch: run.scratch)
      }
    }
  }

  /// The convolution of all samples at once.
  func kernel(_ run: Run) -> ImageConvolution { kernel(run.program, run.extent) }

  private func kernel(_ program: Program, _ extent: Extent) -> ImageConvolution {
    let (from, to) = (program.features[input], program.features[output])
    let isPoint = !gathersPatches && stride == 1 && padding == 0
    // Rows are all the same to a kernel of one position: they count as samples.
    let geometry = ConvolutionGeometry(
      batch: extent.samples * extent.copies(from) * (isPoint ? from.positions : 1), inputChannels: from.channels,
      inputHeight: isPoint ? 1 : from.height, inputWidth: isPoint ? 1 : from.width, outputChannels: to.channels,
      kernelHeight: kernelHeight, kernelWidth: kernelWidth, stride: stride, padding: padding)
    return ImageConvolution(geometry, inputWidth: from.rowLength, level: extent.level)
  }
}
