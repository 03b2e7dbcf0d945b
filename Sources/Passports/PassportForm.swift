/// What a passport layer is made of: the paper's form, its ablations, and DeepIPR's forms.
///
///     paper            γ₁ = F(w_γ), two sets of running statistics
///     DeepIPR V2, V3   γ₁ = w_γ, one set of statistics for both branches
///     DeepIPR V1       γ = w_γ in the only branch that there is
public struct PassportForm: Sendable, Equatable, Codable {
  /// Whether the FC block F stands between a reading and the scale; without it γ₁ = w_γ and β₁ = w_β.
  public var hasBlock = true
  /// Whether both branches read and update the running statistics `bn0`, as the released PointNet does; the paper has
  /// them apart. Only batch normalisation has any.
  public var sharesStatistics = false
  /// Whether the passport-aware branch is the only one; the passports are then part of what is distributed.
  public var isSingle = false

  public init(hasBlock: Bool = true, sharesStatistics: Bool = false, isSingle: Bool = false) {
    self.hasBlock = hasBlock
    self.sharesStatistics = sharesStatistics || isSingle
    self.isSingle = isSingle
  }

  /// Zhang et al. 2020.
  public static let paper = PassportForm()
  /// DeepIPR V2 and V3 (Fan et al. 2019).
  public static let deepIPR = PassportForm(hasBlock: false, sharesStatistics: true)
  /// DeepIPR V1.
  public static let deepIPRSingle = PassportForm(hasBlock: false, isSingle: true)

  /// Whether it is one of DeepIPR's, where the branches share every normalisation.
  public var isDeepIPR: Bool { !hasBlock && sharesStatistics }

  /// In words, for messages.
  public var text: String {
    if isSingle { return "DeepIPR V1, a single branch" }
    return (hasBlock ? "with FC blocks" : "without FC blocks") + ", "
      + (sharesStatistics ? "shared statistics" : "separate statistics")
  }
}
