import Networks
import Tensors

/// Bits in the weights of one layer, after Uchida et al. 2017, "Embedding Watermarks into Deep Neural Networks": the
/// baseline that has neither passports nor triggers.
///
///     w̄ = mean of W over the output channels        [C_in · k · k]
///     bit j is the sign of (X w̄)ⱼ                    X ~ N(0, 1), the owner's secret, [bits, C_in · k · k]
public struct Watermark: Sendable {
  /// As many bits as the paper embeds.
  public static let bits = 256

  /// Path of the convolution or dense layer that carries it.
  public var source: String
  /// X: [bits, weights of one output channel].
  public var projection: Tensor
  public var signature: Signature

  /// - Throws: `NetworkError` where the projection has not one row a bit.
  public init(source: String, projection: Tensor, signature: Signature) throws {
    guard projection.rank == 2, projection.shape[0] == signature.signs.count, projection.isFinite else {
      throw NetworkError("the watermark of \(source) is no matrix of numbers with one row a bit")
    }
    self.source = source
    self.projection = projection
    self.signature = signature
  }

  /// The watermark that a passport's text and seed give a layer of a network.
  ///
  /// - Parameters:
  ///   - selection: one layer, by its own path or that of its normalisation; `.all` takes the one whose output channels
  ///     have the most weights, where there is most room.
  ///   - bits: no more than one output channel has weights, or they could not all be embedded.
  public init(_ passport: Passport, in network: Network, _ selection: LayerSelection, bits: Int = bits) throws {
    let node = try Self.host(in: network, selection)
    guard let weight = network.parameters[node.path + ".weight"] else {
      throw NetworkError("the model has no tensor named \(node.path).weight")
    }
    let length = weight.count / max(weight.shape[0], 1)
    guard (1...length).contains(bits) else {
      throw NetworkError(
        "uchida: \(bits) bits do not fit \(node.path), where one output channel has \(length) weights",
        help: "take fewer bits, or a wider layer: layers: \"...\"")
    }
    try self.init(passport, source: node.path, bits: bits, length: length)
  }

  /// What a passport's text and seed give a layer with so many weights in one output channel.
  public init(_ passport: Passport, source: String, bits: Int, length: Int) throws {
    let signature = try Signature.write(
      passport.text, texts: [:], over: [(source, bits)], seed: passport.seed)[source]
    var stream = RandomStream(seed: passport.seed, name: "watermark/" + source)
    let projection = try Tensor(shape: [bits, length]) { target in
      stream.fillNormal(UnsafeMutableBufferPointer(start: target, count: bits * length))
    }
    try self.init(source: source, projection: projection, signature: signature ?? Signature(signs: []))
  }

  private static func host(in network: Network, _ selection: LayerSelection) throws -> Network.Node {
    // By the name that a passport on the same layer would have: that of its normalisation.
    var names: [String: String] = [:]
    for node in network.nodes {
      if let source = network.source(of: node), source.layer is any WeightedLayer, node.layer is any NormalizingLayer {
        names[source.path] = node.path
      }
    }
    // A head without a normalisation is replaced in every transfer; it carries one only if there is nothing else.
    let weighted = network.nodes.filter { $0.layer is any WeightedLayer }
    let hosts = names.isEmpty ? weighted : weighted.filter { names[$0.path] != nil }
    func name(_ node: Network.Node) -> String { names[node.path] ?? node.path }
    func room(_ node: Network.Node) -> Int {
      network.parameters[node.path + ".weight"].map { $0.count / max($0.shape[0], 1) } ?? 0
    }
    if case .all = selection {
      guard let widest = hosts.reversed().max(by: { room($0) < room($1) }) else {
        throw NetworkError("uchida: the model has no convolution or dense layer")
      }
      return widest
    }
    // A layer that is named by its own path is meant as well.
    if case .named(let paths) = selection, paths.count == 1, let host = hosts.first(where: { $0.path == paths[0] }) {
      return host
    }
    let chosen = try selection.choose(from: hosts.map(name))
    guard chosen.count == 1, let host = hosts.first(where: { name($0) == chosen[0] }) else {
      throw NetworkError("uchida: one layer carries the watermark, and \(chosen.count) were named")
    }
    return host
  }

  /// X w̄, whose signs are the bits; differentiable in the weights.
  ///
  /// - Returns: [bits]
  public func reading(weight: Tensor) throws -> Tensor {
    let rows = try weight.reshaped(to: [weight.shape[0], -1])
    guard rows.shape[1] == projection.shape[1] else {
      throw NetworkError(
        "the watermark is for weights of \(projection.shape[1]) values a channel, and \(source) has \(rows.shape[1])",
        help: "this claim belongs to another architecture")
    }
    return try Tensor.matrixProduct(projection, rows.mean(axis: 0))
  }

  /// The reading of a network's own weights.
  public func reading(of network: Network) throws -> Tensor {
    guard let weight = network.parameters[source + ".weight"] else {
      throw NetworkError("the model has no tensor named \(source).weight", help: "this claim is of another architecture")
    }
    return try reading(weight: weight)
  }
}
