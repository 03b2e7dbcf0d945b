import Tensors

/// A T-Net (Qi et al. 2017): a small PointNet that looks at a cloud [channels, points] and makes the matrix by which
/// the cloud's channels are mapped. Layers are named as in the released code, below the path of the map: `stn.conv1`,
/// `stn.fc1`, `stn.fc3`; the map itself is `stn`.
public struct TransformNet: Sendable {
  /// Channels of the three convolutions and the two dense layers of the paper.
  public static let widths = [64, 128, 1024, 512, 256]

  public var widths: [Int]
  public var normalization: NormalizationKind
  /// Whether each branch of a protected network has a batch normalisation of its own here.
  public var separatesBranches: Bool
  public var regularizer: TransformLayer.Regularizer?

  public init(
    widths: [Int] = widths, normalization: NormalizationKind = .batch, separatesBranches: Bool = false,
    regularizer: TransformLayer.Regularizer? = nil
  ) {
    self.widths = widths
    self.normalization = normalization
    self.separatesBranches = separatesBranches
    self.regularizer = regularizer
  }

  /// Appends the T-Net and the map to a stage [channels, points]; the result has the same shape.
  ///
  /// - Parameter path: the name of the map; by default `tnet` with a running number.
  public func append(to cloud: Stage, path: String? = nil) throws -> Stage {
    guard widths.count == Self.widths.count else {
      throw NetworkError("tnet: \(Self.widths.count) widths were expected, not \(widths.count)")
    }
    guard cloud.shape.count == 2 else {
      throw NetworkError("tnet: a cloud [channels, points] was expected, not \(cloud.shape)")
    }
    let path = path ?? cloud.nextPath("tnet")
    var stage = cloud
    for (index, channels) in widths.prefix(3).enumerated() {
      let layer = Conv1dLayer(channels: channels, hasBias: true, initialization: .uniformFanIn)
      stage = try normalized(stage.appending(layer, path: "\(path).conv\(index + 1).conv"), "\(path).conv\(index + 1)")
    }
    stage = try stage.appending(GlobalPoolLayer(takesMaximum: true), path: "\(path).pool")
    for (index, width) in widths.suffix(2).enumerated() {
      let layer = DenseLayer(width: width)
      stage = try normalized(stage.appending(layer, path: "\(path).fc\(index + 1).linear"), "\(path).fc\(index + 1)")
    }
    let matrix = try stage.appending(DenseLayer(width: cloud.shape[0] * cloud.shape[0]), path: "\(path).fc3")
    return try cloud.appending(TransformLayer(regularizer: regularizer), others: [matrix], path: path)
  }

  private func normalized(_ stage: Stage, _ path: String) throws -> Stage {
    let layer: any Layer = separatesBranches && normalization == .batch
      ? BranchNormalizationLayer() : NormalizationLayer(normalization)
    return try stage.appending(layer, path: path).appending(ReluLayer(), path: path + ".relu")
  }
}
