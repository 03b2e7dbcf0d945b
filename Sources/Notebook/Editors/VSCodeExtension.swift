import Files

/// A minimal extension of VS Code: it is copied, not built.
struct VSCodeExtension {
  let vocabulary: EditorVocabulary
  /// Of the tool; the extension carries the same.
  let version: String

  var files: [(path: String, text: String)] {
    get throws {
      [
        ("vscode/package.json", try package.indentedText(by: 2) + "\n"),
        ("vscode/language-configuration.json", try configuration.indentedText(by: 2) + "\n"),
        (
          "vscode/syntaxes/passbook.tmLanguage.json",
          try TextMateGrammar(vocabulary: vocabulary).json.indentedText(by: 2) + "\n"
        ),
        ("vscode/extension.js", Self.cells),
      ]
    }
  }

  private var package: JSON {
    .object([
      .init("name", .string("passbook")), .init("displayName", .string("Passbook")),
      .init("description", .string("Colours, cells and mistakes of Passbook scripts.")),
      .init("version", .string(version)), .init("publisher", .string("passbook")),
      .init("license", .string("Apache-2.0")), .init("engines", .object([.init("vscode", .string("^1.75.0"))])),
      .init("categories", strings(["Programming Languages"])), .init("main", .string("./extension.js")),
      .init(
        "contributes",
        .object([
          .init("languages", .array([language])), .init("grammars", .array([grammar])),
          .init("problemMatchers", .array([problemMatcher])),
        ])),
    ])
  }

  private var language: JSON {
    .object([
      .init("id", .string("passbook")), .init("aliases", strings(["Passbook"])),
      .init("extensions", strings([".pass"])), .init("firstLine", .string("^#!.*\\bpassbook\\b")),
      .init("configuration", .string("./language-configuration.json")),
    ])
  }

  private var grammar: JSON {
    .object([
      .init("language", .string("passbook")), .init("scopeName", .string("source.passbook")),
      .init("path", .string("./syntaxes/passbook.tmLanguage.json")),
    ])
  }

  /// Reads the lines of `passbook check --json`.
  private var problemMatcher: JSON {
    .object([
      .init("name", .string("passbook")), .init("owner", .string("passbook")),
      .init("fileLocation", .string("autoDetect")),
      .init(
        "pattern",
        .object([
          .init("regexp", .string(DiagnosticLine.pattern)), .init("file", .integer(1)), .init("line", .integer(2)),
          .init("column", .integer(3)), .init("endLine", .integer(4)), .init("endColumn", .integer(5)),
          .init("severity", .integer(6)), .init("message", .integer(7)),
        ])),
    ])
  }

  private var configuration: JSON {
    let pairs = [("(", ")"), ("[", "]"), ("{", "}")]
    func list(_ pairs: [(String, String)]) -> JSON { .array(pairs.map { strings([$0.0, $0.1]) }) }
    return .object([
      .init("comments", .object([.init("lineComment", .string("#"))])), .init("brackets", list(pairs)),
      .init("autoClosingPairs", list(pairs + [("\"", "\"")])), .init("surroundingPairs", list(pairs + [("\"", "\"")])),
      .init(
        "indentationRules",
        .object([
          .init("increaseIndentPattern", .string("^[^#\"]*[\\[({]\\s*(#.*)?$")),
          .init("decreaseIndentPattern", .string("^\\s*[\\])}]")),
        ])),
    ])
  }

  private func strings(_ texts: [String]) -> JSON { .array(texts.map(JSON.string)) }

  /// Cells by the percent convention fold, and stand in the outline.
  private static let cells = #"""
    // Cells of a script: they fold, and stand in the outline. Written by `passbook editors`.
    const vscode = require("vscode")

    const tag = /^ *\[(?:\#(EditorVocabulary.markdownTags.joined(separator: "|")))\]/

    function cells(document) {
      const found = []
      for (let line = 0; line < document.lineCount; line += 1) {
        const match = /^# ?%%(.*)$/.exec(document.lineAt(line).text)
        if (match) found.push({ title: match[1].replace(tag, "").trim() || `cell ${found.length + 1}`, start: line })
      }
      return found.map((cell, index) => {
        const next = found[index + 1]
        return { ...cell, end: (next ? next.start : document.lineCount) - 1 }
      })
    }

    exports.activate = (context) => {
      const folding = {
        provideFoldingRanges: (document) =>
          cells(document).map((cell) => new vscode.FoldingRange(cell.start, cell.end)),
      }
      const outline = {
        provideDocumentSymbols: (document) => cells(document).map((cell) => {
          const range = new vscode.Range(cell.start, 0, cell.end, document.lineAt(cell.end).text.length)
          return new vscode.DocumentSymbol(cell.title, "", vscode.SymbolKind.Module, range, range)
        }),
      }
      context.subscriptions.push(
        vscode.languages.registerFoldingRangeProvider("passbook", folding),
        vscode.languages.registerDocumentSymbolProvider("passbook", outline),
      )
    }

    """#
}
