import Files
import Foundation
import Language
import Testing

@testable import Notebook

/// A folder with a figure that goes away with the test.
private final class ScriptFolder {
  static let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"><text>50% \u{E9} #1</text></svg>\n"
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "/passbook-export-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path + "/t.figures", withIntermediateDirectories: true)
    try Data(Self.svg.utf8).write(to: URL(fileURLWithPath: path + "/t.figures/1 (1).svg"))
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// As it stands on record.
  var reference: String {
    FigureReference(
      title: "loss <&\"> ]]>", path: "t.figures/1 (1).svg",
      hash: String(Checksum.sha256(of: Array(Self.svg.utf8)).prefix(12))
    ).line
  }

  func figures(of document: Document) throws -> FigureFiles { try FigureFiles(of: document, folder: path) }
}

private func document(_ text: String) -> Document { Document(Source(name: "lessons/t.pass", text: text)) }

private func page(_ text: String) throws -> String {
  let document = document(text)
  return try HTMLExport.page(of: document, figures: FigureFiles(of: document, folder: "."))
}

/// What stands in the page's `main`.
private func main(_ page: String) throws -> String {
  let start = try #require(page.range(of: "<main>\n"))
  let end = try #require(page.range(of: "</main>"))
  return String(page[start.upperBound..<end.lowerBound])
}

@Suite struct CellSegmentTests {
  private func segments(_ text: String) -> [[String]] {
    let document = document(text)
    return document.cells.map { cell in
      cell.segments(in: document.source).map { segment in
        switch segment {
        case .code(let span): "code " + document.source.text(in: span)
        case .output(let lines): "output " + lines.map { "\($0.item)" }.joined(separator: ", ")
        }
      }
    }
  }

  @Test(arguments: ["\n", "\r\n"])
  func codeAndOutputTakeTurns(_ lineEnd: String) {
    let text = "#%% a\n\n  x = 2\nx * 3   #=> 6\n# why\nprint(x)\n#=> a\n#=> b\n\n# end\n".replacing(
      "\n", with: lineEnd)
    let expected = [
      "code   x = 2\nx * 3", "output text(\"6\")", "code # why\nprint(x)", "output text(\"a\"), text(\"b\")",
      "code # end",
    ].map { $0.replacing("\n", with: lineEnd) }
    #expect(segments(text) == [expected])
  }

  @Test func anOutputInsideAStatementStaysCode() {
    let text = "x = 1\nfor i in 1..2 {\n  i   #=> 1\n}\n#=> 2"
    #expect(segments(text) == [["code x = 1\nfor i in 1..2 {\n  i   #=> 1\n}", "output text(\"2\")"]])
  }

  @Test func aHeaderAloneHasNoSegments() { #expect(segments("#%% a\n\n#%% b") == [[], []]) }
}

@Suite struct HTMLExportTests {
  @Test func aCellIsCodeAndResult() throws {
    let html = try main(page("#%% sum\n1 + 1   #=> 2\n"))
    #expect(
      html == """
        <section class="cell" id="cell-1">
        <div class="cell-head"><a class="cell-number" href="#cell-1" aria-label="Cell 1">1</a><h2>sum</h2></div>
        <pre class="source"><code><span class="number">1</span> <span class="operator">+</span> \
        <span class="number">1</span></code></pre>
        <div class="result" role="group" aria-label="Output of cell 1">
        <pre><samp>2</samp></pre>
        </div>
        </section>

        """)
  }

  @Test func nothingOfADocumentIsATag() throws {
    let hostile = "<q onclick='x'>&amp;\"]]><!--</script></style><\u{338}i>"
    let string = "\"\(hostile.replacing("\"", with: ""))\""
    let page = try page("#%% [md] \(hostile)\n# \(hostile)\n#%% \(hostile)\nx = \(string)\n#=> \(hostile)\n")
    for tag in ["<q", "<!--", "</script", "<i", "<\u{338}i", "<script"] {
      #expect(!page.unicodeScalars.contains(tag), "\(tag)")
    }
    #expect(page.components(separatedBy: "</style>").count == 2)
  }

  @Test func aPageNeedsNothingFromElsewhere() throws {
    let page = try page("#%% [md] T\n# ![a](https://a.b/c.png) [l](https://a.b)\n")
    for outside in ["<script", "<link", "@import", "url(", "src=\"http"] {
      #expect(!page.contains(outside), "\(outside)")
    }
    #expect(page.contains("default-src 'none'"))
  }

  @Test func theFirstHeadingIsTheTitleAndLevelsDoNotSkip() throws {
    let page = try page("#%% [md] A & *b*\n# ## sub\n#%% one\n1\n#%% [md] C\n# ## d\n#%% two\n2\n")
    #expect(page.contains("<title>A &amp; b</title>"))
    #expect(page.contains("<h1>A &amp; <em>b</em></h1>"))
    let tags = page.matches(of: /<h([1-6])[ >]/).map { String($0.output.1) }
    #expect(tags == ["1", "2", "3", "2", "3", "3"])
    #expect(page.contains("<nav aria-label=\"Contents\">"))
    #expect(page.matches(of: /<li/).count == 5)
  }

  @Test func aDocumentWithoutATitleIsNamedByItsFile() throws {
    for text in ["", "\r\n", "1", "# a comment"] {
      #expect(try page(text).contains("<h1>t.pass</h1>"))
      #expect(try !page(text).contains("<nav"))
    }
    #expect(try main(page("")) == "")
  }

  @Test func carriageReturnsAndControlsDoNotReachThePage() throws {
    let page = try page("#%% [md] T\r\n# a\r\n#\r\n# b\r\n#%% c\r\nx = 1\r\nx   #=> 1\u{0}\u{1B}\r\n")
    #expect(!page.utf8.contains { $0 < 32 && $0 != 10 && $0 != 9 })
    #expect(page.contains("<p>a</p>\n<p>b</p>"))
    #expect(page.contains("<samp>1\u{FFFD}\u{FFFD}</samp>"))
  }

  @Test func hugeLinesAreWritten() throws {
    let long = String(repeating: "é👩‍👩‍👧", count: 50_000)
    #expect(
      try page("#%% [md] T\n# \(long)\n#%%\nx = \"\(long)\"\n#=> \(long)\n").components(separatedBy: long).count == 4)
  }

  @Test func figuresAndPicturesAreInThePage() throws {
    let folder = try ScriptFolder()
    let right = document("#%% [md] T\n# ![q](<t.figures/1 (1).svg>)\n#%%\nplot([1])\n#=> \(folder.reference)")
    let page = try HTMLExport.page(of: right, figures: folder.figures(of: right))
    let uri =
      "data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22%3E%3Ctext%3E50%25 %C3%A9 %231"
      + "%3C/text%3E%3C/svg%3E%0A"
    let title = "loss &lt;&amp;&quot;&gt; ]]&gt;"
    #expect(page.contains("<img src=\"\(uri)\" alt=\"q\">"))
    #expect(
      page.contains("<figure><img src=\"\(uri)\" alt=\"\(title)\"><figcaption>\(title)</figcaption></figure>"))
  }

  @Test func aMissingPictureIsSaid() throws {
    #expect {
      try page("#%% [md] T\n# ![a](no.png)\n")
    } throws: { error in
      (error as? ExportFailure)?.diagnostics.first?.message.hasPrefix("the picture no.png cannot be read:") == true
    }
  }

  @Test func picturesOutsideOfTheFolderAreNotRead() throws {
    for path in ["../a.png", "/etc/a.png", "file:a.svg", "notes.txt"] {
      #expect(try !page("#%% [md] T\n# ![a](\(path))\n").contains("<img"), "\(path)")
    }
  }
}

@Suite struct FigureFileTests {
  private func messages(_ text: String, in folder: ScriptFolder) throws -> [String] {
    do {
      _ = try folder.figures(of: document(text))
      return []
    } catch let failure as ExportFailure {
      return failure.diagnostics.map { DiagnosticRenderer().render($0) }
    }
  }

  @Test func everyMissingOrChangedFigureIsSaidWithItsPlace() throws {
    let folder = try ScriptFolder()
    let text = "1\n#=> ![a](t.figures/9-9.svg) 0123456789ab\n2\n#=> ![b](t.figures/1 (1).svg) 0123456789ab\n"
    let hash = Checksum.sha256(of: Array(ScriptFolder.svg.utf8)).prefix(12)
    #expect(
      try messages(text, in: folder) == [
        """
        error: the figure t.figures/9-9.svg cannot be read: cannot open it, there is no such file or folder; \
        check the spelling
          --> lessons/t.pass:2:1   (cell 1)
          |
        2 | #=> ![a](t.figures/9-9.svg) 0123456789ab
          | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          = help: record it anew: passbook run lessons/t.pass --record

        """,
        """
        error: the figure t.figures/1 (1).svg has changed: its checksum is \(hash), on record is 0123456789ab
          --> lessons/t.pass:4:1   (cell 1)
          |
        4 | #=> ![b](t.figures/1 (1).svg) 0123456789ab
          | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          = help: record it anew: passbook run lessons/t.pass --record

        """,
      ])
    #expect(try messages("1\n#=> \(folder.reference)", in: folder) == [])
  }
}

@Suite struct MarkdownExportTests {
  @Test func cellsOutputsAndFigures() throws {
    let folder = try ScriptFolder()
    let text = "#%% [md] T\n# a *b*\n#%% c | d\nx = \"```\"\r\n#=> ````\n#=> y\nplot(1)\n#=> \(folder.reference)\n"
    #expect(
      MarkdownExport.text(of: document(text), figureFolder: "../lessons") == """
        # T
        a *b*

        ### c \\| d

        ````passbook
        x = "```"
        ````

        `````text
        ````
        y
        `````

        ```passbook
        plot(1)
        ```

        ![loss \\<\\&"\\> \\]\\]\\>](../lessons/t.figures/1%20%281%29.svg)

        """)
  }

  @Test func anEmptyDocumentIsEmpty() { #expect(MarkdownExport.text(of: document("")) == "") }
}

@Suite struct NotebookExportTests {
  @Test func cellsOutputsAndFigures() throws {
    let folder = try ScriptFolder()
    let document = document("#%% [md] T\n# a\n#%% one\nx = 1\nx   #=> 1\r\nplot(x)\n#=> \(folder.reference)\n#%%\n2\n")
    let json = try JSON(parsing: NotebookExport.text(of: document, figures: folder.figures(of: document)))
    #expect(json["nbformat"] == .integer(4) && json["nbformat_minor"] == .integer(5))
    guard case .array(let cells)? = json["cells"] else { return #expect(Bool(false), "there are no cells") }
    #expect(cells.map { $0["id"] } == [.string("cell-1"), .string("cell-2"), .string("cell-3")])
    #expect(cells[0]["source"] == .array([.string("# T\n"), .string("a")]))
    #expect(
      cells[1]["source"] == .array([.string("#%% one\n"), .string("x = 1\n"), .string("x\n"), .string("plot(x)")]))
    guard case .array(let outputs)? = cells[1]["outputs"] else { return #expect(Bool(false), "there are no outputs") }
    #expect(outputs[0]["text"] == .array([.string("1\n")]))
    #expect(outputs[1]["data"]?["image/svg+xml"] == .array([.string(ScriptFolder.svg)]))
    #expect(cells[2]["outputs"] == .array([]))
  }
}

extension Sequence where Element == Unicode.Scalar {
  fileprivate func contains(_ text: String) -> Bool {
    let own = Array(self)
    let wanted = Array(text.unicodeScalars)
    return own.indices.contains { own[$0...].starts(with: wanted) }
  }
}
