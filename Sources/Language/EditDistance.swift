/// Did-you-mean: the distance of two words in insertions, deletions, substitutions and swaps of neighbours.
public enum EditDistance {
  /// The distance, or none if it is above the limit (Damerau–Levenshtein, optimal string alignment).
  public static func between(_ first: String, _ second: String, limit: Int) -> Int? {
    let first = Array(first.unicodeScalars), second = Array(second.unicodeScalars)
    guard abs(first.count - second.count) <= limit else { return nil }
    var beforeLast: [Int] = []
    var last = Array(0...second.count)
    for row in 1..<(first.count + 1) {
      var next = [row]
      for column in 1..<(second.count + 1) {
        let isSame = first[row - 1] == second[column - 1]
        var best = min(last[column] + 1, next[column - 1] + 1, last[column - 1] + (isSame ? 0 : 1))
        if row > 1, column > 1, first[row - 1] == second[column - 2], first[row - 2] == second[column - 1] {
          best = min(best, beforeLast[column - 2] + 1)
        }
        next.append(best)
      }
      if next.allSatisfy({ $0 > limit }) { return nil }
      beforeLast = last
      last = next
    }
    return last[second.count] <= limit ? last[second.count] : nil
  }

  /// The candidate that was most likely meant: within a third of the word's length, the nearest, then the first in
  /// alphabetical order.
  public static func closest(to word: String, among candidates: some Sequence<String>) -> String? {
    guard word.count <= 64 else { return nil }
    let limit = max(1, (word.count + 1) / 3)
    let lowered = word.lowercased()
    return candidates.lazy
      .filter { $0 != word }
      .compactMap { candidate in between(lowered, candidate.lowercased(), limit: limit).map { ($0, candidate) } }
      .filter { $0.0 < word.count }
      .min { $0 < $1 }?.1
  }
}
