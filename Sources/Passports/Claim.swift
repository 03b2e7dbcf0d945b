import Networks
import Tensors

/// What an owner keeps to prove a network theirs: passports, signature, FC blocks and passport-aware statistics of each
/// layer, the passport-aware normalisations of T-Nets, a watermark, and which trigger set was used. Each scheme fills a
/// part of it: Adi's leaves the triggers alone, Uchida's a watermark. Nothing of it is in the released network.
public struct Claim: Sendable {
  /// What is kept of one layer.
  public struct Layer: Sendable {
    public var passport: IssuedPassport
    public var normalization: NormalizationKind
    /// `fc.0.weight` and `fc.2.weight`; empty for forms without an FC block.
    public var block: [String: Tensor]
    /// `bn1.running_mean` and `bn1.running_var`; empty for normalisations without state, and where the branches share
    /// their statistics.
    public var statistics: [String: Tensor]

    /// What the layer is made of.
    public var form: PassportForm

    public init(
      passport: IssuedPassport, normalization: NormalizationKind, form: PassportForm = .paper, block: [String: Tensor],
      statistics: [String: Tensor]
    ) {
      self.passport = passport
      self.normalization = normalization
      self.form = form
      self.block = block
      self.statistics = statistics
    }
  }

  /// What is kept of a normalisation without a passport that has tensors of its own for each branch.
  public struct Branch: Sendable {
    public var path: String
    /// `bn1.weight`, `bn1.bias`, `bn1.running_mean` and `bn1.running_var`.
    public var tensors: [String: Tensor]

    public init(path: String, tensors: [String: Tensor]) {
      self.path = path
      self.tensors = tensors
    }
  }

  public var layers: [Layer]
  /// Empty for networks without T-Nets.
  public var branches: [Branch]
  /// Bits in the weights of one layer (Uchida et al. 2017); none in the schemes with passports.
  public var watermark: Watermark?
  /// SHA-256 of the trigger set that the network was trained with.
  public var triggerHash: String?

  public init(
    layers: [Layer], branches: [Branch] = [], watermark: Watermark? = nil, triggerHash: String?
  ) {
    self.layers = layers
    self.branches = branches
    self.watermark = watermark
    self.triggerHash = triggerHash
  }

  /// Takes from a trained network what belongs to these passports.
  public init(
    of network: Network, passports: [IssuedPassport], watermark: Watermark? = nil, triggerHash: String?
  ) throws {
    func kept(_ names: [String], at path: String) -> [String: Tensor] {
      var kept: [String: Tensor] = [:]
      for name in names { kept[name] = network.parameters[path + "." + name] ?? network.buffers[path + "." + name] }
      return kept
    }
    layers = try passports.map { passport in
      guard let layer = network.node(at: passport.path)?.layer as? PassportNormalizationLayer else {
        throw NetworkError("the model carries no passport branch at \(passport.path)")
      }
      return Layer(
        passport: passport, normalization: layer.normalization, form: layer.passportForm,
        block: kept(["fc.0.weight", "fc.2.weight"], at: passport.path),
        statistics: kept(["bn1.running_mean", "bn1.running_var"], at: passport.path))
    }
    branches = network.nodes.filter { $0.layer is BranchNormalizationLayer }.map { node in
      Branch(path: node.path, tensors: kept(BranchNormalizationLayer.tensorNames.map { "bn1." + $0 }, at: node.path))
    }
    self.watermark = watermark
    self.triggerHash = triggerHash
  }

  public var passports: [IssuedPassport] { layers.map(\.passport) }

  /// The number of signature bits over all layers, and of the watermark.
  public var bits: Int {
    layers.reduce(watermark?.signature.signs.count ?? 0) { $0 + $1.passport.signature.signs.count }
  }
}

extension Network {
  /// The network with a claim's passport-aware branch put around its own weights.
  ///
  /// The passport-free branch stays as it is. Throws where a layer is missing or of another size: the claim then
  /// belongs to another architecture.
  public func attaching(_ claim: Claim) throws -> Network {
    let misfit = "the claim belongs to another architecture"
    var network = try released(passports: claim.passports)
    for kept in claim.layers {
      let path = kept.passport.path
      guard let node = network.node(at: path), let plain = node.layer as? NormalizationLayer else {
        throw NetworkError(
          "the model has no normalisation named \(path), where the claim has a passport layer",
          help: misfit + ", or a transfer took the layer away: transfer_curve counts its bits as gone")
      }
      guard plain.normalization == kept.normalization, network.source(of: node)?.path == kept.passport.source else {
        throw NetworkError(
          "\(path): the claim expects \(kept.normalization.rawValue) normalisation behind \(kept.passport.source)",
          help: misfit)
      }
      let layer = PassportNormalizationLayer(kept.normalization, source: kept.passport.source, form: kept.form)
      let own = kept.block.merging(kept.statistics) { first, _ in first }
      try network.swapLayer(
        at: path, for: layer,
        keeping: [
          "bn.weight": ["scale"], "bn.bias": ["bias"], "bn.running_mean": ["bn0.running_mean"],
          "bn.running_var": ["bn0.running_var"],
        ], others: own, seed: 0)
      // Says what does not fit; a tensor that does is in its place already.
      for (name, tensor) in own { try network.replace(path + "." + name, by: tensor, help: misfit) }
    }
    for kept in claim.branches {
      guard let plain = network.node(at: kept.path)?.layer as? NormalizationLayer, plain.normalization == .batch else {
        throw NetworkError("the model has no batch normalisation named \(kept.path), as the claim has", help: misfit)
      }
      try network.separateBranches(at: kept.path)
      for (name, tensor) in kept.tensors { try network.replace(kept.path + "." + name, by: tensor, help: misfit) }
    }
    return network
  }
}
