import ArgumentParser
import Foundation
import Notebook

/// `passbook export FILE`: a script and the outputs on record as a page, as Markdown or as a Jupyter notebook.
struct Export: ParsableCommand {
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case html, markdown, ipynb

    /// The ending of its files.
    var suffix: String { self == .markdown ? "md" : rawValue }

    /// The format that the name of a file asks for.
    init?(path: String) {
      switch FilePath.name(of: path).split(separator: ".").last?.lowercased() {
      case "html", "htm": self = .html
      case "md", "markdown": self = .markdown
      case "ipynb": self = .ipynb
      default: return nil
      }
    }
  }

  static let configuration = CommandConfiguration(
    abstract: "Write a script and its outputs on record as HTML, Markdown or a Jupyter notebook.",
    discussion: "Nothing is run: the outputs are those in the file. `passbook run FILE --record` puts them there.")

  @Argument(help: ArgumentHelp("The script.", valueName: "file"))
  var path: String

  @Option(help: "html, markdown or ipynb; what the ending of the output says, or html.")
  var to: Format?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Where to write, - for standard output; beside the script if not given.", valueName: "file"))
  var output: String?

  func run() throws {
    let document = Document(try ScriptFile.read(path))
    try Diagnostics.report(document.diagnostics)
    let format = to ?? output.flatMap(Format.init(path:)) ?? .html
    let target = output ?? (path == "-" ? "-" : FilePath.replacingSuffix(of: path, by: format.suffix))
    guard target == "-" || Self.absolute(target) != Self.absolute(path) else {
      throw ValidationError("the export would overwrite the script \(path); name another file with -o")
    }
    do {
      let folder = path == "-" ? "." : FilePath.folder(of: path)
      try OutputFile.write(format.text(of: document, in: folder, for: target), to: target)
    } catch let failure as ExportFailure {
      try Diagnostics.report(failure.diagnostics)
    }
  }

  /// An absolute path without links, as far as it exists.
  fileprivate static func absolute(_ path: String) -> String {
    URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
  }
}

extension Export.Format {
  /// A document with its outputs on record.
  /// - Parameters:
  ///   - folder: That of the script, where its figures lie.
  ///   - target: Where the text will stand, from where Markdown refers to the figures.
  func text(of document: Document, in folder: String, for target: String) throws -> String {
    let figures = try FigureFiles(of: document, folder: folder)
    switch self {
    case .html: return try HTMLExport.page(of: document, figures: figures)
    case .ipynb: return try NotebookExport.text(of: document, figures: figures)
    case .markdown:
      let base = target == "-" ? folder : FilePath.folder(of: target)
      let seen = FilePath.relative(Export.absolute(folder), from: Export.absolute(base))
      return MarkdownExport.text(of: document, figureFolder: seen)
    }
  }
}
