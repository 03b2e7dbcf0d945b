import Figures
import Language

/// Something of the engine that a script can hold; every hook has a default that says "not I".
///
/// A tensor answers to operators, comparison, indexing, iteration and the general natives (`mean`, `max`, `abs`, …);
/// a stage answers to operators and fields; a model to calls. What a hook leaves at nil becomes a clear error.
public protocol ObjectValue: Sendable {
  /// With its article, as messages need it: `a tensor`, `a model`.
  var kindName: String { get }
  /// What the prompt shows; may take several lines, must stay bounded.
  func describe() -> String
  /// One short line, shown inside lists and records and in `:vars`.
  var summary: String { get }

  /// `[64, 3, 32, 32]`, for `:vars`; empty for what has no shape.
  var shapeText: String { get }
  /// The bytes of the numbers that it holds, for `:vars`; nil where it holds no mass of them.
  var byteCount: Int? { get }

  /// Whether a bare expression shows it even where a script does not echo: tables and figures.
  var isDisplay: Bool { get }
  /// What is shown instead of the description wherever more than text can be, nil if it is no figure.
  var figure: Figure? { get }

  var fieldNames: [String] { get }
  /// The field of that name, nil if there is none.
  func field(_ name: String) throws -> Value?
  /// A copy with a field replaced, nil if that is not possible.
  func replacingField(_ name: String, with value: Value) throws -> (any ObjectValue)?

  /// The element or part at the given axes, nil if it has none.
  func element(at indices: [IndexValue]) throws -> Value?
  /// A copy with a part replaced, nil if that is not possible.
  func replacingElement(at indices: [IndexValue], with value: Value) throws -> (any ObjectValue)?
  /// What `for` walks over and `list` natives take, nil if it is no sequence.
  func elements() throws -> [Value]?
  /// What `len` gives, nil if it has no length.
  var count: Int? { get }

  func unary(_ operation: UnaryOperator) throws -> Value?
  /// `self op other`, or `other op self` when `isReversed`.
  func binary(_ operation: BinaryOperator, _ other: Value, isReversed: Bool) throws -> Value?
  /// `self op other`, or `other op self` when `isReversed`; may be a mask instead of true or false.
  func compare(_ comparison: ComparisonOperator, _ other: Value, isReversed: Bool) throws -> Value?

  /// The object called like a function, nil if it cannot be.
  func call(_ arguments: Arguments, in session: Session) throws -> Value?
  /// The object's own way of a general native such as `mean`, nil if it has none.
  func apply(_ native: String, _ call: NativeCall) throws -> Value?

  /// How many levels of lists and records it holds inside, so that nesting stays bounded.
  var depth: Int { get }
}

extension ObjectValue {
  public var summary: String {
    let line = describe().prefix { $0 != "\n" }
    return line.count > 60 ? line.prefix(59) + "…" : String(line)
  }
  public var shapeText: String { "" }
  public var byteCount: Int? { nil }
  public var isDisplay: Bool { false }
  public var figure: Figure? { nil }
  public var fieldNames: [String] { [] }
  public func field(_ name: String) throws -> Value? { nil }
  public func replacingField(_ name: String, with value: Value) throws -> (any ObjectValue)? { nil }
  public func element(at indices: [IndexValue]) throws -> Value? { nil }
  public func replacingElement(at indices: [IndexValue], with value: Value) throws -> (any ObjectValue)? { nil }
  public func elements() throws -> [Value]? { nil }
  public var count: Int? { nil }
  public func unary(_ operation: UnaryOperator) throws -> Value? { nil }
  public func binary(_ operation: BinaryOperator, _ other: Value, isReversed: Bool) throws -> Value? { nil }
  public func compare(_ comparison: ComparisonOperator, _ other: Value, isReversed: Bool) throws -> Value? { nil }
  public func call(_ arguments: Arguments, in session: Session) throws -> Value? { nil }
  public func apply(_ native: String, _ call: NativeCall) throws -> Value? { nil }
  public var depth: Int { 0 }
}

/// One axis of an index, evaluated.
public enum IndexValue: Sendable {
  /// `:`
  case whole
  /// A number, a range, a list of numbers or a mask.
  case value(Value)
}
