import Tensors

/// The PointNet of the paper for clouds [3, points] (released code, `pointnet_cls_our_bn.py`): three pointwise
/// convolutions between two T-Nets and a maximum over the points, then three dense layers. Layers are named as there:
/// `stn`, `convp1`, `fstn`, `convp2`, `convp3`, `p1`, `p2`, `p3`.
///
/// The logits have a scale and a shift but no normalisation (`p3`), so that a passport can go there as well; in the
/// plain network these start at 1 and 0 and add nothing that its last dense layer could not do.
public enum PointNet {
  /// Channels of `convp1` to `convp3`, `p1` and `p2`; the T-Nets have the same.
  public static let widths = TransformNet.widths
  /// Points that the paper takes of each cloud.
  public static let points = 1024
  /// Share that is zeroed between `p2` and its normalisation.
  public static let dropout: Float = 0.4

  /// - Parameters:
  ///   - points: points of one cloud.
  ///   - regularizer: of the second transform, which maps features; the released code's formula is another than the
  ///     paper's.
  public static func make(
    classes: Int, points: Int = points, normalization: NormalizationKind = .batch, widths: [Int]? = nil,
    dropout: Float = dropout, regularizer: TransformLayer.Regularizer? = .orthogonal, seed: UInt64
  ) throws -> Network {
    let widths = widths ?? Self.widths
    guard widths.count == Self.widths.count else {
      throw NetworkError("pointnet: \(Self.widths.count) widths were expected, not \(widths.count)")
    }
    var transform = TransformNet(widths: widths, normalization: normalization)
    func convolution(_ stage: Stage, _ number: Int) throws -> Stage {
      try stage.appending(Conv1dLayer(channels: widths[number - 1]), path: "convp\(number).conv")
        .appending(NormalizationLayer(normalization), path: "convp\(number)")
    }
    func dense(_ stage: Stage, _ width: Int, _ path: String) throws -> Stage {
      try stage.appending(DenseLayer(width: width, initialization: .kaimingFanOut), path: path + ".linear")
    }
    var stage = try transform.append(to: Stage.input([3, points]), path: "stn")
    stage = try convolution(stage, 1).appending(ReluLayer(), path: "convp1.relu")
    transform.regularizer = regularizer
    stage = try transform.append(to: stage, path: "fstn")
    stage = try convolution(stage, 2).appending(ReluLayer(), path: "convp2.relu")
    stage = try convolution(stage, 3).appending(GlobalPoolLayer(takesMaximum: true), path: "pool")
    stage = try dense(stage, widths[3], "p1")
      .appending(NormalizationLayer(normalization), path: "p1")
      .appending(ReluLayer(), path: "p1.relu")
    stage = try dense(stage, widths[4], "p2")
      .appending(DropoutLayer(rate: dropout), path: "p2.dropout")
      .appending(NormalizationLayer(normalization), path: "p2")
      .appending(ReluLayer(), path: "p2.relu")
    return try dense(stage, classes, "p3")
      .appending(NormalizationLayer(.identity), path: "p3")
      .network(named: "pointnet", seed: seed)
  }
}
