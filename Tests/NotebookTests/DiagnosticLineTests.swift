import Files
import Foundation
import Language
import Testing

@testable import Notebook

@Suite struct DiagnosticLineTests {
  private let source = Source(name: "a \"b\"\\.pass", text: "x = 1\n👩‍👩‍👧 = é\nz")

  @Test func placesCountAsEditorsDo() throws {
    var diagnostic = Diagnostic(
      .error, "say \"no\"\\", at: Span(6 + 18 + 3, 6 + 18 + 5), label: "here", help: ["a", "b"], source: source)
    diagnostic.cell = 3
    let line = try DiagnosticLine.text(diagnostic, file: "unused")
    let json = try JSON(parsing: line)
    #expect(json["file"] == .string(source.name))
    #expect(
      ["line", "column", "endLine", "endColumn"].map { json[$0] } == [
        .integer(2), .integer(12), .integer(2), .integer(13),
      ])
    #expect(json["help"] == .array([.string("a"), .string("b")]) && json["cell"] == .integer(3))
    #expect(!line.contains("\n"))
  }

  @Test func theMatcherOfEditorsReadsTheLine() throws {
    let matcher = try NSRegularExpression(pattern: DiagnosticLine.pattern)
    for span in [Span(4, 5), Span(0, 9_999), Span(-4, -9)] {
      let line = try DiagnosticLine.text(Diagnostic(.warning, "a \"b\"", at: span, source: source), file: "f")
      let match = try #require(matcher.firstMatch(in: line, range: NSRange(line.startIndex..., in: line)))
      let groups = (1...7).map { (line as NSString).substring(with: match.range(at: $0)) }
      #expect(groups[0] == #"a \"b\"\\.pass"# && groups[5] == "warning" && groups[6] == #"a \"b\""#)
      #expect(groups[1...4].allSatisfy { Int($0) ?? 0 >= 1 })
    }
  }

  @Test func aDiagnosticWithoutAPlaceStandsAtTheStart() throws {
    let json = try JSON(parsing: DiagnosticLine.text(Diagnostic(.error, "m"), file: "f"))
    #expect(json["file"] == .string("f") && json["line"] == .integer(1) && json["cell"] == .null)
  }
}
