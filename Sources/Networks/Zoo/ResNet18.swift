import Tensors

/// The ResNet-18 of the paper for 32 x 32 images (released code, `resnet_passport_private.py`): a 3 x 3 stem without
/// pooling, four stages of two basic blocks, one dense layer. Layers are named as there: `convbnrelu_1`,
/// `layer1.0.convbnrelu_1`, `layer1.0.convbn_2`, `layer2.0.shortcut`, `linear`.
public enum ResNet18 {
  /// Where the blocks have their ReLUs.
  ///
  /// A plain twin that is released from a protected network keeps the placement that it was trained with.
  public enum ReluPlacement: String, Sendable, CaseIterable {
    /// After every convolution, the second of a block and its shortcut included, and after the sum: the released
    /// passport network.
    case passport
    /// After the first convolution of a block and after the sum: the released plain network (He et al. 2016).
    case plain
  }

  /// Channels of the four stages; the stem has as many as the first.
  public static let widths = [64, 128, 256, 512]
  static let blocksPerStage = 2

  /// - Parameters:
  ///   - input: the shape of one image, [3, 32, 32] in the paper.
  ///   - widths: channels of the four stages, for narrower variants.
  public static func make(
    classes: Int, input: Shape = [3, 32, 32], normalization: NormalizationKind = .batch, widths: [Int]? = nil,
    relus: ReluPlacement = .passport, seed: UInt64
  ) throws -> Network {
    let widths = widths ?? Self.widths
    guard widths.count == Self.widths.count else {
      throw NetworkError("resnet18: \(Self.widths.count) widths were expected, not \(widths.count)")
    }
    let block = BasicBlock(normalization: normalization, relus: relus)
    var stage = try block.appendConvolution(
      to: Stage.input(input), channels: widths[0], hasRelu: true, path: "convbnrelu_1")
    for (index, channels) in widths.enumerated() {
      for number in 0..<blocksPerStage {
        stage = try block.append(
          to: stage, channels: channels, stride: index > 0 && number == 0 ? 2 : 1, path: "layer\(index + 1).\(number)")
      }
    }
    // The released code averages windows of 4 x 4, which is all that its 32 x 32 images leave.
    return try stage
      .appending(GlobalPoolLayer(takesMaximum: false), path: "pool")
      .appending(DenseLayer(width: classes), path: "linear")
      .network(named: "resnet18", seed: seed)
  }
}

/// Two 3 x 3 convolutions and a way around them, which is a 1 x 1 convolution where the shape changes.
private struct BasicBlock {
  var normalization: NormalizationKind
  var relus: ResNet18.ReluPlacement

  func append(to stage: Stage, channels: Int, stride: Int, path: String) throws -> Stage {
    let hasRelu = relus == .passport
    let first = try appendConvolution(
      to: stage, channels: channels, stride: stride, hasRelu: true, path: path + ".convbnrelu_1")
    let second = try appendConvolution(to: first, channels: channels, hasRelu: hasRelu, path: path + ".convbn_2")
    let shortcut = stage.shape == second.shape ? stage : try appendConvolution(
      to: stage, channels: channels, kernel: 1, stride: stride, hasRelu: hasRelu, path: path + ".shortcut")
    return try second
      .appending(AddLayer(), others: [shortcut], path: path + ".add")
      .appending(ReluLayer(), path: path + ".relu")
  }

  func appendConvolution(
    to stage: Stage, channels: Int, kernel: Int = 3, stride: Int = 1, hasRelu: Bool, path: String
  ) throws -> Stage {
    let normalized = try stage
      .appending(ConvolutionLayer(channels: channels, kernel: kernel, stride: stride), path: path + ".conv")
      .appending(NormalizationLayer(normalization), path: path)
    return hasRelu ? try normalized.appending(ReluLayer(), path: path + ".relu") : normalized
  }
}
