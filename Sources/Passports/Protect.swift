import Networks
import Tensors

/// Which layers of a finished network are to carry passports.
public enum LayerSelection: Sendable {
  /// Every layer that can carry one: all but those with too few channels.
  case all
  /// Paths (`features.4`), or what several of them begin with (`layer4` for all of `layer4.*`), in any order.
  case named([String])
  /// Trailing numbers of paths: 4 stands for `features.4`, or `norm4`.
  case numbered([Int])

  /// The chosen ones among the candidates, in the network's order.
  func choose(from candidates: [String]) throws -> [String] {
    switch self {
    case .all: return candidates
    case .named(let names):
      func isMeant(_ path: String, by name: String) -> Bool { path == name || path.hasPrefix(name + ".") }
      for name in names where !candidates.contains(where: { isMeant($0, by: name) }) {
        throw unknown("named '\(name)'", candidates)
      }
      return candidates.filter { path in names.contains { isMeant(path, by: $0) } }
    case .numbered(let numbers):
      let chosen = try numbers.map { number in
        let paths = candidates.filter { trailingNumber($0) == number }
        guard let path = paths.first else { throw unknown("with the number \(number)", candidates) }
        guard paths.count == 1 else {
          throw NetworkError(
            "layers: \(paths.count) have the number \(number), among them \(path) and \(paths[1])",
            help: "name them: protect(net, layers: [\"\(path)\"])")
        }
        return path
      }
      return candidates.filter(chosen.contains)
    }
  }

  private func unknown(_ what: String, _ candidates: [String]) -> NetworkError {
    NetworkError(
      "layers: there is none \(what) that can carry a passport",
      help: "the layers are \(candidates.joined(separator: ", "))")
  }

  private func trailingNumber(_ path: String) -> Int? {
    Int(String(path.reversed().prefix { $0.isNumber }.reversed()))
  }
}

extension Network {
  /// The network with a passport-aware branch beside the normalisations of the chosen layers.
  ///
  /// Weights, scales, shifts and running statistics stay as they are; the passport-aware statistics start as a copy of
  /// them, and the FC blocks start from the seed. T-Nets carry no passports; their batch normalisations get a copy of
  /// their own for the passport-aware branch, except in DeepIPR, which has one normalisation for both.
  ///
  /// - Parameter form: of the passport layers; the paper's unless an ablation or another scheme is wanted.
  public func protecting(_ selection: LayerSelection, seed: UInt64, form: PassportForm = .paper) throws -> Network {
    let makers = transformMakers
    let candidates = nodes.filter { node in
      guard node.layer is NormalizationLayer, !makers.contains(node.path) else { return false }
      return (source(of: node)?.layer as? any WeightedLayer)?.takesPassports ?? false
    }
    guard !candidates.isEmpty else {
      throw NetworkError(
        carriesPassports
          ? "protect: every normalisation that can carry a passport already does"
          : "protect: the model has no normalisation right behind a convolution or dense layer",
        help: "a passport layer is a conv or dense, then norm")
    }
    var chosen = try selection.choose(from: candidates.map(\.path))
    guard !chosen.isEmpty else { throw NetworkError("protect: no layer was chosen") }
    if case .all = selection {
      let wide = candidates.filter { $0.shape[0] >= PassportNormalizationLayer.fewestChannels }.map(\.path)
      if !wide.isEmpty { chosen = wide }
    }
    var network = self
    for node in candidates where chosen.contains(node.path) {
      try PassportNormalizationLayer.check(channels: node.shape[0])
      guard let plain = node.layer as? NormalizationLayer, let source = source(of: node) else { continue }
      let layer = PassportNormalizationLayer(plain.normalization, source: source.path, form: form)
      try network.swapLayer(
        at: node.path, for: layer,
        keeping: [
          "bn.weight": ["scale"], "bn.bias": ["bias"], "bn.running_mean": ["bn0.running_mean", "bn1.running_mean"],
          "bn.running_var": ["bn0.running_var", "bn1.running_var"],
        ], seed: seed)
    }
    guard !form.isDeepIPR else { return network }
    for node in nodes where makers.contains(node.path) && (node.layer as? NormalizationLayer)?.normalization == .batch {
      try network.separateBranches(at: node.path)
    }
    return network
  }

  /// Puts a batch normalisation for each branch into the place of an ordinary one; both start as it is.
  mutating func separateBranches(at path: String) throws {
    var kept: [String: [String]] = [:]
    for name in BranchNormalizationLayer.tensorNames { kept["bn." + name] = ["bn0." + name, "bn1." + name] }
    try swapLayer(at: path, for: BranchNormalizationLayer(), keeping: kept, seed: 0)
  }

  /// The ordinary network: the passport-free branch only, without a trace of the other.
  ///
  /// DeepIPR V1 has no such branch: there the scales and shifts that the passports give are written into the network.
  ///
  /// - Parameter passports: needed for DeepIPR V1 alone.
  public func released(passports: [IssuedPassport] = []) throws -> Network {
    let readings = hasFreeBranch ? [:] : try readings(passports)
    var network = self
    for node in nodes {
      switch node.layer {
      case let layer as PassportNormalizationLayer where layer.passportForm.isSingle:
        guard let reading = readings[node.path] else { throw PassportNormalizationLayer.hasNoFreeBranch(node.path) }
        try network.swapLayer(
          at: node.path, for: NormalizationLayer(layer.normalization),
          keeping: ["bn0.running_mean": ["bn.running_mean"], "bn0.running_var": ["bn.running_var"]],
          others: ["bn.weight": reading.scale.detached, "bn.bias": reading.shift.detached], seed: 0)
      case let layer as PassportNormalizationLayer:
        try network.swapLayer(
          at: node.path, for: NormalizationLayer(layer.normalization),
          keeping: [
            "scale": ["bn.weight"], "bias": ["bn.bias"], "bn0.running_mean": ["bn.running_mean"],
            "bn0.running_var": ["bn.running_var"],
          ], seed: 0)
      case is BranchNormalizationLayer:
        var kept: [String: [String]] = [:]
        for name in BranchNormalizationLayer.tensorNames { kept["bn0." + name] = ["bn." + name] }
        try network.swapLayer(at: node.path, for: NormalizationLayer(.batch), keeping: kept, seed: 0)
      default: continue
      }
    }
    return network
  }

  /// Replaces a layer; tensors that both have go over under their new names.
  ///
  /// - Parameter others: further tensors for the new layer, by their names in it.
  mutating func swapLayer(
    at path: String, for layer: any Layer, keeping names: [String: [String]], others: [String: Tensor] = [:],
    seed: UInt64
  ) throws {
    var tensors = others
    for (old, new) in names {
      guard let tensor = parameters[path + "." + old] ?? buffers[path + "." + old] else { continue }
      for name in new { tensors[name] = tensor }
    }
    try replaceLayer(at: path, with: layer, seed: seed, tensors: tensors)
  }
}
