/// The words of a paragraph of Markdown, each a run of pieces with the emphasis that they stand in.
struct MarkdownWords {
  enum Emphasis {
    case none, strong, light, code
  }

  struct Word {
    var pieces: [(text: String, emphasis: Emphasis)] = []

    /// Painted; without paint, code keeps its back-quotes, so that one sees where it ends.
    func shown(in style: Style) -> String {
      pieces.map { piece in
        switch piece.emphasis {
        case .none: piece.text
        case .strong: style(.bold, piece.text)
        case .light: style(.italic, piece.text)
        case .code: style.isEnabled ? style(.cyan, piece.text) : "`\(piece.text)`"
        }
      }.joined()
    }

    /// In columns.
    func width(in style: Style) -> Int {
      pieces.reduce(0) { $0 + $1.text.displayWidth + ($1.emphasis == .code && !style.isEnabled ? 2 : 0) }
    }
  }

  private(set) var words: [Word] = []
  private var word = Word()
  private var characters: ArraySlice<Character>

  init(_ text: String) {
    characters = Array(text)[...]
    read(.none, until: nil)
    endWord()
  }

  private mutating func endWord() {
    if !word.pieces.isEmpty { words.append(word) }
    word = Word()
  }

  private mutating func append(_ text: String, _ emphasis: Emphasis) {
    if let last = word.pieces.last, last.emphasis == emphasis, emphasis != .code {
      word.pieces[word.pieces.count - 1].text += text
    } else {
      word.pieces.append((text, emphasis))
    }
  }

  /// Reads to a closing mark, which the caller has seen to exist, or to the end.
  private mutating func read(_ emphasis: Emphasis, until mark: String?) {
    while let character = characters.first {
      if let mark, characters.starts(with: mark) {
        characters = characters.dropFirst(mark.count)
        return
      }
      if character == "`", let code = taken(between: "`", and: "`") {
        append(code, .code)  // with its spaces: code is not broken at the end of a line
      } else if character == "[", let label = linkLabel() {
        append(label, emphasis)
      } else if emphasis == .none, opens("**") {
        characters = characters.dropFirst(2)
        read(.strong, until: "**")
      } else if emphasis == .none, opens("*") {
        characters = characters.dropFirst()
        read(.light, until: "*")
      } else {
        characters = characters.dropFirst()
        if character.isWhitespace { endWord() } else { append(String(character), emphasis) }
      }
    }
  }

  /// Whether emphasis begins here: a mark in front of a word, and the same mark behind one. `2 * 3 * 4` has none.
  private func opens(_ mark: String) -> Bool {
    guard characters.starts(with: mark) else { return false }
    let inner = characters.dropFirst(mark.count)
    guard let first = inner.first, !first.isWhitespace, first != "*" else { return false }
    return inner.indices.dropFirst().contains {
      inner[$0...].starts(with: mark) && !inner[inner.index(before: $0)].isWhitespace
    }
  }

  /// What stands between two marks from here on, which is then consumed.
  private mutating func taken(between open: Character, and close: Character) -> String? {
    let inner = characters.dropFirst()
    guard characters.first == open, let end = inner.firstIndex(of: close), end > inner.startIndex else { return nil }
    let text = String(inner[..<end])
    characters = inner[(end + 1)...]
    return text
  }

  /// `[text](address)` as `text (address)`, or as the text alone where they are the same.
  private mutating func linkLabel() -> String? {
    let start = characters
    if let label = taken(between: "[", and: "]"), let address = taken(between: "(", and: ")") {
      return label == address ? label : "\(label) (\(address))"
    }
    characters = start
    return nil
  }
}
