import Language

/// Whether a cell that was run is the one that was offered, possibly edited, or something of the learner's own.
enum CellVersion {
  /// An edited cell binds all the names that the offered one binds, and keeps at least half of its tokens in order.
  static func isVersion(_ text: String, of offered: String) -> Bool {
    if text == offered { return true }
    guard boundNames(in: offered).isSubset(of: boundNames(in: text)) else { return false }
    let wanted = words(of: offered)
    return 2 * longestCommonSubsequence(wanted, words(of: text)) >= wanted.count
  }

  /// The names that the statements of a cell assign or declare.
  static func boundNames(in text: String) -> Set<String> {
    let (cell, _) = Parser.parseCell(Source(name: "", text: text), number: 1)
    var names: Set<String> = []
    for statement in cell.statements {
      switch statement.kind {
      case .assign(let targets, _):
        for case .name(let name) in targets { names.insert(name.text) }
      case .function(let function): if let name = function.name { names.insert(name.text) }
      case .model(let model): names.insert(model.name.text)
      default: break
      }
    }
    return names
  }

  private static func words(of text: String) -> [String] {
    let source = Source(name: "", text: text)
    return Lexer.tokenize(source).tokens.filter { $0.kind != .end && $0.kind != .newline }
      .prefix(2000).map { source.text(in: $0.span) }
  }

  private static func longestCommonSubsequence(_ first: [String], _ second: [String]) -> Int {
    var last = [Int](repeating: 0, count: second.count + 1)
    for word in first {
      var next = last
      for column in second.indices {
        next[column + 1] = word == second[column] ? last[column] + 1 : max(last[column + 1], next[column])
      }
      last = next
    }
    return last[second.count]
  }
}
