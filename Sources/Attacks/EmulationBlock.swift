import Networks
import Tensors

/// The accessory blocks of Chen et al. (CVPR 2023, "Effective Ambiguity Attack Against Passport-based DNN Intellectual
/// Property Protection Schemes through Fully Connected Layer Substitution"): a small network with a skip in front of a
/// layer's scale, which makes scales of other signs easy to train.
///
///     CERB   γ'' = γ + W₂ LeakyReLU(W₁ γ + b₁) + b₂         all channels together, C → C/8 → C
///     IERB   γ''ᵢ = γᵢ + w₂ᵢ · LeakyReLU(w₁ᵢ γᵢ + b₁ᵢ) + b₂ᵢ   each channel by itself, 1 → 10 → 1
public enum EmulationBlock: String, Sendable, CaseIterable {
  case collective = "cerb"
  case individual = "ierb"

  /// Hidden values for each channel of the individual block; how much narrower the collective block is in the middle.
  private static let (expansion, ratio) = (10, 8)

  /// What is trained in the block of a layer, by name; PyTorch's start of dense layers.
  func variables(channels: Int, path: String, seed: UInt64) throws -> [String: Tensor] {
    func uniform(_ name: String, _ shape: Shape, fanIn: Int) throws -> (String, Tensor) {
      let stream = RandomStream(seed: seed, name: "forge/\(rawValue)/\(path).\(name)")
      return (name, try Initialization.uniformFanIn.makeTensor(shape, fanIn: fanIn, from: stream))
    }
    let hidden = max(channels / Self.ratio, 1)
    let variables =
      switch self {
      case .collective:
        try [
          uniform("first.weight", [hidden, channels], fanIn: channels), uniform("first.bias", [hidden], fanIn: channels),
          uniform("second.weight", [channels, hidden], fanIn: hidden), uniform("second.bias", [channels], fanIn: hidden),
        ]
      case .individual:
        try [
          uniform("first.weight", [channels, Self.expansion], fanIn: 1),
          uniform("first.bias", [channels, Self.expansion], fanIn: 1),
          uniform("second.weight", [channels, Self.expansion], fanIn: Self.expansion),
          uniform("second.bias", [channels], fanIn: Self.expansion),
        ]
      }
    return Dictionary(uniqueKeysWithValues: variables)
  }

  /// γ'' of a layer: [channels], differentiable in γ and in the block.
  ///
  /// - Parameter find: a variable of the layer's block, by name.
  func emulate(_ scale: Tensor, _ find: (String) throws -> Tensor) throws -> Tensor {
    let (first, second) = try (find("first.weight"), find("second.weight"))
    let (firstBias, secondBias) = try (find("first.bias"), find("second.bias"))
    switch self {
    case .collective:
      let hidden = try (Tensor.matrixProduct(first, scale) + firstBias).leakyRelu()
      return try scale + Tensor.matrixProduct(second, hidden) + secondBias
    case .individual:
      let hidden = try (first * scale.reshaped(to: [scale.count, 1]) + firstBias).leakyRelu()
      return try scale + (second * hidden).sum(axis: 1) + secondBias
    }
  }
}
