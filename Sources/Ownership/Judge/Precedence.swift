import Foundation

/// Whether what a claimant laid down is older than the suspect, by the word of others.
///
/// Whoever has a suspect can make "his own" model of it, with any signs in any order, that computes the same
/// (`SignPlanting` in Attacks): re-aligned to that model, the suspect shows his bits. And whoever may ask a suspect can
/// call its answers the labels of triggers. So neither shows who copied whom. It counts only where an outside date says
/// that the commitment was there before the suspect.
struct Precedence {
  /// When the suspect was first seen, by somebody other than the claimants.
  let since: Date?

  /// What re-alignment rests on.
  static let assumption = "the suspect was not there before the commitment's outside date"

  /// Why nothing follows for a claimant; none where his commitment is older.
  ///
  /// - Parameter dated: what was found of his outside date.
  func obstacle(_ claimant: Claimant, dated: Finding) -> String? {
    let start = "it may have been made from the suspect: "
    guard dated.outcome == .passed, let date = claimant.date else {
      return start + "no outside date says that the commitment is older"
    }
    guard let since else {
      return start + "the commitment is dated \(date.text), and nobody says since when the suspect is there (since)"
    }
    guard date.time < since else {
      return start + "the commitment is dated \(date.text), and the suspect was there at \(OutsideDate.text(of: since))"
    }
    return nil
  }
}
