import Tensors

/// Over what a normalisation takes its moments.
public enum NormalizationKind: String, Sendable, Codable, CaseIterable {
  case batch, group, instance, layer
  /// No normalisation: the scale and the shift alone, as on PointNet's logits.
  case identity = "none"

  /// Channels of one group, as the released code has it.
  public static let channelsPerGroup = 16

  /// Groups of a normalisation within each sample; none for batch normalisation, which crosses samples, and for no
  /// normalisation.
  public func groups(channels: Int) throws -> Int? {
    switch self {
    case .batch, .identity: return nil
    case .instance: return channels
    case .layer: return 1
    case .group:
      guard channels % Self.channelsPerGroup == 0 else {
        throw NetworkError(
          "norm: \(channels) channels do not divide into groups of \(Self.channelsPerGroup)",
          help: "use a multiple of 16 channels, or norm(kind: \"batch\")")
      }
      return channels / Self.channelsPerGroup
    }
  }
}

/// `norm(kind:)`: normalisation with a learned scale and shift per channel (PyTorch's defaults: ε 1e-5, momentum 0.1).
public struct NormalizationLayer: Layer {
  public static let kind = "norm"
  public static let epsilon: Float = 1e-5
  public static let momentum: Float = 0.1

  public var normalization: NormalizationKind

  public init(_ normalization: NormalizationKind = .batch) { self.normalization = normalization }

  public func outputShape(of inputs: [Shape]) throws -> Shape {
    try Self.check(inputs, normalization)
    return inputs[0]
  }

  public func parameters(for inputs: [Shape]) -> [ParameterDeclaration] {
    [
      ParameterDeclaration("bn.weight", [inputs[0][0]], .ones),
      ParameterDeclaration("bn.bias", [inputs[0][0]], .zeros),
    ]
  }

  public func buffers(for inputs: [Shape]) -> [ParameterDeclaration] {
    Self.statistics("bn", normalization, channels: inputs[0][0])
  }

  public func forward(_ inputs: [Tensor], _ pass: LayerPass) throws -> Tensor {
    try Self.normalize(inputs[0], normalization, affine(pass), pass)
  }
}

// What the passport-aware layer shares with this one.
extension NormalizationLayer {
  /// Refuses shapes that cannot be normalised this way.
  public static func check(_ inputs: [Shape], _ kind: NormalizationKind) throws {
    guard inputs.count == 1, let channels = inputs[0].first else {
      throw NetworkError("norm: one image, cloud or vector was expected, not \(inputs)")
    }
    if kind == .instance, inputs[0].dropFirst().allSatisfy({ $0 == 1 }) {
      throw NetworkError(
        inputs[0].count == 1
          ? "norm: instance normalisation has nothing to average over on a vector"
          : "norm: instance normalisation has nothing to average over in \(inputs[0]), a single position",
        help: "use norm(kind: \"layer\"), norm(kind: \"group\") or norm(kind: \"batch\") there")
    }
    _ = try kind.groups(channels: channels)
  }

  /// The running statistics of a batch normalisation; the other kinds have none.
  public static func statistics(_ name: String, _ kind: NormalizationKind, channels: Int) -> [ParameterDeclaration] {
    guard kind == .batch else { return [] }
    return [
      ParameterDeclaration("\(name).running_mean", [channels], .zeros),
      ParameterDeclaration("\(name).running_var", [channels], .ones),
    ]
  }

  /// scale · Norm(x) + shift, both [channels]; a training pass updates the running statistics of that name.
  public static func normalize(
    _ x: Tensor, _ kind: NormalizationKind, _ affine: Affine, _ pass: LayerPass
  ) throws -> Tensor {
    let (scale, shift, name) = (affine.scale, affine.shift, affine.statistics)
    if kind == .identity {
      let channels = [x.shape[1]] + Shape(repeating: 1, count: x.rank - 2)
      return try x * scale.reshaped(to: channels) + shift.reshaped(to: channels)
    }
    if let groups = try kind.groups(channels: x.shape[1]) {
      return try x.groupNormalized(groups: groups, scale: scale, shift: shift, epsilon: epsilon)
    }
    let (mean, variance) = try (pass.buffer("\(name).running_mean"), pass.buffer("\(name).running_var"))
    guard pass.isTraining else {
      return try x.normalized(mean: mean, variance: variance, scale: scale, shift: shift, epsilon: epsilon)
    }
    let normalized = try x.batchNormalized(scale: scale, shift: shift, epsilon: epsilon)
    let values = Float(x.count / x.shape[1])
    let unbiased = try normalized.variance * Tensor(values / (values - 1))
    pass.update(buffer: "\(name).running_mean", to: try blend(mean, normalized.mean))
    pass.update(buffer: "\(name).running_var", to: try blend(variance, unbiased))
    return normalized.output
  }

  /// Refuses a batch that gives a single value per channel.
  public static func checkBatch(values: Int) throws {
    guard values > 1 else {
      throw NetworkError(
        "norm: one value per channel cannot be normalised over the batch",
        help: "train with a larger batch, or use norm(kind: \"group\")")
    }
  }

  /// What a running statistic becomes after a batch.
  public static func blend(_ running: Tensor, _ batch: Tensor) throws -> Tensor {
    try running * Tensor(1 - momentum) + batch * Tensor(momentum)
  }
}
