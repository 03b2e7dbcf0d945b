/// Operators that bind equally, for the reference; a test holds the parser to it.
public struct OperatorLevel: Sendable {
  public enum Association: String, Sendable {
    case left, right, chain, none
    case prefix
  }

  public let operators: [String]
  public let association: Association
  public let summary: String

  private init(_ operators: [String], _ association: Association, _ summary: String) {
    self.operators = operators
    self.association = association
    self.summary = summary
  }

  private init(_ symbols: [Symbol], _ association: Association, _ summary: String) {
    self.init(symbols.map(\.rawValue), association, summary)
  }

  private init(_ keywords: [Keyword], _ association: Association, _ summary: String) {
    self.init(keywords.map(\.rawValue), association, summary)
  }

  /// From the loosest to the tightest.
  public static let all: [OperatorLevel] = [
    .init([Keyword.or], .left, "true if one side is; the right side is only looked at if the left is false"),
    .init([Keyword.and], .left, "true if both sides are; the right side is only looked at if the left is true"),
    .init([Keyword.not], .prefix, "true becomes false, false becomes true"),
    .init(
      [Symbol.equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual].map(\.rawValue) + [Keyword.in.rawValue],
      .chain, "comparison, which chains: `1 < x < 5`; membership"),
    .init([Symbol.pipe], .left, "`a |> f(b)` is `f(a, b)`, and `a |> f` is `f(a)`"),
    .init([Keyword.by], .none, "the step of a range: `0..1 by 0.1`"),
    .init([Symbol.closedRange, .halfOpenRange], .none, "range with its end, and without"),
    .init([Symbol.plus, .minus], .left, "sum and difference"),
    .init(
      [Symbol.star, .slash, .at].map(\.rawValue) + [Keyword.mod.rawValue], .left,
      "product, quotient, matrix product, remainder"),
    .init([Symbol.minus], .prefix, "negation; `-2 ** 2` is -4"),
    .init([Symbol.power], .right, "power"),
  ]
}
