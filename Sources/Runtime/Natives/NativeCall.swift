import Language

/// One call of a native: its arguments with typed access, each failure naming the argument at fault, and the session.
public struct NativeCall {
  public let native: Native
  /// One value for each parameter; nil where the argument was left out.
  let values: [Value?]
  /// Positional arguments beyond the parameters of a variadic native.
  public let more: [Value]
  public let session: Session

  private func find(_ label: String) -> Value? {
    guard let position = native.parameters.firstIndex(where: { $0.label == label }) else { return nil }
    return values[position]
  }

  /// Whether the argument was given, and is not none.
  public func isGiven(_ label: String) -> Bool { !value(label).isNone }

  /// The argument as it is; none where it was left out.
  public func value(_ label: String) -> Value { find(label) ?? .none }

  /// The required arguments and everything after them, in order: what a variadic native works on.
  public var all: [Value] {
    zip(native.parameters, values).compactMap { $0.defaultText == nil ? $1 : nil } + more
  }

  /// An error that points at an argument.
  public func fail(_ message: String, argument: String? = nil, help: String? = nil) -> Failure {
    var failure = Failure("\(native.name): \(message)", argument: argument)
    if let help { failure.help = [help] }
    return failure
  }

  /// The error for an argument of the wrong kind.
  public func mismatch(_ label: String, expected: String) -> Failure {
    let found = value(label)
    let shown = found.isNone ? "none" : "\(found.kindName)"
    return fail("'\(label)' must be \(expected), not \(shown)", argument: label)
  }

  // MARK: Required arguments

  public func number(_ label: String) throws -> Double {
    guard case .number(let number, _) = value(label) else { throw mismatch(label, expected: "a number") }
    return number
  }

  /// A number within bounds.
  public func number(_ label: String, in bounds: ClosedRange<Double>) throws -> Double {
    let number = try number(label)
    guard bounds.contains(number) else {
      let reach = "\(bounds.lowerBound.shown(as: .plain)) to \(bounds.upperBound.shown(as: .plain))"
      throw fail("'\(label)' must lie in \(reach), not \(value(label).display)", argument: label)
    }
    return number
  }

  public func integer(_ label: String) throws -> Int {
    let number = try number(label)
    guard let whole = Int(exactly: number) else {
      throw fail("'\(label)' must be a whole number, not \(value(label).display)", argument: label)
    }
    return whole
  }

  /// A whole number within bounds, such as `1...` or `0...9`.
  public func integer(_ label: String, in bounds: some RangeExpression<Int>) throws -> Int {
    let whole = try integer(label)
    guard bounds.contains(whole) else {
      throw fail("'\(label)' must be \(described(bounds)), not \(whole)", argument: label)
    }
    return whole
  }

  public func text(_ label: String) throws -> String {
    guard case .text(let text) = value(label) else { throw mismatch(label, expected: "a text") }
    return text
  }

  /// A text that is one of a few words.
  public func choice(_ label: String, of words: [String], default word: String? = nil) throws -> String {
    if let word, !isGiven(label) { return word }
    let text = try text(label)
    guard words.contains(text) else {
      let near = EditDistance.closest(to: text, among: words).map { "did you mean \"\($0)\"?" }
      let listed = words.map { "\"\($0)\"" }.joined(separator: ", ")
      throw fail("'\(label)' is one of \(listed), not \(text.quoted)", argument: label, help: near)
    }
    return text
  }

  public func boolean(_ label: String) throws -> Bool {
    guard case .boolean(let boolean) = value(label) else { throw mismatch(label, expected: "true or false") }
    return boolean
  }

  /// The elements of a list, a range or anything else that `for` takes.
  public func list(_ label: String) throws -> [Value] {
    switch value(label) {
    case .none, .boolean, .number, .function, .native: throw mismatch(label, expected: "a list")
    case let value: return try value.elements()
    }
  }

  /// The elements of a list that holds nothing but numbers.
  public func numbers(_ label: String) throws -> [Double] {
    try list(label).map { element in
      guard case .number(let number, _) = element else {
        throw fail("'\(label)' must hold numbers only, not \(element.kindName)", argument: label)
      }
      return number
    }
  }

  /// The elements of a list that holds nothing but whole numbers.
  public func integers(_ label: String) throws -> [Int] {
    try numbers(label).map { number in
      guard let whole = Int(exactly: number) else {
        throw fail("'\(label)' must hold whole numbers, not \(number.shown(as: .plain))", argument: label)
      }
      return whole
    }
  }

  public func record(_ label: String) throws -> Record {
    guard case .record(let record) = value(label) else { throw mismatch(label, expected: "a record") }
    return record
  }

  /// An object of the engine: `call.object("net", as: ModelObject.self, called: "a model")`.
  public func object<Object>(_ label: String, as type: Object.Type, called name: String) throws -> Object {
    guard case .object(let object) = value(label), let wanted = object as? Object else {
      throw mismatch(label, expected: name)
    }
    return wanted
  }

  /// Anything that can be called.
  public func callable(_ label: String) throws -> Value {
    switch value(label) {
    case .function, .native, .object: return value(label)
    default: throw mismatch(label, expected: "a function")
    }
  }

  // MARK: Optional arguments

  public func number(_ label: String, default number: Double) throws -> Double {
    isGiven(label) ? try self.number(label) : number
  }

  public func integer(_ label: String, default whole: Int) throws -> Int {
    isGiven(label) ? try integer(label) : whole
  }

  public func integer(_ label: String, in bounds: some RangeExpression<Int>, default whole: Int) throws -> Int {
    isGiven(label) ? try integer(label, in: bounds) : whole
  }

  public func text(_ label: String, default text: String) throws -> String {
    isGiven(label) ? try self.text(label) : text
  }

  public func boolean(_ label: String, default boolean: Bool) throws -> Bool {
    isGiven(label) ? try self.boolean(label) : boolean
  }

  /// Nil where the argument was left out or is none.
  public func optionalObject<Object>(_ label: String, as type: Object.Type, called name: String) throws -> Object? {
    isGiven(label) ? try object(label, as: type, called: name) : nil
  }

  // MARK: Randomness

  /// The seed of this call's random stream: an explicit `seed:` wins, else it is mixed from the session's seed, the
  /// native's name and how often it was called (`StableHash`), so that a changed line moves no other stream.
  public func randomSeed(_ label: String = "seed") throws -> UInt64 {
    if isGiven(label) {
      let number = try number(label)
      guard let seed = UInt64(exactly: number) else {
        throw fail("'\(label)' must be a whole number from 0 on, not \(value(label).display)", argument: label)
      }
      return seed
    }
    return session.nextSeed(for: native.name)
  }

  private func described(_ bounds: some RangeExpression<Int>) -> String {
    switch bounds {
    case let bounds as PartialRangeFrom<Int>: "\(bounds.lowerBound) or more"
    case let bounds as PartialRangeThrough<Int>: "\(bounds.upperBound) or less"
    case let bounds as ClosedRange<Int>: "from \(bounds.lowerBound) to \(bounds.upperBound)"
    case let bounds as Range<Int>: "from \(bounds.lowerBound) to below \(bounds.upperBound)"
    default: "within \(bounds)"
    }
  }
}
