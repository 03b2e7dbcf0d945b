extension String {
  /// The text as one line of at most so many characters, without anything that steers a terminal or a page.
  func caption(_ limit: Int) -> String {
    var scalars = UnicodeScalarView()
    // A character may hold any number of scalars; those beyond are not looked at.
    for scalar in unicodeScalars.prefix(limit * 8) {
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: scalars.append(" ")
      case .format, .surrogate, .privateUse, .unassigned: continue
      default: scalars.append(scalar)
      }
    }
    let line = String(scalars)
    return line.count > limit ? line.prefix(max(limit - 1, 0)) + "…" : line
  }
}
