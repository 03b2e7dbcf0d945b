import Networks
import Tensors

/// Passport-aware normalisation (Zhang et al. 2020, section 3; released code `passportconv2d_private.py`).
///
///     passport-free:   y = γ₀ · Norm₀(x) + β₀          γ₀, β₀ learned
///     passport-aware:  y = γ₁ · Norm₁(x) + β₁
///                      γ₁ = F(w_γ),  w_γ = GAP(conv(p_γ; W))     the signs of w_γ are the signature
///                      β₁ = F(w_β),  w_β = GAP(conv(p_β; W))
///                      F(w) = F₂ · LeakyReLU(F₁ · w)             one FC block for both
///
/// W are the weights of the layer before it. GAP(conv(p; W)) is linear in W, so it is one product with the passport's
/// mean patch. Norm₀ and Norm₁ are batch normalisations with running statistics of their own; the other kinds have no
/// state, and one serves both branches. `PassportForm` has the ablations, and DeepIPR's forms.
public struct PassportNormalizationLayer: NormalizingLayer {
  public static let kind = "passport_norm"
  public static let pathStem = NormalizationLayer.kind
  /// Fewer channels leave the FC block, a quarter as wide, nothing; whoever composes a network asks for more
  /// (`fewestChannels`).
  static let blockRatio = 4
  /// What `protecting` and the language ask of a layer: at least two hidden values.
  public static let fewestChannels = 8

  public var normalization: NormalizationKind
  public var differsByBranch: Bool { true }
  /// Path of the convolution or dense layer whose weights the passports go through.
  public var source: String
  public var passportForm: PassportForm

  public init(_ normalization: NormalizationKind = .batch, source: String, form: PassportForm = .paper) {
    self.normalization = normalization
    self.source = source
    passportForm = form
  }

  private var awareStatistics: String { passportForm.sharesStatistics ? "bn0" : "bn1" }

  public func outputShape(of inputs: [Shape]) throws -> Shape {
    try NormalizationLayer.check(inputs, normalization)
    try Self.check(channels: inputs[0][0], atLeast: Self.blockRatio)
    return inputs[0]
  }

  /// Refuses a layer with too few channels to carry a passport.
  public static func check(channels: Int, atLeast fewest: Int = fewestChannels) throws {
    guard channels >= fewest else {
      throw NetworkError(
        "norm: a passport needs at least \(fewest) channels, and this layer has \(channels)",
        help: "give the layer before it more channels, or leave the passport out")
    }
  }

  public func parameters(for inputs: [Shape]) -> [ParameterDeclaration] {
    let channels = inputs[0][0]
    let free = [
      ParameterDeclaration("scale", [channels], .ones), ParameterDeclaration("bias", [channels], .zeros),
    ]
    let block = [
      ParameterDeclaration("fc.0.weight", [channels / Self.blockRatio, channels], .uniformFanIn),
      ParameterDeclaration("fc.2.weight", [channels, channels / Self.blockRatio], .uniformFanIn),
    ]
    return (passportForm.isSingle ? [] : free) + (passportForm.hasBlock ? block : [])
  }

  public func buffers(for inputs: [Shape]) -> [ParameterDeclaration] {
    let names = passportForm.sharesStatistics ? ["bn0"] : ["bn0", "bn1"]
    return names.flatMap { NormalizationLayer.statistics($0, normalization, channels: inputs[0][0]) }
  }

  /// γ₀ and β₀, or γ₁ = F(w_γ) and β₁ = F(w_β), whose readings it leaves for the sign loss.
  public func affine(_ pass: LayerPass) throws -> Affine {
    guard pass.isAware else {
      if passportForm.isSingle { throw Self.hasNoFreeBranch(pass.path) }
      return Affine(scale: try pass.parameter("scale"), shift: try pass.parameter("bias"), statistics: "bn0")
    }
    let reading = try read(pass)
    pass.leave(reading)
    return Affine(
      scale: try block(reading.scale, pass), shift: try block(reading.shift, pass), statistics: awareStatistics)
  }

  static func hasNoFreeBranch(_ path: String) -> NetworkError {
    NetworkError(
      "\(path): DeepIPR V1 has no passport-free branch; its passports are needed for every answer",
      help: "give passport: or claim:, or release(net, passport: owner) to write them into an ordinary network")
  }

  public func forward(_ inputs: [Tensor], _ pass: LayerPass) throws -> Tensor {
    try NormalizationLayer.normalize(inputs[0], normalization, affine(pass), pass)
  }

  /// w_γ and w_β.
  private func read(_ pass: LayerPass) throws -> PassportReading {
    guard let passport = pass.passport else {
      throw NetworkError("\(pass.path): the passport-aware branch has no passport for this layer")
    }
    let weight = try pass.parameter(fullName: source + ".weight")
    let bias = pass.hasParameter(source + ".bias") ? try pass.parameter(fullName: source + ".bias") : nil
    return try Self.reading(weight: weight, bias: bias, passport)
  }

  /// w_γ and w_β: W · S (+ b) for the mean patches of both passports.
  public static func reading(weight: Tensor, bias: Tensor?, _ passport: LayerPassport) throws -> PassportReading {
    let readings = try products(weight: weight, bias: bias, [passport.scalePatch, passport.shiftPatch])
    return PassportReading(scale: readings[0], shift: readings[1])
  }

  /// W · S (+ b) for each mean patch: they go through the weights as samples through a dense layer.
  public static func products(weight: Tensor, bias: Tensor?, _ patches: [Tensor]) throws -> [Tensor] {
    let rows = try weight.reshaped(to: [weight.shape[0], -1])
    let samples = try patches.map { patch in
      guard rows.shape[1] == patch.count else {
        throw NetworkError(
          "a passport of \(patch.count) values does not fit weights of shape \(weight.shape)",
          help: "passports belong to the layers that they were made for")
      }
      return try patch.reshaped(to: [1, patch.count])
    }
    let products = try Tensor.concatenated(samples, axis: 0).dense(weight: rows, bias: bias)
    return try patches.indices.map {
      try products.sliced(axis: 0, from: $0, count: 1).reshaped(to: [rows.shape[0]])
    }
  }

  private func block(_ w: Tensor, _ pass: LayerPass) throws -> Tensor {
    guard passportForm.hasBlock else { return w }
    return try Self.block(w, first: pass.parameter("fc.0.weight"), second: pass.parameter("fc.2.weight"))
  }

  /// F₂ · LeakyReLU(F₁ · w)
  public static func block(_ w: Tensor, first: Tensor, second: Tensor) throws -> Tensor {
    try Tensor.matrixProduct(second, Tensor.matrixProduct(first, w).leakyRelu(slope: 0.01))
  }
}

// A file names the form's parts only where they are not the paper's, as files from before there was a choice.
extension PassportNormalizationLayer {
  private enum CodingKeys: String, CodingKey { case normalization, source, sharesStatistics, lacksBlock, isSingle }

  public init(from decoder: any Decoder) throws {
    let options = try decoder.container(keyedBy: CodingKeys.self)
    func isSet(_ key: CodingKeys) throws -> Bool { try options.decodeIfPresent(Bool.self, forKey: key) ?? false }
    self.init(
      try options.decode(NormalizationKind.self, forKey: .normalization),
      source: try options.decode(String.self, forKey: .source),
      form: PassportForm(
        hasBlock: try !isSet(.lacksBlock), sharesStatistics: try isSet(.sharesStatistics),
        isSingle: try isSet(.isSingle)))
  }

  public func encode(to encoder: any Encoder) throws {
    var options = encoder.container(keyedBy: CodingKeys.self)
    try options.encode(normalization, forKey: .normalization)
    try options.encode(source, forKey: .source)
    if passportForm.sharesStatistics { try options.encode(true, forKey: .sharesStatistics) }
    if !passportForm.hasBlock { try options.encode(true, forKey: .lacksBlock) }
    if passportForm.isSingle { try options.encode(true, forKey: .isSingle) }
  }
}

extension LayerCatalogue {
  /// All layers that a model file may name.
  public static let complete = LayerCatalogue.standard.adding(PassportNormalizationLayer.self)
}

extension Network {
  /// The passport layers, in order of computation.
  public var passportNodes: [Node] { nodes.filter { $0.layer is PassportNormalizationLayer } }

  /// Whether the network carries the passport-aware branch.
  public var carriesPassports: Bool { !passportNodes.isEmpty }

  /// The form of the passport layers, if they all have the same.
  public var passportForm: PassportForm? {
    let forms = passportNodes.compactMap { ($0.layer as? PassportNormalizationLayer)?.passportForm }
    return forms.allSatisfy { $0 == forms.first } ? forms.first : nil
  }

  /// Whether it answers without passports: all but DeepIPR V1 do.
  public var hasFreeBranch: Bool {
    !passportNodes.contains { ($0.layer as? PassportNormalizationLayer)?.passportForm.isSingle ?? false }
  }
}
