/// The smallest part of a line of output that is compared: a word, a number with its unit, a sign.
struct OutputPiece: Equatable {
  enum Kind: Equatable {
    case word(String)
    case symbol(Character)
    case number(OutputNumber)
    /// `4.2s`, `2min 5s`: all durations are equal.
    case duration
    /// `…`
    case wildcard
  }

  var kind: Kind
  var followsSpace: Bool
  /// Behind its last character, counted in characters of the line and without a tolerance.
  var end: Int
}

/// A number as it is shown.
struct OutputNumber: Equatable {
  /// As written: 61.4 for `61.4%`.
  var value: Double
  /// Digits behind the point, less the exponent; nil without a point.
  var decimals: Int?
  /// Digits only: a count.
  var isWhole: Bool
  var isPercent = false
  /// What follows behind `±`.
  var tolerance: Tolerance?

  enum Tolerance: Equatable {
    /// In the unit of the number.
    case absolute(Double)
    /// A share of the number.
    case relative(Double)
  }
}

extension OutputPiece {
  /// Cuts a line as the lexer would, without its errors.
  ///
  /// - Parameter readsTolerances: `± 0.5` behind a number belongs to it; else it is output like any other.
  static func scan(_ line: String, readsTolerances: Bool) -> [OutputPiece] {
    var scanner = OutputScanner(characters: Array(line), readsTolerances: readsTolerances)
    return scanner.run()
  }
}

private struct OutputScanner {
  let characters: [Character]
  let readsTolerances: Bool
  var position = 0
  var pieces: [OutputPiece] = []

  init(characters: [Character], readsTolerances: Bool) {
    self.characters = characters
    self.readsTolerances = readsTolerances
  }

  mutating func run() -> [OutputPiece] {
    var followsSpace = false
    while let next = character(at: position) {
      if next.isWhitespace {
        position += 1
        followsSpace = true
        continue
      }
      let kind = scanKind(next, followsSpace: followsSpace)
      let end = position
      let piece = OutputPiece(kind: readsTolerances ? withTolerance(kind) : kind, followsSpace: followsSpace, end: end)
      if piece.kind != .duration || pieces.last?.kind != .duration || !followsSpace { pieces.append(piece) }
      followsSpace = false
    }
    return pieces
  }

  private func character(at index: Int) -> Character? { index < characters.count ? characters[index] : nil }

  private func isDigit(at index: Int) -> Bool { character(at: index).map(isDigit) ?? false }

  private func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }

  private func isInWord(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_"
  }

  private mutating func scanKind(_ next: Character, followsSpace: Bool) -> OutputPiece.Kind {
    if next == "…" {
      position += 1
      return .wildcard
    }
    let isSigned = (next == "-" || next == "+") && isDigit(at: position + 1) && mayBeSigned(followsSpace)
    if isSigned || isDigit(next) { return scanNumber() }
    let start = position
    while let inner = character(at: position), isInWord(inner) { position += 1 }
    if position > start { return .word(String(characters[start..<position])) }
    position += 1
    return .symbol(next)
  }

  /// A sign between two values is an operator, as in `3-4`.
  private func mayBeSigned(_ followsSpace: Bool) -> Bool {
    guard !followsSpace, let last = pieces.last?.kind else { return true }
    if case .symbol(let symbol) = last { return "([{,=:<>|/".contains(symbol) }
    return false
  }

  /// A number and its unit; letters that are no unit make it a word, such as `28x28` or a hash.
  private mutating func scanNumber() -> OutputPiece.Kind {
    let start = position
    if !isDigit(at: position) { position += 1 }
    var digits = String(characters[start..<position])
    digits += takeDigits()
    // 12,345 is one number: the tool puts commas between thousands.
    while character(at: position) == ",", isDigit(at: position + 1), isDigit(at: position + 2),
      isDigit(at: position + 3), !isDigit(at: position + 4)
    {
      position += 1
      digits += takeDigits()
    }
    var number = OutputNumber(value: 0, decimals: nil, isWhole: true)
    if character(at: position) == ".", isDigit(at: position + 1) {
      position += 1
      let fraction = takeDigits()
      digits += "." + fraction
      number.decimals = fraction.count
      number.isWhole = false
    }
    digits += takeExponent(into: &number)
    if character(at: position) == "%" {
      position += 1
      number.isPercent = true
    }
    let unitStart = position
    while !number.isPercent, let inner = character(at: position), isInWord(inner) { position += 1 }
    guard let value = Double(digits), value.isFinite else { return .word(String(characters[start..<position])) }
    number.value = value
    switch String(characters[unitStart..<position]) {
    case "": return .number(number)
    case "ms", "s", "min", "h": return .duration
    default: return .word(String(characters[start..<position]))
    }
  }

  private mutating func takeDigits() -> String {
    let start = position
    while isDigit(at: position) { position += 1 }
    return String(characters[start..<position])
  }

  private mutating func takeExponent(into number: inout OutputNumber) -> String {
    guard let mark = character(at: position), mark == "e" || mark == "E" else { return "" }
    let sign = character(at: position + 1).flatMap { $0 == "-" || $0 == "+" ? String($0) : nil } ?? ""
    guard isDigit(at: position + 1 + sign.count) else { return "" }
    position += 1 + sign.count
    let exponent = sign + takeDigits()
    number.isWhole = false
    if let decimals = number.decimals, let power = Int(exponent), abs(power) < 1000 {
      number.decimals = decimals - power
    }
    return "e" + exponent
  }

  /// Reads `± 0.5` or `± 2%` where it follows.
  private mutating func withTolerance(_ kind: OutputPiece.Kind) -> OutputPiece.Kind {
    let start = position
    switch kind {
    case .number, .duration: skipSpaces()
    default: return kind
    }
    guard character(at: position) == "±" else {
      position = start
      return kind
    }
    position += 1
    skipSpaces()
    guard isDigit(at: position) else {
      position = start
      return kind
    }
    let allowed = scanNumber()
    guard case .number(var number) = kind, case .number(let tolerance) = allowed else { return kind }
    let isRelative = tolerance.isPercent && !number.isPercent
    number.tolerance = isRelative ? .relative(tolerance.value / 100) : .absolute(tolerance.value)
    return .number(number)
  }

  private mutating func skipSpaces() {
    while character(at: position) == " " { position += 1 }
  }
}
