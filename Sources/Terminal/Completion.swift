/// Where proposals for completion join what is typed.
enum Completion {
  /// How many characters at the end of the text are the beginning of every proposal.
  static func overlap(of text: String, with proposals: [String]) -> Int {
    let longest = min(text.count, proposals.map(\.count).min() ?? 0)
    return (0...longest).last { count in
      let end = text.suffix(count)
      return proposals.allSatisfy { $0.hasPrefix(end) }
    } ?? 0
  }
}
