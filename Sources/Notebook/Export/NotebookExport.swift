import Files
import Language

/// A document as a Jupyter notebook (nbformat 4.5, https://nbformat.readthedocs.io).
///
/// The outputs of a cell stand below the whole of it: text as a stream, figures as `image/svg+xml`.
public enum NotebookExport {
  public static func text(of document: Document, figures: FigureFiles) throws -> String {
    let cells = document.cells.map { json(of: $0, in: document.source, figures: figures) }
    let notebook = JSON.object([
      .init("cells", .array(cells)), .init("metadata", metadata), .init("nbformat", .integer(4)),
      .init("nbformat_minor", .integer(5)),
    ])
    return try notebook.indentedText() + "\n"
  }

  private static let metadata = JSON.object([
    .init(
      "kernelspec",
      .object([
        .init("display_name", .string("Passbook")), .init("language", .string("passbook")),
        .init("name", .string("passbook")),
      ])),
    .init(
      "language_info",
      .object([
        .init("file_extension", .string(".pass")), .init("mimetype", .string("text/x-passbook")),
        .init("name", .string("passbook")),
      ])),
  ])

  private static func json(of cell: DocumentCell, in source: Source, figures: FigureFiles) -> JSON {
    // An id is 1 to 64 letters, digits, - and _; the number of a cell is unique in its file.
    let id = JSON.Member("id", .string("cell-\(cell.cell.number)"))
    if cell.cell.isMarkdown {
      return .object([
        .init("cell_type", .string("markdown")), id, .init("metadata", .object([])),
        .init("source", lines(cell.markdown(in: source))),
      ])
    }
    var code = cell.cell.title.map { ["#%% " + $0] } ?? []
    var outputs: [JSON] = []
    for segment in cell.segments(in: source) {
      switch segment {
      case .code(let span): code.append(source.text(in: span).replacing("\r\n", with: "\n"))
      case .output(let lines):
        outputs += OutputGroup.groups(of: lines.map(\.item)).map { json(of: $0, figures: figures) }
      }
    }
    return .object([
      .init("cell_type", .string("code")), .init("execution_count", .integer(cell.cell.number)), id,
      .init("metadata", .object(cell.cell.title.map { [.init("title", .string($0))] } ?? [])),
      .init("outputs", .array(outputs)), .init("source", lines(code.joined(separator: "\n"))),
    ])
  }

  private static func json(of group: OutputGroup, figures: FigureFiles) -> JSON {
    switch group {
    case .text(let text):
      return .object([
        .init("name", .string("stdout")), .init("output_type", .string("stream")),
        .init("text", lines(text.joined(separator: "\n") + "\n")),
      ])
    case .figure(let figure):
      let svg = String(decoding: figures.svg(figure), as: UTF8.self)
      let title = figure.title.isEmpty ? "figure" : figure.title
      return .object([
        .init(
          "data",
          .object([.init("image/svg+xml", lines(svg)), .init("text/plain", lines("<\(title)>"))])),
        .init("metadata", .object([])), .init("output_type", .string("display_data")),
      ])
    }
  }

  /// A text as the list of its lines, each with its line end, as Jupyter writes it.
  private static func lines(_ text: String) -> JSON {
    var lines: [JSON] = []
    var line = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      line.append(scalar)
      guard scalar == "\n" else { continue }
      lines.append(.string(String(line)))
      line = String.UnicodeScalarView()
    }
    if !line.isEmpty { lines.append(.string(String(line))) }
    return .array(lines)
  }
}
