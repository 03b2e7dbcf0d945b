import Foundation
import Runtime
import Testing

/// What is made from the tables of the language: the reference, the manual page, and the support for editors.
@Suite(.enabled(if: Tool.isBuilt, Tool.absence))
struct GeneratedTextTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path
  private static let vim = ["/usr/bin/vim", "/usr/local/bin/vim"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  @Test func everyFunctionAndMagicIsInTheReference() throws {
    let reference = try Tool.run(["reference"])
    #expect(reference.code == 0)
    for native in NativeTable.standard.natives {
      #expect(reference.output.contains("\n### `\(native.name)`\n"), "\(native.name)")
      #expect(reference.output.contains(native.example), "\(native.name)")
    }
    for magic in Magic.standard { #expect(reference.output.contains("| `:\(magic.name)"), "\(magic.name)") }
    #expect(reference.output.contains("#=> "))
  }

  @Test func theReferenceIsAPage() throws {
    let page = try Tool.run(["reference", "--html"]).output
    #expect(page.hasPrefix("<!DOCTYPE html>"))
    for native in NativeTable.standard.natives {
      #expect(page.contains("<code>\(native.name)</code></h3>"), "\(native.name)")
    }
  }

  @Test func theManualForgetsNothing() throws {
    let manual = try Tool.run(["manual"]).output.replacing("\\-", with: "-")
    let help = try Tool.run(["--help"]).output
    let commands = try #require(help.components(separatedBy: "SUBCOMMANDS:").last).matches(of: #/\n  ([a-z]+) /#)
    #expect(commands.count >= 5)
    for command in commands { #expect(manual.contains("\n.SH PASSBOOK \(command.output.1.uppercased())\n")) }
    #expect(manual.contains("\n.SH PASSBOOK BENCH STEP\n"))
    for native in NativeTable.standard.natives { #expect(manual.contains("\n\\fB\(native.name)("), "\(native.name)") }
    for magic in Magic.standard { #expect(manual.contains("\n\\fB:\(magic.name)"), "\(magic.name)") }
  }

  @Test func theSupportForEditorsIsWhatIsGenerated() throws {
    let folder = try TemporaryFolder()
    #expect(try Tool.run(["editors", folder.path]).code == 0)
    let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.contains(".") }
    #expect(paths.count == 6)
    for path in paths {
      let written = try String(contentsOfFile: folder.path + "/" + path, encoding: .utf8)
      let kept = try String(contentsOfFile: Self.root + "/Scripts/editors/" + path, encoding: .utf8)
      #expect(written == kept, "\(path) is not of today: Scripts/passbook editors Scripts/editors")
    }
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func completionsKnowTheCommands(shell: String) throws {
    let script = try Tool.run(["--generate-completion-script", shell])
    #expect(script.code == 0)
    for command in ["run", "check", "export", "reference"] { #expect(script.output.contains(command)) }
  }

  @Test func checkSpeaksToEditors() throws {
    let folder = try TemporaryFolder()
    let script = try folder.file("a.pass", "x = 1\n  prnt(x)\n")
    let result = try Tool.run(["check", "--json", script])
    #expect(result.code == 1 && result.errors.isEmpty)
    let place = #""line":2,"column":3,"endLine":2,"endColumn":7"#
    let start = #"{"file":"\#(script)",\#(place),"severity":"error","message":""#
    #expect(result.output.hasPrefix(start))
    #expect(result.output.hasSuffix("\"cell\":1}\n"))
  }

  /// Vim itself says which group each place belongs to.
  @Test(.enabled(if: vim != nil, "there is no vim"))
  func vimColoursAScript() throws {
    let folder = try TemporaryFolder()
    let script = """
      #%% [md] A title
      # text
      #%% data
      x = 50% |> take(3, seed: 2)   # note
      print("a {x:.1}\\n")   #=> out
      :vars
      fn g(y) { not true }
      """
    _ = try folder.file("a.pass", script)
    let places = [
      (1, 1, "MarkdownHeader"), (2, 1, "Markdown"), (3, 1, "Header"), (4, 1, ""), (4, 3, "Operator"), (4, 5, "Number"),
      (4, 7, "Number"), (4, 9, "Operator"), (4, 12, "Native"), (4, 20, "Label"), (4, 31, "Comment"), (5, 1, "Native"),
      (5, 7, "String"), (5, 10, "Brace"), (5, 12, "Format"), (5, 15, "Brace"), (5, 16, "Escape"), (5, 23, "Output"),
      (6, 1, "Magic"), (7, 1, "Keyword"), (7, 4, "Function"), (7, 11, "Keyword"), (7, 15, "Constant"),
    ]
    let questions = places.map { "call add(found, synIDattr(synID(\($0.0), \($0.1), 1), 'name'))" }
    let commands = """
      set nocompatible
      set runtimepath^=\(Self.root.replacing(" ", with: "\\ "))/Scripts/editors/vim
      filetype on
      syntax on
      edit \(folder.path)/a.pass
      let found = []
      \(questions.joined(separator: "\n"))
      call writefile(found, '\(folder.path)/found')
      qall!
      """
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(Self.vim))
    process.arguments = ["-u", "NONE", "-i", "NONE", "-n", "-e", "-s", "-S", try folder.file("ask.vim", commands)]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    let found = try String(contentsOfFile: folder.path + "/found", encoding: .utf8).split(
      separator: "\n", omittingEmptySubsequences: false)
    for (place, group) in zip(places, found) {
      #expect(group == (place.2.isEmpty ? "" : "passbook\(place.2)"), "line \(place.0), column \(place.1)")
    }
    #expect(found.count == places.count + 1)
  }
}
