import Networks
import Tensors

/// What an owner keeps to prove a network theirs: passports, signature, FC blocks and passport-aware statistics of each
/// layer, and which trigger set was used. Nothing of it is in the released network.
public struct Claim: Sendable {
  /// What is kept of one layer.
  public struct Layer: Sendable {
    public var passport: IssuedPassport
    public var normalization: NormalizationKind
    /// `fc.0.weight` and `fc.2.weight`.
    public var block: [String: Tensor]
    /// `bn1.running_mean` and `bn1.running_var`; empty for normalisations without state.
    public var statistics: [String: Tensor]

    public init(
      passport: IssuedPassport, normalization: NormalizationKind, block: [String: Tensor],
      statistics: [String: Tensor]
    ) {
      self.passport = passport
      self.normalization = normalization
      self.block = block
      self.statistics = statistics
    }
  }

  public var layers: [Layer]
  /// SHA-256 of the trigger set that the network was trained with.
  public var triggerHash: String?

  public init(layers: [Layer], triggerHash: String?) {
    self.layers = layers
    self.triggerHash = triggerHash
  }

  /// Takes from a trained network what belongs to these passports.
  public init(of network: Network, passports: [IssuedPassport], triggerHash: String?) throws {
    layers = try passports.map { passport in
      guard let node = network.node(at: passport.path), let layer = node.layer as? PassportNormalizationLayer else {
        throw NetworkError("the model carries no passport branch at \(passport.path)")
      }
      func kept(_ names: [String], of tensors: [String: Tensor]) -> [String: Tensor] {
        var kept: [String: Tensor] = [:]
        for name in names { kept[name] = tensors[node.path + "." + name] }
        return kept
      }
      return Layer(
        passport: passport, normalization: layer.normalization,
        block: kept(["fc.0.weight", "fc.2.weight"], of: network.parameters),
        statistics: kept(["bn1.running_mean", "bn1.running_var"], of: network.buffers))
    }
    self.triggerHash = triggerHash
  }

  public var passports: [IssuedPassport] { layers.map(\.passport) }

  /// The number of signature bits over all layers.
  public var bits: Int { layers.reduce(0) { $0 + $1.passport.signature.signs.count } }
}

extension Network {
  /// The network with a claim's passport-aware branch put around its own weights.
  ///
  /// The passport-free branch stays as it is. Throws where a layer is missing or of another size: the claim then belongs
  /// to another architecture.
  public func attaching(_ claim: Claim) throws -> Network {
    var network = try released()
    for kept in claim.layers {
      let path = kept.passport.path
      guard let node = network.node(at: path), let plain = node.layer as? NormalizationLayer else {
        throw NetworkError(
          "the model has no normalisation named \(path), where the claim has a passport layer",
          help: "the claim belongs to another architecture")
      }
      guard plain.normalization == kept.normalization, network.source(of: node)?.path == kept.passport.source else {
        throw NetworkError(
          "\(path): the claim expects \(kept.normalization.rawValue) normalisation behind \(kept.passport.source)",
          help: "the claim belongs to another architecture")
      }
      try network.swapLayer(
        at: path, for: PassportNormalizationLayer(kept.normalization, source: kept.passport.source),
        keeping: [
          "bn.weight": ["scale"], "bn.bias": ["bias"], "bn.running_mean": ["bn0.running_mean"],
          "bn.running_var": ["bn0.running_var"],
        ], seed: 0)
      for (name, tensor) in kept.block.merging(kept.statistics, uniquingKeysWith: { first, _ in first }) {
        try network.replace(path + "." + name, by: tensor, help: "the claim belongs to another architecture")
      }
    }
    return network
  }
}
