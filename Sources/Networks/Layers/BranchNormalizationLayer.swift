import Tensors

/// Batch normalisation with a scale, a shift and running statistics of its own for each branch, and without a passport:
/// what the T-Nets of a protected PointNet have (released code, `conv_pub_bn.py`, `fc1_pub_bn.py`).
///
///     passport-free:   y = γ₀ · Norm₀(x) + β₀          bn0.weight, bn0.bias, bn0.running_mean, bn0.running_var
///     passport-aware:  y = γ₁ · Norm₁(x) + β₁          bn1.*
///
/// The other kinds of normalisation have no statistics that the branches could spoil for each other; there an ordinary
/// `NormalizationLayer` serves both.
public struct BranchNormalizationLayer: NormalizingLayer {
  public static let kind = "branch_norm"
  public static let pathStem = NormalizationLayer.kind

  /// The tensors of one branch, after `bn0.` or `bn1.`; after `bn.` in the ordinary layer.
  public static let tensorNames = ["weight", "bias", "running_mean", "running_var"]

  public init() {}

  public var normalization: NormalizationKind { .batch }
  public var differsByBranch: Bool { true }

  public func outputShape(of inputs: [Shape]) throws -> Shape {
    try NormalizationLayer.check(inputs, .batch)
    return inputs[0]
  }

  public func parameters(for inputs: [Shape]) -> [ParameterDeclaration] {
    ["bn0", "bn1"].flatMap { branch in
      [
        ParameterDeclaration("\(branch).weight", [inputs[0][0]], .ones),
        ParameterDeclaration("\(branch).bias", [inputs[0][0]], .zeros),
      ]
    }
  }

  public func buffers(for inputs: [Shape]) -> [ParameterDeclaration] {
    ["bn0", "bn1"].flatMap { NormalizationLayer.statistics($0, .batch, channels: inputs[0][0]) }
  }

  public func affine(_ pass: LayerPass) throws -> Affine {
    let branch = pass.isAware ? "bn1" : "bn0"
    return Affine(
      scale: try pass.parameter("\(branch).weight"), shift: try pass.parameter("\(branch).bias"), statistics: branch)
  }

  public func forward(_ inputs: [Tensor], _ pass: LayerPass) throws -> Tensor {
    try NormalizationLayer.normalize(inputs[0], .batch, affine(pass), pass)
  }
}
