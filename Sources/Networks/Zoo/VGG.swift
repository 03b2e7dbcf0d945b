import Tensors

/// The networks of Simonyan and Zisserman 2015 for small images: their configurations A (VGG-11) and D (VGG-16), with a
/// normalisation behind each 3 x 3 convolution and, as is usual for CIFAR, one dense layer in place of three.
///
/// Layers are named as AlexNet's are, after their place among convolutions and pools: `features.0` is the first
/// normalisation, `features.0.conv` the convolution before it, and `classifier` the dense layer.
public enum VGG {
  /// How many layers with weights the paper's network has: convolutions, and three dense layers.
  public enum Depth: Int, Sendable, CaseIterable {
    case eleven = 11
    case sixteen = 16

    /// Channels of the convolutions; a pool that halves the image follows each stage.
    var stages: [[Int]] {
      switch self {
      case .eleven: [[64], [128], [256, 256], [512, 512], [512, 512]]
      case .sixteen: [[64, 64], [128, 128], [256, 256, 256], [512, 512, 512], [512, 512, 512]]
      }
    }
  }

  /// - Parameters:
  ///   - input: the shape of one image; its sides are at least 32, and halved five times.
  ///   - widths: channels of all convolutions in order, for narrower variants.
  public static func make(
    _ depth: Depth, classes: Int, input: Shape = [3, 32, 32], normalization: NormalizationKind = .batch,
    widths: [Int]? = nil, seed: UInt64
  ) throws -> Network {
    let name = "vgg\(depth.rawValue)"
    let stages = depth.stages
    let convolutions = stages.reduce(0) { $0 + $1.count }
    if let widths, widths.count != convolutions {
      throw NetworkError("\(name): \(convolutions) widths were expected, not \(widths.count)")
    }
    guard input.count == 3, input[1...].allSatisfy({ $0 >> stages.count >= 1 }) else {
      throw NetworkError(
        "\(name): an image of at least \(1 << stages.count) x \(1 << stages.count) was expected, not \(input)",
        help: "it is halved \(stages.count) times; fashion(size: 32) gives larger pictures")
    }
    var widthsLeft = (widths ?? stages.flatMap { $0 })[...]
    var stage = try Stage.input(input)
    var index = 0
    for count in stages.map(\.count) {
      for channels in widthsLeft.prefix(count) {
        stage = try appendConvolution(to: stage, channels: channels, normalization, path: "features.\(index)")
        index += 1
      }
      widthsLeft = widthsLeft.dropFirst(count)
      stage = try stage.appending(MaxPoolLayer(PoolingWindow(kernel: 2)), path: "features.\(index)")
      index += 1
    }
    return try stage
      .appending(FlattenLayer(), path: "flatten")
      .appending(DenseLayer(width: classes), path: "classifier")
      .network(named: name, seed: seed)
  }

  private static func appendConvolution(
    to stage: Stage, channels: Int, _ normalization: NormalizationKind, path: String
  ) throws -> Stage {
    try stage
      .appending(ConvolutionLayer(channels: channels, kernel: 3), path: path + ".conv")
      .appending(NormalizationLayer(normalization), path: path)
      .appending(ReluLayer(), path: path + ".relu")
  }
}
