import Tensors

/// A linear map of the channels of a cloud, of its own for each sample: y = Mᵀ x with M = T + I, for a cloud x
/// [channels, points] and a vector that holds T [channels, channels] row by row (Qi et al. 2017, section 4.2).
public struct TransformLayer: Layer {
  public static let kind = "transform"

  /// What a transform costs, as the mean over the batch of a Frobenius norm; added to the loss of the branch.
  public enum Regularizer: String, Sendable, Codable, CaseIterable {
    /// ‖M Mᵀ - I‖, which is zero where M is orthogonal: the formula of Qi et al. 2017.
    case orthogonal
    /// ‖M (Mᵀ - I)‖, as the released code has it.
    case released
  }

  /// None leaves no penalty.
  public var regularizer: Regularizer?

  public init(regularizer: Regularizer? = nil) { self.regularizer = regularizer }

  public func outputShape(of inputs: [Shape]) throws -> Shape {
    guard inputs.count == 2, inputs[0].count == 2 else {
      throw NetworkError("transform: a cloud [channels, points] and a vector were expected, not \(inputs)")
    }
    let channels = inputs[0][0]
    guard inputs[1] == [channels * channels] else {
      throw NetworkError(
        "transform: a matrix for \(channels) channels takes a vector of \(channels * channels), not \(inputs[1])")
    }
    return inputs[0]
  }

  public func forward(_ inputs: [Tensor], _ pass: LayerPass) throws -> Tensor {
    let channels = inputs[0].shape[1]
    try leavePenalty(of: inputs[1], channels: channels, pass)
    return try Tensor.batchedMatrixProduct(
      Self.matrices(inputs[1], channels: channels), inputs[0], transposingLeft: true)
  }

  /// Leaves in the pass what the transforms [batch, channels * channels] cost, if they cost anything.
  public func leavePenalty(of vectors: Tensor, channels: Int, _ pass: LayerPass) throws {
    guard let regularizer else { return }
    let matrices = try Self.matrices(vectors, channels: channels)
    pass.leave(penalty: try Self.penalty(of: matrices, identity: Self.identity(channels), regularizer))
  }

  /// T + I for each sample.
  private static func matrices(_ vectors: Tensor, channels: Int) throws -> Tensor {
    try vectors.reshaped(to: [vectors.shape[0], channels, channels]) + identity(channels)
  }

  /// The mean over the batch of the norm that a regulariser takes of matrices [batch, channels, channels].
  static func penalty(of matrices: Tensor, identity: Tensor, _ regularizer: Regularizer) throws -> Tensor {
    let difference = switch regularizer {
    case .orthogonal: try Tensor.batchedMatrixProduct(matrices, matrices, transposingRight: true) - identity
    // Mᵀ - I is (M - I)ᵀ.
    case .released: try Tensor.batchedMatrixProduct(matrices, matrices - identity, transposingRight: true)
    }
    let squares = try (difference * difference).reshaped(to: [matrices.shape[0], -1]).sum(axis: 1)
    // A norm of exactly zero has no derivative; this one then has the derivative zero.
    return try Tensor.maximum(squares, Tensor(1e-30)).squareRoot().mean()
  }

  private static func identity(_ size: Int) throws -> Tensor {
    var identity = try Tensor(repeating: 0, shape: [size, size])
    try identity.mutate { for index in 0..<size { $0[index * size + index] = 1 } }
    return identity
  }

  public func multiplyAdds(for inputs: [Shape], output: Shape) -> Int { inputs[0][0] * output.reduce(1, *) }
}

extension Network {
  /// Paths of the layers that only make matrices for a `TransformLayer`: those of its T-Nets.
  ///
  /// They carry no passports, since a passport layer belongs to what the network makes of its samples.
  public var transformMakers: Set<String> {
    var isOnTheWay = [Bool](repeating: false, count: nodes.count)
    if !nodes.isEmpty { isOnTheWay[nodes.count - 1] = true }
    for index in nodes.indices.reversed() where isOnTheWay[index] {
      let inputs = nodes[index].layer is TransformLayer ? Array(nodes[index].inputs.prefix(1)) : nodes[index].inputs
      for input in inputs where input >= 0 { isOnTheWay[input] = true }
    }
    return Set(nodes.indices.filter { !isOnTheWay[$0] }.map { nodes[$0].path })
  }
}
