import Files
import Foundation
import Language
import Notebook
import Runtime
import Synchronization

/// The cells of a prompt that ran, with what they showed, for `:save` and `:export`.
final class SavedSession: Sendable {
  private struct SavedCell: Sendable {
    var number: Int
    var text: String
    var outputs: FreshOutputs
  }

  private let cells = Mutex<[SavedCell]>([])

  func add(_ text: String, number: Int, _ outputs: FreshOutputs) {
    cells.withLock { $0.append(SavedCell(number: number, text: text, outputs: outputs)) }
  }

  /// The magics of a session with a `:save` that knows the outputs.
  func magics(_ magics: [Magic]) -> [Magic] {
    let save = Magic("save", "FILE", summary: "write the cells that ran, with their outputs, as a script") {
      session, rest in
      let path = try Magic.path(rest, for: ":save")
      let count = try self.write(session.cellsOfScript, to: path)
      session.output.note("wrote \(count) \(count == 1 ? "cell" : "cells") to \(path)")
    }
    let summary = "write the cells that ran, with what they showed, as .html, .md or .ipynb"
    let export = Magic("export", "FILE", summary: summary) { session, rest in
      let path = try Magic.path(rest, for: ":export")
      try self.export(session.cellsOfScript, to: path)
      session.output.note("wrote \(path)")
    }
    return magics.map { $0.name == save.name ? save : $0.name == export.name ? export : $0 }
  }

  /// Writes a page or notebook; Markdown refers to figures beside it, the others hold theirs.
  private func export(_ numbers: Set<Int>, to path: String) throws {
    guard let format = Export.Format(path: path) else {
      throw Failure("the name of the file says what to write: .html, .md or .ipynb, not '\(path)'")
    }
    let own = FilePath.folder(of: path)
    let script = FilePath.name(of: FilePath.replacingSuffix(of: path, by: "pass"))
    if format == .markdown {
      let document = try record(numbers, as: FilePath.join(own, script))
      try AtomicFile.write(Array(format.text(of: document, in: own, for: path).utf8), to: path)
      return
    }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("passbook-" + UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let document = try record(numbers, as: FilePath.join(folder, script))
    try AtomicFile.write(Array(format.text(of: document, in: folder, for: path).utf8), to: path)
  }

  /// Writes the script and its figures; answers how many cells it has.
  private func write(_ numbers: Set<Int>, to path: String) throws -> Int {
    let document = try record(numbers, as: path)
    try AtomicFile.write(document.source.bytes, to: path)
    return document.cells.count
  }

  /// The cells as a script with their outputs on record, whose figures are written beside its path.
  /// - Parameter numbers: The cells that belong to it.
  private func record(_ numbers: Set<Int>, as path: String) throws -> Document {
    let cells = cells.withLock { $0 }.filter { numbers.contains($0.number) }
    var text = ""
    var outputs = FreshOutputs()
    for cell in cells {
      if !text.isEmpty { text += "\n" }
      // What was pasted with a header keeps it.
      if !cell.text.hasPrefix("#%%") && !cell.text.hasPrefix("# %%") { text += "#%%\n" }
      outputs.add(cell.outputs, movedBy: text.utf8.count)
      text += cell.text + "\n"
    }
    let figures = FigureFolder(beside: path)
    let record = Record(Document(Source(name: path, text: text)), with: outputs, figures: figures)
    try figures.write(record.figures)
    return Document(Source(name: path, text: record.text))
  }
}

extension Session {
  /// The numbers of the cells that a script needs: no questions, and nothing that only steers the session.
  fileprivate var cellsOfScript: Set<Int> { Set(history.filter(\.belongsInScript).map(\.number)) }
}
