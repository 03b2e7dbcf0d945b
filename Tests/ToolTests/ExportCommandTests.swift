import Foundation
import Testing

@Suite(.enabled(if: Tool.isBuilt, Tool.absence))
struct ExportCommandTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func text(_ name: String) throws -> String {
    try String(contentsOfFile: folder.path + "/" + name, encoding: .utf8)
  }

  @Test func anExportStandsBesideItsScript() throws {
    let script = try folder.file("a.pass", "#%% one\n1 + 1   #=> 2\n")
    for (format, name, piece) in [
      ("html", "a.html", "<samp>2</samp>"), ("markdown", "a.md", "```text\n2\n```"), ("ipynb", "a.ipynb", "\"2\\n\""),
    ] {
      let result = try Tool.run(["export", script, "--to", format])
      #expect(result.code == 0 && result.output.isEmpty && result.errors.isEmpty)
      #expect(try text(name).contains(piece))
    }
    #expect(try text("a.pass") == "#%% one\n1 + 1   #=> 2\n")
  }

  @Test func theEndingOfTheOutputIsItsFormat() throws {
    let script = try folder.file("a.pass", "1   #=> 1\n")
    #expect(try Tool.run(["export", script, "-o", folder.path + "/b.md"]).code == 0)
    #expect(try text("b.md").hasPrefix("```passbook"))
    let page = try Tool.run(["export", "-", "-o", "-"], input: "1   #=> 1\n")
    #expect(page.output.hasPrefix("<!DOCTYPE html>"))
  }

  @Test func nothingIsRun() throws {
    let script = try folder.file("a.pass", "save(zeros([1]), \"\(folder.path)/ran\")\nexpect false\n")
    #expect(try Tool.run(["export", script, "-o", "-"]).code == 0)
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/ran"))
  }

  @Test func aMissingFigureIsAnErrorAndLeavesTheOldExport() throws {
    let script = try folder.file("a.pass", "plot([1])\n#=> ![x](a.figures/1-1.svg) 0123456789ab\n")
    _ = try folder.file("a.html", "old")
    let result = try Tool.run(["export", script])
    #expect(result.code == 1)
    #expect(result.errors.contains("the figure a.figures/1-1.svg cannot be read"))
    #expect(result.errors.contains("a.pass:2:1") && result.errors.contains("--record"))
    #expect(try text("a.html") == "old")
  }

  @Test func aScriptIsNeverOverwrittenAndOneThatDoesNotParseIsNotExported() throws {
    let script = try folder.file("a.pass", "1\n")
    let result = try Tool.run(["export", script, "-o", folder.path + "/./a.pass"])
    #expect(result.code == 2 && result.errors.contains("would overwrite"))
    #expect(try text("a.pass") == "1\n")
    #expect(try Tool.run(["export", "-"], input: "f(1))\n").code == 1)
  }

  @Test func linksToFiguresStartWhereTheMarkdownStands() throws {
    try FileManager.default.createDirectory(atPath: folder.path + "/out", withIntermediateDirectories: true)
    try FileManager.default.createDirectory(atPath: folder.path + "/in/a.figures", withIntermediateDirectories: true)
    _ = try folder.file("in/a.figures/1-1.svg", "abc")
    let script = try folder.file("in/a.pass", "plot([1])\n#=> ![x](a.figures/1-1.svg) ba7816bf8f01\n")
    #expect(try Tool.run(["export", script, "-o", folder.path + "/out/a.md"]).code == 0)
    #expect(try text("out/a.md").contains("![x](../in/a.figures/1-1.svg)"))
  }

  @Test func aThousandCellsTakeLessThanTwoSeconds() throws {
    let output = (1...8).map { "#=> line \($0) of the output, 61.\($0)%\n" }.joined()
    let cells = (1...1000).map { number in
      "#%% cell \(number)\nfn f\(number)(x) {\n  x |> conv(32, 3) |> relu\n}\nprint(\"{f\(number)(2)}\")\n\(output)\n"
    }
    let script = try folder.file("a.pass", cells.joined())
    for format in ["html", "markdown", "ipynb"] {
      var code: Int32 = -1
      let duration = try ContinuousClock().measure { code = try Tool.run(["export", script, "--to", format]).code }
      #expect(code == 0 && duration < .seconds(2), "\(format): \(duration)")
    }
  }
}
