import Tensors

/// What a layer computes, in the terms of an executor that fuses layers.
///
/// A layer's own `forward` is the reference; a form lets the room Execution compute the same in fewer passes over
/// memory.
public enum LayerForm: Sendable {
  /// Parameters `weight` [out, in / groups, kernel, kernel] and, with a bias, `bias` [out].
  case convolution(kernel: Int, stride: Int, padding: Int, groups: Int, hasBias: Bool)
  /// The same at every position: `weight` [out, in] or [out, in, 1], and `bias` [out].
  case dense(hasBias: Bool)
  /// scale · Norm(x) + shift, by a `NormalizingLayer`.
  case normalization
  case relu
  case leakyRelu(slope: Float)
  case dropout(rate: Float)
  case maxPool(PoolingWindow)
  case averagePool(PoolingWindow)
  /// One value a channel, over all positions.
  case globalMaximum
  case globalAverage
  /// One value a channel for each neighbourhood: over the last axis of [channels, centres, neighbours].
  case localMaximum
  /// So many points of a cloud, by farthest-point sampling.
  case farthestPoints(count: Int)
  /// Points, and their features where there is a third input, around centres.
  case neighbourhoods(radius: Float, count: Int)
  case flatten
  case add
  case concatenate
  /// y = (T + I)ᵀ x at each position, by a `TransformLayer`.
  case transform
  /// Only the layer itself knows.
  case opaque
}

/// A layer that normalises, whatever its scale and shift come from.
public protocol NormalizingLayer: Layer {
  var normalization: NormalizationKind { get }
  /// Whether the branches have scales, shifts or running statistics of their own.
  var differsByBranch: Bool { get }
  /// Scale and shift of the pass's branch; leaves in the pass what else the branch computes on the way.
  func affine(_ pass: LayerPass) throws -> Affine
}

/// What follows a normalisation, and under which name its running statistics are kept.
public struct Affine: Sendable {
  /// [channels]
  public var scale: Tensor
  /// [channels]
  public var shift: Tensor
  /// `bn0`: the statistics are `<path>.bn0.running_mean` and `running_var`.
  public var statistics: String

  public init(scale: Tensor, shift: Tensor, statistics: String) {
    self.scale = scale
    self.shift = shift
    self.statistics = statistics
  }
}

extension Layer {
  public var form: LayerForm { .opaque }
}

extension NormalizingLayer {
  public var form: LayerForm { .normalization }
}

extension NormalizationLayer: NormalizingLayer {
  public var differsByBranch: Bool { false }

  public func affine(_ pass: LayerPass) throws -> Affine {
    Affine(scale: try pass.parameter("bn.weight"), shift: try pass.parameter("bn.bias"), statistics: "bn")
  }
}

extension ConvolutionLayer {
  public var form: LayerForm {
    .convolution(kernel: kernel, stride: stride, padding: padding, groups: groups, hasBias: hasBias)
  }
}

extension DenseLayer {
  public var form: LayerForm { .dense(hasBias: hasBias) }
}

extension ReluLayer {
  public var form: LayerForm { .relu }
}

extension LeakyReluLayer {
  public var form: LayerForm { .leakyRelu(slope: slope) }
}

extension DropoutLayer {
  public var form: LayerForm { .dropout(rate: rate) }
}

extension MaxPoolLayer {
  public var form: LayerForm { .maxPool(window) }
}

extension AveragePoolLayer {
  public var form: LayerForm { .averagePool(window) }
}

extension GlobalPoolLayer {
  public var form: LayerForm { takesMaximum ? .globalMaximum : .globalAverage }
}

extension FlattenLayer {
  public var form: LayerForm { .flatten }
}

extension AddLayer {
  public var form: LayerForm { .add }
}

extension Conv1dLayer {
  public var form: LayerForm { .dense(hasBias: hasBias) }
}

extension TransformLayer {
  public var form: LayerForm { .transform }
}

extension FarthestPointsLayer {
  public var form: LayerForm { .farthestPoints(count: count) }
}

extension NeighboursLayer {
  public var form: LayerForm { .neighbourhoods(radius: radius, count: count) }
}

extension LocalMaximumLayer {
  public var form: LayerForm { .localMaximum }
}

extension ConcatenateLayer {
  public var form: LayerForm { .concatenate }
}
