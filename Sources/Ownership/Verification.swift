import Datasets
import Execution
import Networks
import Passports
import Tensors
import Training

/// What an owner can show of a suspect network: the signature in its weights, the accuracy of the branch that is put
/// back around them, and the trigger set.
public struct Verification: Sendable {
  /// What one layer shows.
  public struct Layer: Sendable {
    public var path: String
    public var matches: Int
    public var bits: Int
    /// The share of the layer's bits that match.
    public var signature: Double { Double(matches) / Double(max(bits, 1)) }
    /// log10 of the chance that random signs match as often.
    public var log10P: Double
  }

  public var layers: [Layer]
  /// Accuracy of the suspect as it is; none without data.
  public var free: Double?
  /// Accuracy of the passport-aware branch around the suspect's weights.
  public var aware: Double?
  /// Accuracy of the suspect on the triggers; none without triggers.
  public var trigger: Double?
  /// log10 of the chance that a network which knows nothing of the triggers gets as many right.
  public var triggerLog10P: Double?
  public var log10P: Double
  public var pValue: Double
  /// What the figures rest on, in plain words.
  public var assumptions: [String]

  public var matches: Int { layers.reduce(0) { $0 + $1.matches } }
  public var bits: Int { layers.reduce(0) { $0 + $1.bits } }
  /// Matches over bits, all layers together; zero for a claim that has none (`bits`).
  public var signature: Double { Double(matches) / Double(max(bits, 1)) }
  /// The released code's figure: the mean over layers of each one's share.
  public var signatureMeanOfLayers: Double { layers.reduce(0) { $0 + $1.signature } / Double(max(layers.count, 1)) }
  /// Passport-free minus passport-aware accuracy.
  public var gap: Double? {
    guard let free, let aware else { return nil }
    return free - aware
  }

  /// Puts a claim's branch back around a suspect's weights and reads everything.
  ///
  /// - Throws: `NetworkError` where the claim does not fit the suspect; `TrainingError` where the triggers are not those
  ///   that the claim names.
  public init(
    _ suspect: Network, claim: Claim, data: (any Samples)? = nil, triggers: TriggerSet? = nil,
    options: ExecutionOptions = ExecutionOptions()
  ) throws {
    let attached = try suspect.attaching(claim)
    // What answers without a passport: the suspect as it was released.
    let released = attached.hasFreeBranch ? attached : try suspect.released(passports: claim.passports)
    layers = try claim.passports.map { passport in
      let bits = passport.signature.signs.count
      // Whoever might leave bits out would leave out the wrong ones.
      guard bits == attached.node(at: passport.path)?.shape.first else {
        throw NetworkError(
          "\(passport.path): the claim has \(bits) bits, and not one for each channel",
          help: "the claim belongs to another architecture")
      }
      let matches = passport.signature.matches(try attached.scaleReading(passport))
      return Layer(
        path: passport.path, matches: matches, bits: bits,
        log10P: try BinomialTail.log10(matches: matches, trials: bits))
    }
    if let watermark = claim.watermark {
      let signature = watermark.signature
      let (matches, bits) = (signature.matches(try watermark.reading(of: attached)), signature.signs.count)
      layers.append(
        Layer(
          path: watermark.source, matches: matches, bits: bits,
          log10P: try BinomialTail.log10(matches: matches, trials: bits)))
    }
    let (matches, bits) = (layers.reduce(0) { $0 + $1.matches }, layers.reduce(0) { $0 + $1.bits })
    log10P = try BinomialTail.log10(matches: matches, trials: bits)
    pValue = try BinomialTail.pValue(matches: matches, trials: bits)
    assumptions =
      bits == 0 ? [] : ["signature: fixed before training; others match a bit with chance 1/2"]
    if let data {
      free = try Predictor(released, options: options).accuracy(data)
      if !claim.layers.isEmpty {
        aware = try Predictor(attached, passports: claim.passports, options: options).accuracy(data)
      }
      assumptions.append("fidelity: the samples were not used to train the suspect")
    }
    if let triggers {
      if let expected = claim.triggerHash, expected != triggers.sha256 {
        throw TrainingError(
          "the triggers are not those of the claim (SHA-256 \(triggers.sha256.prefix(12))…, the claim names \(expected.prefix(12))…)",
          help: "make them with the same call and seed as for training")
      }
      try readTriggers(triggers, suspect: released, options)
    }
  }

  /// A network that knows nothing of random labels gets at most the largest label's share of them right by chance.
  private mutating func readTriggers(
    _ triggers: TriggerSet, suspect: Network, _ options: ExecutionOptions
  ) throws {
    let correct = try Predictor(suspect, options: options).correct(triggers.samples)
    let chance = Double(triggers.classCounts.max() ?? 0) / Double(max(triggers.count, 1))
    trigger = Double(correct) / Double(max(triggers.count, 1))
    triggerLog10P = try BinomialTail.log10(
      matches: correct, trials: triggers.count, probability: min(max(chance, 1e-9), 1 - 1e-9))
    assumptions.append("triggers: random labels; chance is the share of the most frequent one")
  }
}
