import Networks
import Tensors

/// What an owner decides before training: a text to sign with and where the passports come from. It belongs to no
/// network yet; `issue` makes the passports and signature of one.
public struct Passport: Sendable {
  /// Where the passport tensors come from.
  public enum Origin: Sendable {
    /// Uniform in (-1, 1), as in the released code's default.
    case random
    /// Activations of pictures [n, channels, height, width] inside a trained plain network of the same layers.
    case images(Tensor, network: Network)
  }

  public var text: String?
  /// Texts for single layers, by path.
  public var texts: [String: String]
  public var seed: UInt64
  public var origin: Origin

  public init(text: String? = nil, texts: [String: String] = [:], seed: UInt64, origin: Origin = .random) {
    self.text = text
    self.texts = texts
    self.seed = seed
    self.origin = origin
  }

  /// The passports and signature for the passport layers of a network.
  public func issue(for network: Network) throws -> [IssuedPassport] {
    let nodes = network.passportNodes
    guard !nodes.isEmpty else {
      throw NetworkError(
        "the model has no passport layers",
        help: "compose it with norm(passport: true), or protect(net, layers: \"all\")")
    }
    let signatures = try Signature.write(text, texts: texts, over: nodes.map { ($0.path, $0.shape[0]) }, seed: seed)
    let activations = try ImageActivations(origin: origin, network: network, seed: seed)
    return try nodes.map { node in
      guard let source = network.source(of: node) else {
        throw NetworkError("\(node.path): there is no layer before it for a passport to pass through")
      }
      let shape = network.inputShapes(of: source)[0]
      // The released code draws the shift's passport (key) first; streams by name make the order irrelevant here.
      return IssuedPassport(
        path: node.path, source: source.path,
        scale: try activations?.passport(for: source.path, shape: shape, role: "scale")
          ?? random(shape, "passport/scale/" + node.path),
        shift: try activations?.passport(for: source.path, shape: shape, role: "shift")
          ?? random(shape, "passport/shift/" + node.path),
        signature: signatures[node.path] ?? Signature(signs: []))
    }
  }

  private func random(_ shape: Shape, _ name: String) throws -> Tensor {
    var stream = RandomStream(seed: seed, name: name)
    let count = try shape.elementCount()
    return try Tensor(shape: [1] + shape) { target in
      for index in 0..<count { target[index] = stream.signedUniform() }
    }
  }
}

/// The passports and the signature of one layer.
public struct IssuedPassport: Sendable {
  /// Path of the passport layer.
  public var path: String
  /// Path of the convolution or dense layer whose weights the passports go through.
  public var source: String
  /// Passport of the scale, [1, input shape of the source...]; `skey` in the released code.
  public var scale: Tensor
  /// Passport of the shift; `key` in the released code.
  public var shift: Tensor
  public var signature: Signature

  public init(path: String, source: String, scale: Tensor, shift: Tensor, signature: Signature) {
    self.path = path
    self.source = source
    self.scale = scale
    self.shift = shift
    self.signature = signature
  }
}

extension [IssuedPassport] {
  /// What these passports are to the layers of a network: their mean patches.
  public func patches(in network: Network) throws -> [String: LayerPassport] {
    var patches: [String: LayerPassport] = [:]
    for passport in self {
      guard let source = network.node(at: passport.source), let weighted = source.layer as? any WeightedLayer else {
        throw NetworkError("the model has no convolution or dense layer named \(passport.source)")
      }
      let shape = network.inputShapes(of: source)[0]
      guard passport.scale.shape == [1] + shape, passport.shift.shape == [1] + shape else {
        throw NetworkError(
          "\(passport.path): the passport has shape \(passport.scale.shape) and the layer takes \([1] + shape)",
          help: "this claim belongs to another architecture")
      }
      patches[passport.path] = LayerPassport(
        scalePatch: try weighted.meanPatch(of: passport.scale), shiftPatch: try weighted.meanPatch(of: passport.shift))
    }
    return patches
  }
}
