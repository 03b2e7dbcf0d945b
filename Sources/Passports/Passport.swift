import Keys
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
    /// Derived from an owner's secret and statement, signature and all: nobody chooses them.
    case bound(OwnerKey)
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

  /// A passport that an owner's key derives.
  public init(_ key: OwnerKey) { self.init(seed: 0, origin: .bound(key)) }

  /// The key that it is derived from; none for a free passport.
  public var key: OwnerKey? {
    if case .bound(let key) = origin { key } else { nil }
  }

  /// The passports and signature for the passport layers of a network.
  public func issue(for network: Network) throws -> [IssuedPassport] {
    let nodes = network.passportNodes
    guard !nodes.isEmpty else {
      throw NetworkError(
        "the model has no passport layers",
        help: "compose it with norm(passport: true), or protect(net, layers: \"all\")")
    }
    if let key { return try nodes.map { try network.boundPassport(at: $0, of: key) } }
    let signatures = try Signature.write(text, texts: texts, over: nodes.map { ($0.path, $0.shape[0]) }, seed: seed)
    let activations = try ImageActivations(origin: origin, network: network, seed: seed)
    return try nodes.map { node in
      let source = try network.passportSource(of: node)
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
      let source = try passport.weightedSource(in: network)
      patches[passport.path] = LayerPassport(
        scalePatch: try source.meanPatch(of: passport.scale), shiftPatch: try source.meanPatch(of: passport.shift))
    }
    return patches
  }
}

extension IssuedPassport {
  /// The convolution or dense layer that the passports go through; throws where they do not fit it.
  func weightedSource(in network: Network) throws -> any WeightedLayer {
    guard let node = network.node(at: source), let weighted = node.layer as? any WeightedLayer else {
      throw NetworkError("the model has no convolution or dense layer named \(source)")
    }
    let shape = network.inputShapes(of: node)[0]
    guard scale.shape == [1] + shape, shift.shape == [1] + shape else {
      throw NetworkError(
        "\(path): the passport has shape \(scale.shape) and the layer takes \([1] + shape)",
        help: "this claim belongs to another architecture")
    }
    return weighted
  }
}

extension Network {
  /// The readings of every passport layer: W · S for scale and shift. Needs neither data nor a forward pass.
  public func readings(_ passports: [IssuedPassport]) throws -> [String: PassportReading] {
    let patches = try passports.patches(in: self)
    var readings: [String: PassportReading] = [:]
    for passport in passports {
      guard let patch = patches[passport.path], let weight = parameters[passport.source + ".weight"] else { continue }
      let bias = parameters[passport.source + ".bias"]
      readings[passport.path] = try PassportNormalizationLayer.reading(weight: weight, bias: bias, patch)
    }
    return readings
  }

  /// w_γ of a passport's layer, whose signs are the signature: neither data nor a forward pass is needed, nor the
  /// passport of the shift.
  ///
  /// - Returns: [channels]
  public func scaleReading(_ passport: IssuedPassport) throws -> Tensor {
    let patch = try passport.weightedSource(in: self).meanPatch(of: passport.scale)
    guard let weight = parameters[passport.source + ".weight"] else {
      throw NetworkError("the model has no tensor named \(passport.source).weight")
    }
    let bias = parameters[passport.source + ".bias"]
    return try PassportNormalizationLayer.products(weight: weight, bias: bias, [patch])[0]
  }
}
