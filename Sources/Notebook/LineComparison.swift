/// Whether a line on record says the same as a line of a new run: by value, not by letter. README.md has the rules.
struct LineComparison {
  /// The cell's tolerance in percent, from its header.
  var cellTolerance: Double?

  /// What stands alone on a recorded line for any number of lines.
  static let wildcard = "…"

  init(cellTolerance: Double? = nil) { self.cellTolerance = cellTolerance }

  func matches(_ recorded: String, _ shown: String) -> Bool {
    if recorded == shown { return true }
    return matches(pieces(of: recorded, beside: shown), OutputPiece.scan(shown, readsTolerances: false))
  }

  /// Where the output itself has a ±, as an interval has, it is no tolerance.
  private func pieces(of recorded: String, beside shown: String) -> [OutputPiece] {
    OutputPiece.scan(recorded, readsTolerances: !shown.contains("±"))
  }

  /// A wildcard takes as few pieces as it can, and more when what follows does not fit.
  private func matches(_ recorded: [OutputPiece], _ shown: [OutputPiece]) -> Bool {
    var (index, position) = (0, 0)
    var retry: (index: Int, position: Int)?
    while position < shown.count {
      if index < recorded.count, recorded[index].kind == .wildcard {
        index += 1
        retry = (index, position)
      } else if index < recorded.count, fits(recorded, index, shown[position]) {
        (index, position) = (index + 1, position + 1)
      } else if let (start, taken) = retry {
        (index, position) = (start, taken + 1)
        retry = (start, taken + 1)
      } else {
        return false
      }
    }
    return recorded[index...].allSatisfy { $0.kind == .wildcard }
  }

  private func fits(_ recorded: [OutputPiece], _ index: Int, _ shown: OutputPiece) -> Bool {
    let piece = recorded[index]
    let followsWildcard = index > 0 && recorded[index - 1].kind == .wildcard
    // How wide a gap is does not matter, nor what stands before the first piece.
    guard index == 0 || followsWildcard || piece.followsSpace == shown.followsSpace else { return false }
    switch (piece.kind, shown.kind) {
    case (.number(let old), .number(let new)): return equal(old, new)
    case (.word(let old), .word(let new)):
      let isOpenAfter =
        index + 1 < recorded.count && recorded[index + 1].kind == .wildcard && !recorded[index + 1].followsSpace
      let isOpenBefore = followsWildcard && !piece.followsSpace
      return old == new || (isOpenAfter && new.hasPrefix(old)) || (isOpenBefore && new.hasSuffix(old))
    default: return piece.kind == shown.kind
    }
  }

  private func equal(_ recorded: OutputNumber, _ shown: OutputNumber) -> Bool {
    guard recorded.isPercent == shown.isPercent else { return false }
    let tolerance = tolerance(recorded, shown)
    // Both are decimal texts read into binary: a difference that equals the tolerance must not miss it by a rounding.
    let rounding = tolerance == 0 ? 0 : 1e-9 * tolerance + 4 * max(recorded.value.magnitude, shown.value.magnitude).ulp
    return (recorded.value - shown.value).magnitude <= tolerance + rounding
  }

  private func tolerance(_ recorded: OutputNumber, _ shown: OutputNumber) -> Double {
    let size = recorded.value.magnitude
    switch recorded.tolerance {
    case .absolute(let difference): return difference
    case .relative(let share): return share * size
    case nil: break
    }
    if let cellTolerance, recorded.isPercent { return cellTolerance }
    // Counts are exact, and so is a whole percentage: the tool shows up to two decimals where there are any.
    if recorded.isWhole, shown.isWhole { return 0 }
    if let cellTolerance { return cellTolerance / 100 * size }
    return max(Self.lastPlace(recorded, shown), Self.floatPrecision * size)
  }

  /// Two values at most half a unit apart may be shown one unit apart in the last place; the finer place counts.
  private static func lastPlace(_ recorded: OutputNumber, _ shown: OutputNumber) -> Double {
    guard let decimals = [recorded.decimals, shown.decimals].compactMap({ $0 }).max() else { return 0 }
    return Double("1e\(-decimals)") ?? 0
  }

  /// Float32 carries six digits for certain; what a decimal shows beyond them differs between processors.
  private static let floatPrecision = 1e-6
}

extension LineComparison {
  /// The new line with the tolerances that the author put into the old one, where both are alike but for their numbers.
  func keepingTolerances(of recorded: String, in shown: String) -> String {
    guard recorded.contains("±"), !shown.contains("±") else { return shown }
    let old = OutputPiece.scan(recorded, readsTolerances: true)
    let new = OutputPiece.scan(shown, readsTolerances: false)
    guard old.count == new.count, zip(old, new).allSatisfy({ $0.isSameKind(as: $1) }) else { return shown }
    let (oldText, newText) = (Array(recorded), Array(shown))
    var text = ""
    var copied = 0
    for (piece, next) in zip(old, new) {
      text += newText[copied..<next.end]
      copied = next.end
      if case .number(let number) = piece.kind, number.tolerance != nil {
        text += Self.tolerance(behind: piece.end, in: oldText)
      }
    }
    return text + newText[copied...]
  }

  /// ` ± 0.5` as it is written.
  private static func tolerance(behind start: Int, in text: [Character]) -> String {
    var end = start
    while end < text.count, " ±".contains(text[end]) { end += 1 }
    while end < text.count, "0123456789.%eE".contains(text[end]) { end += 1 }
    return String(text[start..<end])
  }
}

extension OutputPiece {
  fileprivate func isSameKind(as other: OutputPiece) -> Bool {
    if case .number(let mine) = kind, case .number(let others) = other.kind {
      return mine.isPercent == others.isPercent
    }
    return kind == other.kind
  }
}
