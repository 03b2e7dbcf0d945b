import Language

/// What stands in brackets in the header of a cell: `#%% train [± 5%] [stale]`.
public struct CellHeader: Sendable, Equatable {
  /// The title without its tags; empty for a header without one.
  public private(set) var title: String
  /// `[± 5%]` as 5: how far numbers of the cell's outputs may move, in points for percent and in percent of the number
  /// for decimals.
  public private(set) var tolerance: Double?
  /// `[stale]`: a cell that this one depends on was recorded anew, and this one was not.
  public private(set) var isStale = false
  /// A tag that begins like a tolerance and is none.
  var unreadableTolerance: String?

  /// Takes the tags off a title as the parser gives it.
  public init(_ title: String?) {
    var rest = (title ?? "")[...]
    var words = ""
    while let open = rest.firstIndex(of: "[") {
      guard let close = rest[open...].firstIndex(of: "]") else { break }
      words += rest[..<open]
      let tag = rest[rest.index(after: open)..<close]
      if tag == "stale" {
        isStale = true
      } else if let percent = Self.tolerance(tag) {
        tolerance = percent
      } else {
        if tag.first == "±" { unreadableTolerance = String(rest[open...close]) }
        words += rest[open...close]
      }
      rest = rest[rest.index(after: close)...]
    }
    self.title = (words + rest).split(separator: " ").joined(separator: " ")
  }

  /// `± 5%`
  private static func tolerance(_ tag: Substring) -> Double? {
    guard tag.first == "±", tag.last == "%" else { return nil }
    let digits = tag.dropFirst().dropLast().drop { $0 == " " }
    guard let value = Double(digits), value.isFinite, value >= 0 else { return nil }
    return value
  }
}

extension DocumentCell {
  /// The title of the cell and its tags.
  public var header: CellHeader { CellHeader(cell.title) }
}
