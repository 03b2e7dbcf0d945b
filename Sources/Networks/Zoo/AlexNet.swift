import Tensors

/// The AlexNet of the paper for 32 x 32 images: five normalised convolutions and one dense layer (released code,
/// `alexnet_passport_private.py`). Layers are named as there: `features.0`, 2, 4, 5, 6 and `classifier`.
public enum AlexNet {
  struct Block {
    var index: Int
    var channels: Int
    var kernel: Int
    var poolsAfter: Bool
  }

  static let blocks = [
    Block(index: 0, channels: 64, kernel: 5, poolsAfter: true),
    Block(index: 2, channels: 192, kernel: 5, poolsAfter: true),
    Block(index: 4, channels: 384, kernel: 3, poolsAfter: false),
    Block(index: 5, channels: 256, kernel: 3, poolsAfter: false),
    Block(index: 6, channels: 256, kernel: 3, poolsAfter: true),
  ]

  /// - Parameters:
  ///   - input: the shape of one image, [3, 32, 32] in the paper.
  ///   - widths: channels of the five blocks, for narrower variants.
  public static func make(
    classes: Int, input: Shape = [3, 32, 32], normalization: NormalizationKind = .batch, widths: [Int]? = nil,
    seed: UInt64
  ) throws -> Network {
    if let widths, widths.count != blocks.count {
      throw NetworkError("alexnet: \(blocks.count) widths were expected, not \(widths.count)")
    }
    var stage = try Stage.input(input)
    for (position, block) in blocks.enumerated() {
      let path = "features.\(block.index)"
      let channels = widths?[position] ?? block.channels
      stage = try stage
        .appending(ConvolutionLayer(channels: channels, kernel: block.kernel), path: path + ".conv")
        .appending(NormalizationLayer(normalization), path: path)
        .appending(ReluLayer(), path: path + ".relu")
      if block.poolsAfter {
        stage = try stage.appending(MaxPoolLayer(PoolingWindow(kernel: 2)), path: "features.\(block.index + 1)")
      }
    }
    return try stage
      .appending(FlattenLayer(), path: "flatten")
      .appending(DenseLayer(width: classes), path: "classifier")
      .network(named: "alexnet", seed: seed)
  }
}
