import Testing

@testable import Language

@Suite struct ParserTests {
  @Test(arguments: [
    ("-2 ** 2", "(- (** 2.0 2.0))"), ("2 ** -1 ** 2", "(** 2.0 (- (** 1.0 2.0)))"),
    ("a - b - c", "(- (- a b) c)"), ("a + b * c", "(+ a (* b c))"), ("a @ b mod c", "(mod (@ a b) c)"),
    ("1 < x < 5", "(<< 1.0 x 5.0)"), ("not a == b and c or d", "(or (and (not (== a b)) c) d)"),
    ("x |> f(b) |> g > 45%", "(> (|> (|> x (call f b)) g) 0.45%)"),
    ("0..1 by 0.1", "(.. 0.0 1.0 0.1)"), ("0..<n + 1", "(..< 0.0 (+ n 1.0))"),
    ("f(a, seed: 3,)", "(call f a seed:3.0)"), ("x[:, 1..2].y", "(.y (index x : (.. 1.0 2.0)))"),
    ("x -> y -> x", "(fn x)"), ("(a, b) -> a", "(fn a,b)"), ("fn(a) { a }", "(fn a)"),
    ("[1, 2; 3, 4]", "(matrix (row 1.0 2.0) (row 3.0 4.0))"), ("[1,]", "(list 1.0)"), ("[]", "(list)"),
    ("[x for x, y in z if y]", "(each x,y x z y)"), ("{a: 1, b: 2}", "(record a:1.0 b:2.0)"), ("{}", "(record)"),
    ("if a { 1 } else if b { 2 }", "(if-else a)"), ("5min", "300.0min"), ("7%", "0.07%"), ("3ms", "0.003ms"),
    ("5e-4", "0.0005"), ("\"a{b:.1}c\\n\"", "(string 'a' {b:.1} 'c\n')"),
    ("\"{f(\"x\", a: 1)}\"", "(string {(call f (string 'x') a:1.0)})"),
    ("\"\"\"\na\"b\n\"\"\"", "(string 'a\"b\n')"), ("größe * _", "(* größe _)"), ("x\n\n  |> f", "(|> x f)"),
  ])
  func expressions(text: String, expected: String) throws {
    let (cell, diagnostics) = parse(text)
    #expect(diagnostics.map(\.message) == [])
    let statement = try #require(cell.statements.first)
    guard case .expression(let expression) = statement.kind else { return #expect(Bool(false), "no expression") }
    #expect(shape(expression) == expected)
    #expect(statement.span == Span(0, text.utf8.count))
  }

  @Test(arguments: [Samples.session, Samples.grammar])
  func samplesHaveNoErrors(text: String) {
    let (cells, diagnostics) = Parser.parseFile(Source(name: "sample", text: text))
    #expect(diagnostics.map { DiagnosticRenderer().render($0) } == [])
    #expect(!cells.isEmpty)
  }

  @Test func cellsHaveTitlesAndNumbers() {
    let (cells, _) = Parser.parseFile(Source(name: "sample", text: Samples.session))
    #expect(cells.map(\.number) == [1, 2, 3, 4, 5])
    #expect(cells[0].isMarkdown && cells[0].title == "Lesson 1: own a network that you trained")
    #expect(cells[1].title == "data" && cells[1].statements.count == 3)
  }

  @Test func documentationStandsWithItsFunction() {
    let (cell, _) = parse("## Adds.\n## Twice.\nfn f(x) { x }\ny = 1")
    #expect(cell.statements.map(\.documentation) == ["Adds.\nTwice.", nil])
  }

  @Test func onlyATrailingSemicolonHidesTheEcho() {
    #expect(parse("a; b ;\nc").cell.statements.map(\.hidesEcho) == [false, true, false])
  }

  @Test(arguments: [
    "fn f(x) {", "x = [1, 2,", "x |>", "train(net,", "\"abc", "for i in 1..3 {", "\"\"\"a\n", "\"a {x", "{a:", "x +\n",
    "if a { 1 } else", "fn f(x) {\n  if x {\n", "print(\"abc", "x = [\n  1,\n", "model m on", "a, b =",
  ])
  func incomplete(text: String) { #expect(Parser.isIncomplete(text)) }

  @Test(arguments: [
    "f(1))", "x 3", "50q", "|> relu", "if a { 1 }", "", "x", "f(1)) + (", "\"a\nb", "x = 3\n", "\"a\" 3 \"b", "}",
    "else {",
    String(repeating: "(", count: 1000),
  ])
  func complete(text: String) { #expect(!Parser.isIncomplete(text)) }

  @Test(arguments: [
    ("x 1️⃣3", "expected the end of the statement, found '3'"),
    ("x 1️⃣(3)", "expected the end of the statement, found '('"),
    ("1️⃣|> relu", "a statement cannot begin with '|>'"),
    ("50️1️⃣q", "'q' is no unit"), ("a 1️⃣% b", "'%' means nothing here"), ("x = 1️⃣)", "expected an expression, found ')'"),
    ("1️⃣f(x) = 3", "this cannot be assigned to"), ("f(a: 1, 1️⃣2)", "an argument without a label stands behind 'a:'"),
    ("if a 1️⃣= 3 { }", "expected '{' before what 'if' chooses, found '='"),
    ("1️⃣\"abc\nd", "the string does not end on its line"), ("\"1️⃣\\q\"", "'\\q' is no escape"),
    ("if a { 1 }\n1️⃣else { 2 }", "'else' stands without its 'if'"),
    ("x = 1️⃣\u{0}", "character U+0000 means nothing here"),
    ("1️⃣1e999", "the number is too large"),
  ])
  func errors(text: String, message: String) {
    let (text, offset) = marked(text.replacing("50️", with: "50"))
    let first = parse(text).diagnostics.first
    #expect(first?.message == message)
    #expect(first?.labels.first?.span.start == offset)
  }

  @Test(arguments: [
    ("let x = 3", "an assignment needs no word in front: x = 3"), ("def f(x) { x }", "a function is written fn f(x) { x + 1 }"),
    ("import numpy", "nothing is imported: the functions are here; ? lists them"),
    ("print \"a\"", "a call has parentheses: print(x)"), ("for i in 1..3: print(i)", "a body stands in braces: { ... }"),
    (" :vars", "commands and questions begin in column 1, as :vars and ?mean do"),
    ("f x", "a call is written f(x); two statements stand on two lines or with ';' between them"),
  ])
  func habitsOfOtherLanguagesAreAnswered(text: String, help: String) {
    #expect(parse(text).diagnostics.first?.help == [help])
  }

  @Test func severalErrorsInOneCell() {
    #expect(parse("x = )\ny = 1\nfn f(a) {\n  a 3\n  b = ]\n}\nz = * 2").diagnostics.count == 4)
  }

  @Test(arguments: [
    "(", "[", "-", "not ", "f(", "x -> ", "{a: ", "if a { ", "for i in x { ", "2 ** ", "\"{", "if a { } else ",
  ])
  func nestingIsBounded(opening: String) {
    let messages = parse(String(repeating: opening, count: 20_000)).diagnostics.map(\.message)
    #expect(messages.filter { $0 != "the string does not end" } == ["this nests more than 200 levels deep"])
  }

  @Test func openBlocksAreOneError() {
    #expect(parse("fn f(x) {\n  if x {\n").diagnostics.map(\.message) == ["expected '}', found the end of the input"])
  }

  @Test(arguments: ["a + ", "a |> ", "a or ", "a and ", "a * "])
  func chainsAreBounded(link: String) {
    #expect(
      parse(String(repeating: link, count: 100_000) + "a").diagnostics.first?.message
        == "this expression has more than 600 levels")
  }
}
