// The tree that the parser makes and the evaluator walks. The grammar is in README.md; every node has a span.

/// A cell: the unit of evaluation.
public struct Cell: Sendable {
  /// What stands behind `#%%`.
  public var title: String?
  public var isMarkdown = false
  public var statements: [Statement] = []
  public var span: Span
  /// 1-based position in its file or session.
  public var number: Int
}

/// A name where it is written.
public struct Name: Hashable, Sendable {
  public var text: String
  public var span: Span

  public init(_ text: String, _ span: Span) {
    self.text = text
    self.span = span
  }
}

public struct Statement: Sendable {
  public indirect enum Kind: Sendable {
    /// `:name rest`
    case magic(Name, rest: String)
    /// `?query`, or `??query` with `wantsSource`
    case help(String, wantsSource: Bool)
    case function(FunctionDeclaration)
    case model(ModelDeclaration)
    case `for`([Name], in: Expression, Block)
    case `while`(Expression, Block)
    case `return`(Expression?)
    case `break`
    case `continue`
    case expect(Expression)
    /// `a, b = value`: one target takes the value whole, several take a list apart.
    case assign([Target], Expression)
    case compound(Target, BinaryOperator, Expression)
    case expression(Expression)
  }

  public var kind: Kind
  public var span: Span
  /// Ends in `;`, which hides the echo.
  public var hidesEcho = false
  /// Lines of `##` right before it.
  public var documentation: String?

  public init(_ kind: Kind, _ span: Span) {
    self.kind = kind
    self.span = span
  }
}

/// Statements in braces; its value is that of its last expression.
public struct Block: Sendable {
  public var statements: [Statement]
  public var span: Span

  public init(_ statements: [Statement], _ span: Span) {
    self.statements = statements
    self.span = span
  }
}

public struct Parameter: Sendable {
  public var name: Name
  public var defaultValue: Expression?
}

/// `fn name(parameters) { … }`, a lambda, or an anonymous `fn`.
public final class FunctionDeclaration: Sendable {
  /// None for a lambda.
  public let name: Name?
  public let parameters: [Parameter]
  public let body: Block
  public let span: Span

  public init(name: Name?, parameters: [Parameter], body: Block, span: Span) {
    self.name = name
    self.parameters = parameters
    self.body = body
    self.span = span
  }
}

/// `model name(parameters) on shape { … }`: each expression line of the body is piped into the next.
public final class ModelDeclaration: Sendable {
  public let name: Name
  public let parameters: [Parameter]
  public let inputShape: Expression
  public let body: Block
  public let span: Span

  public init(name: Name, parameters: [Parameter], inputShape: Expression, body: Block, span: Span) {
    self.name = name
    self.parameters = parameters
    self.inputShape = inputShape
    self.body = body
    self.span = span
  }
}

/// Where an assignment stores.
public indirect enum Target: Sendable {
  case name(Name)
  case field(Expression, Name)
  case index(Expression, [Index], Span)
}

public enum UnaryOperator: String, Sendable { case negate = "-", not }

public enum BinaryOperator: String, Sendable {
  case add = "+", subtract = "-", multiply = "*", divide = "/", modulo = "mod", power = "**", matrixProduct = "@"
}

public enum ComparisonOperator: String, Sendable {
  case equal = "==", notEqual = "!=", less = "<", lessOrEqual = "<=", greater = ">", greaterOrEqual = ">="
  case `in`
}

/// What stands behind a number; the value is already scaled (`50%` holds 0.5, `5min` holds 300).
public enum NumberUnit: String, CaseIterable, Sendable {
  case none = "", percent = "%", milliseconds = "ms", seconds = "s", minutes = "min", hours = "h"

  /// What may stand right behind a number: `%`, `ms`, …
  public static let spellings = allCases.map(\.rawValue).filter { !$0.isEmpty }

  /// One line for the reference.
  public var summary: String {
    switch self {
    case .none: "a plain number"
    case .percent: "hundredths: `50%` is 0.5, and shows as percent"
    case .milliseconds: "a duration in milliseconds: `20ms` is 0.02"
    case .seconds: "a duration in seconds"
    case .minutes: "a duration in minutes: `5min` is 300"
    case .hours: "a duration in hours: `1h` is 3600"
    }
  }
}

/// One argument of a call: `3` or `seed: 3`.
public struct Argument: Sendable {
  public var label: Name?
  public var value: Expression
}

/// One axis of an index: `:` or an expression.
public enum Index: Sendable {
  case whole(Span)
  case expression(Expression)
}

/// A piece of an interpolated string.
public enum StringPart: Sendable {
  case text(String)
  /// `{expression:format}`
  case interpolation(Expression, format: String?)
}

/// One link of a chain of comparisons: `< 5`.
public struct ComparisonLink: Sendable {
  public var comparison: ComparisonOperator
  public var operand: Expression
}

/// One field of a record literal: `name: value`.
public struct RecordField: Sendable {
  public var name: Name
  public var value: Expression
}

public final class Expression: Sendable {
  public indirect enum Kind: Sendable {
    case number(Double, NumberUnit)
    case string([StringPart])
    case boolean(Bool)
    case none
    /// `_`, the last result.
    case lastResult
    case name(String)
    case list([Expression])
    case comprehension(element: Expression, names: [Name], sequence: Expression, condition: Expression?)
    /// `[1, 2; 3, 4]`
    case matrix([[Expression]])
    case record([RecordField])
    case lambda(FunctionDeclaration)
    /// `else if` is an else block with one `if` in it.
    case `if`(Expression, then: Block, else: Block?)
    case call(Expression, [Argument])
    /// `a |> f(b)`; the right side is a postfix expression.
    case pipe(Expression, Expression)
    case index(Expression, [Index])
    case field(Expression, Name)
    case unary(UnaryOperator, Expression)
    case binary(BinaryOperator, Expression, Expression, operatorSpan: Span)
    /// `1 < x < 5` is one node with two links.
    case comparison(Expression, [ComparisonLink])
    case and(Expression, Expression)
    case or(Expression, Expression)
    /// `a..b`, `a..<b`, either with `by step`.
    case range(Expression, Expression, isClosed: Bool, step: Expression?)
  }

  public let kind: Kind
  public let span: Span
  /// How many expressions stand inside one another here; the parser bounds it, so that walking a tree is safe.
  public let height: Int

  public init(_ kind: Kind, _ span: Span) {
    self.kind = kind
    self.span = span
    var highest = 0
    kind.forEachChild { highest = max(highest, $0.height) }
    height = highest + 1
  }
}
