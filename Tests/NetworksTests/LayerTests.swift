import Networks
import Tensors
import Testing

/// Shapes, mistakes and running statistics of single layers.
struct LayerTests {
  static let shapes: [(any Layer, [Shape], Shape)] = [
    (ConvolutionLayer(channels: 8, kernel: 3), [[3, 7, 6]], [8, 7, 6]),
    (ConvolutionLayer(channels: 8, kernel: 3, stride: 2, padding: 0), [[3, 7, 6]], [8, 3, 2]),
    (DenseLayer(width: 5), [[12]], [5]),
    (NormalizationLayer(.group), [[32, 4, 4]], [32, 4, 4]),
    (NormalizationLayer(.identity), [[5, 4]], [5, 4]),
    (NormalizationLayer(.batch), [[5, 4]], [5, 4]),
    (Conv1dLayer(channels: 8), [[3, 7]], [8, 7]),
    (Conv1dLayer(channels: 8, hasBias: true), [[3, 7]], [8, 7]),
    (BranchNormalizationLayer(), [[5, 4]], [5, 4]),
    (ReluLayer(), [[3, 2]], [3, 2]),
    (LeakyReluLayer(), [[3]], [3]),
    (DropoutLayer(rate: 0.5), [[3]], [3]),
    (MaxPoolLayer(PoolingWindow(kernel: 2)), [[3, 5, 4]], [3, 2, 2]),
    (AveragePoolLayer(PoolingWindow(kernel: 3, stride: 1, padding: 1)), [[3, 5, 4]], [3, 5, 4]),
    (GlobalPoolLayer(takesMaximum: true), [[3, 5, 4]], [3]),
    (FlattenLayer(), [[3, 5, 4]], [60]),
    (AddLayer(), [[3, 2, 2], [3, 2, 2]], [3, 2, 2]),
    (ConcatenateLayer(), [[3, 2, 2], [5, 2, 2]], [8, 2, 2]),
  ]

  @Test func outputShapes() throws {
    for (layer, inputs, output) in Self.shapes {
      #expect(try layer.outputShape(of: inputs) == output, "\(layer.kind)")
      var stage = try Stage.input(inputs[0])
      let others = try inputs.dropFirst().map { shape in
        try stage.appending(shape == inputs[0] ? ReluLayer() : ConvolutionLayer(channels: shape[0], kernel: 1))
      }
      stage = try stage.appending(layer, others: others)
      let network = try stage.network(named: "one", seed: 1)
      let pass = ForwardPass(parameters: network.parameters, buffers: network.buffers)
      #expect(try network.forward(Tensor(repeating: 1, shape: [2] + inputs[0]), pass).shape == [2] + output)
    }
  }

  static let mistakes: [(any Layer, [Shape], String)] = [
    (ConvolutionLayer(channels: 8, kernel: 3), [[3]], "conv: an image [channels, height, width] was expected, not [3]"),
    (ConvolutionLayer(channels: 0, kernel: 3), [[3, 4, 4]], "conv: channels is a whole number from 1 to 65536, not 0"),
    (ConvolutionLayer(channels: 8, kernel: 9, padding: 0), [[3, 4, 4]], "conv: a kernel of 9 does not fit into"),
    (ConvolutionLayer(channels: 8, kernel: 3, groups: 2), [[3, 4, 4]], "do not divide into 2 groups"),
    (DenseLayer(width: 5), [[3, 4, 4]], "dense: a vector was expected"),
    (DenseLayer(width: 0), [[3]], "dense: the width is a whole number of at least 1, not 0"),
    (NormalizationLayer(.group), [[20, 4, 4]], "norm: 20 channels do not divide into groups of 16"),
    (NormalizationLayer(.instance), [[20]], "instance normalisation has nothing to average over"),
    (Conv1dLayer(channels: 8), [[3, 4, 4]], "conv1d: a cloud [channels, points] was expected, not [3, 4, 4]"),
    (Conv1dLayer(channels: 0), [[3, 4]], "conv1d: channels is a whole number from 1 to 65536, not 0"),
    (DropoutLayer(rate: 1), [[3]], "dropout: the rate is a share"),
    (MaxPoolLayer(PoolingWindow(kernel: 5)), [[3, 4, 4]], "maxpool: a window of 5 does not fit into"),
    (AddLayer(), [[3, 2, 2], [4, 2, 2]], "add: channels differ, 3 here and 4 in x"),
    (ConcatenateLayer(), [[3, 2, 2], [4, 2, 1]], "concat: sizes differ"),
  ]

  @Test func mistakes() {
    for (layer, inputs, text) in Self.mistakes {
      let error = #expect(throws: NetworkError.self) { _ = try layer.outputShape(of: inputs) }
      if let error { #expect(error.message.contains(text), "\(error.message)") }
    }
  }

  @Test func runningStatisticsFollowTorch() throws {
    let network = try Stage.input([1, 1, 2]).appending(NormalizationLayer(.batch), path: "x")
      .network(named: "norm", seed: 1)
    let batch = try Tensor([1, 2, 3, 6], shape: [2, 1, 1, 2])
    let pass = ForwardPass(isTraining: true, parameters: network.parameters, buffers: network.buffers)
    _ = try network.forward(batch, pass)
    // Mean 3 and, unbiased, variance 14 / 3; 0 and 1 before.
    let (mean, variance) = (pass.buffers["x.bn.running_mean"], pass.buffers["x.bn.running_var"])
    #expect(abs(try #require(mean).scalar() - 0.3) < 1e-6)
    #expect(abs(try #require(variance).scalar() - (0.9 + 0.1 * 14 / 3)) < 1e-6)
    let prediction = ForwardPass(parameters: network.parameters, buffers: pass.buffers)
    let output = try network.forward(batch, prediction).elements
    let deviation = (Float(0.9 + 0.1 * 14 / 3) + 1e-5).squareRoot()
    for (found, x) in zip(output, batch.elements) { #expect(abs(found - (x - 0.3) / deviation) < 1e-5) }
    #expect(prediction.buffers["x.bn.running_mean"]?.elements == mean?.elements)
  }
}
