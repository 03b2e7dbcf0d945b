/// The ways to protect a network that are compared: the paper's, and the baselines beside it.
public enum Scheme: String, Sendable, CaseIterable {
  /// Zhang et al. 2020.
  case passportAware = "passport-aware"
  /// Fan et al. 2019: a single branch that always needs its passports.
  case deepIPR1 = "deepipr-v1"
  /// Fan et al. 2019: two branches that share every normalisation.
  case deepIPR2 = "deepipr-v2"
  /// The same with triggers.
  case deepIPR3 = "deepipr-v3"
  /// Uchida et al. 2017: a watermark in the weights of one layer.
  case uchida
  /// Adi et al. 2018: triggers alone.
  case adi

  /// The passport layers that the scheme needs; none for those without passports.
  public var form: PassportForm? {
    switch self {
    case .passportAware: .paper
    case .deepIPR1: .deepIPRSingle
    case .deepIPR2, .deepIPR3: .deepIPR
    case .uchida, .adi: nil
    }
  }

  /// Whether triggers are what the scheme lives by, what it does without, or the owner's choice.
  public var needsTriggers: Bool? {
    switch self {
    case .deepIPR3, .adi: true
    case .deepIPR2, .uchida: false
    case .passportAware, .deepIPR1: nil
    }
  }

  /// Whether a network's passport layers are of this scheme's kind; the paper's has ablations.
  public func fits(_ form: PassportForm) -> Bool {
    switch self {
    case .passportAware: !form.isSingle
    case .deepIPR1: form.isSingle && !form.hasBlock
    case .deepIPR2, .deepIPR3: form == .deepIPR
    case .uchida, .adi: false
    }
  }
}
