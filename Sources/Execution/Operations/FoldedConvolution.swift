import Kernels
import Networks
import Tensors

/// A convolution or dense layer with the normalisation behind it folded into its weights, where a trained network only
/// predicts:
///
///     relu?(γ (x * W + b - m) r + β) = relu?(x * (γ r W) + (β + (b - m) γ r))      r = 1 / √(variance + ε)
struct FoldedConvolution: NormalizingOperation {
  let convolution: Convolve
  let path: String
  let layer: any NormalizingLayer
  let isRectified: Bool

  /// Normalisations whose moments are constants in a trained network.
  static func folds(_ kind: NormalizationKind) -> Bool { kind == .batch || kind == .identity }

  var inputs: [Feature.ID] { convolution.inputs }
  var output: Feature.ID { convolution.output }

  func storage(_ program: Program, _ extent: Extent) -> OperationStorage {
    var storage = convolution.storage(program, extent)
    storage.scratch += Self.aligned(weightCount(program))
    return storage
  }

  func forward(_ run: Run) throws {
    let (multiply, add) = try coefficients(run)
    let weights = run.scratch
    let count = weightCount(run.program)
    try run.parameter(convolution.path + ".weight").read { weight in
      let length = count / multiply.count
      Pool.run(chunks: multiply.count) { channel in
        Elementwise.affine(
          length, weight + channel * length, scale: multiply[channel], shift: 0, into: weights + channel * length)
      }
    }
    convolution.kernel(run).forward(
      input: run.values(convolution.input), weight: weights, bias: add, isRectified: isRectified,
      output: run.values(output), scratch: weights + Self.aligned(count))
  }

  /// Only a program for prediction has this operation, and that is never differentiated.
  func backward(_ run: Run) {}

  /// γ r and β + (b - m) γ r of each channel.
  private func coefficients(_ run: Run) throws -> (multiply: [Float], add: [Float]) {
    let affine = run.affines(run.current, branch: 0)
    let bias = try convolution.hasBias ? run.parameter(convolution.path + ".bias").elements : nil
    var multiply = affine.scale.elements, add = affine.shift.elements
    let running = layer.normalization == .batch ? try RunningStatistics(path, affine, run) : nil
    let (mean, variance) = (running?.mean.elements, running?.variance.elements)
    for channel in multiply.indices {
      if let variance {
        let inverse = 1 / (Double(variance[channel]) + Double(NormalizationLayer.epsilon)).squareRoot()
        multiply[channel] = Float(Double(multiply[channel]) * inverse)
      }
      add[channel] += ((bias?[channel] ?? 0) - (mean?[channel] ?? 0)) * multiply[channel]
    }
    return (multiply, add)
  }

  private func weightCount(_ program: Program) -> Int {
    program.features[convolution.input].channels * convolution.kernelHeight * convolution.kernelWidth
      * program.features[output].channels
  }

  private static func aligned(_ count: Int) -> Int { (count + 15) / 16 * 16 }
}
