extension Session {
  /// Whether the cells that run now are tried on a branch, which `:whatif keep` or `:whatif drop` ends.
  public var isWhatIf: Bool { branchPoint != nil }

  /// `:whatif [keep | drop]`
  func whatIf(_ word: String) throws {
    // The word itself is none of the cells that are kept or dropped.
    if history.last?.text.hasPrefix(":whatif") == true { history.removeLast() }
    switch (word, branchPoint) {
    case ("", nil):
      branchPoint = SessionSnapshot(of: self)
      output.note("what if: the cells that follow are tried on a branch; :whatif keep or :whatif drop ends it")
    case ("", _?):
      throw Failure("a branch is open already", help: ":whatif keep takes it over, :whatif drop forgets it")
    case ("keep", _?):
      branchPoint = nil
      output.note("kept: the variables are those of the branch")
    case ("drop", let point?):
      point.restore(self)
      branchPoint = nil
      lastSnapshot = nil
      output.note("dropped: the variables are those before :whatif")
    case ("keep", nil), ("drop", nil):
      throw Failure("no branch is open", help: ":whatif begins one")
    default: throw Failure("write :whatif, :whatif keep or :whatif drop, not ':whatif \(word)'")
    }
  }

  /// `:undo`: what the last cell bound, trained and drew is as it was before.
  func undo() throws {
    guard let snapshot = lastSnapshot else {
      throw Failure("there is nothing to undo", help: ":undo takes back one cell, the last one that ran")
    }
    snapshot.restore(self)
    lastSnapshot = nil
    output.note("undone: the variables and models are those before the last cell; files that it wrote stay")
  }
}
