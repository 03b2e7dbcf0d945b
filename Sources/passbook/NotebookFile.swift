import Files
import Language
import Notebook

/// A script on disk with its record and the figures beside it.
struct NotebookFile {
  let path: String
  let document: Document
  let figures: FigureFolder
  /// As they were read, to notice whoever else writes the file.
  private let bytes: [UInt8]
  private let mark: [UInt8]

  /// Reads a script; a pipe has no record.
  init(_ path: String) throws {
    guard path != "-" else {
      throw UnreadableScript(description: "standard input keeps no record; name a file")
    }
    let source = try ScriptFile.read(path)
    do {
      bytes = try FileReader.contents(of: path, limit: ScriptFile.largestSize)
    } catch let error as FileError {
      throw UnreadableScript(description: error.description)
    }
    mark = bytes.starts(with: ScriptFile.byteOrderMark) ? ScriptFile.byteOrderMark : []
    guard mark + source.bytes == bytes else {
      throw UnreadableScript(description: "\(path) changed while it was read; try again")
    }
    self.path = path
    document = Document(source)
    figures = FigureFolder(beside: path)
  }

  /// What is odd about the record itself; a run reports everything else.
  var warnings: [Diagnostic] { document.diagnostics.filter { $0.severity == .warning } }

  /// Puts a record in place: first its figures, then the script, whole or not at all; then what nothing refers to goes.
  ///
  /// A file that needs no change is not touched.
  /// - Throws: `FileError`, also where somebody else changed the script meanwhile.
  func write(_ record: Record) throws {
    let text = mark + Array(record.text.utf8)
    if text != bytes {
      guard try FileReader.contents(of: path, limit: ScriptFile.largestSize) == bytes else {
        throw FileError(
          path: path, reason: "it was changed while it ran, so its outputs are not recorded; run it again")
      }
    }
    try figures.write(record.figures)
    if text != bytes { try AtomicFile.write(text, to: path) }
    figures.remove(record.abandonedFigures)
  }
}
