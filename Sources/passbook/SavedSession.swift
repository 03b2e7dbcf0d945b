import Files
import Foundation
import Language
import Notebook
import Runtime
import Synchronization

/// The cells of a prompt that ran, with what they showed, for `:save`.
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
      let count = try self.write(Set(session.history.filter(\.belongsInScript).map(\.number)), to: path)
      session.output.note("wrote \(count) \(count == 1 ? "cell" : "cells") to \(path)")
    }
    return magics.map { $0.name == save.name ? save : $0 }
  }

  /// Writes the script and its figures; answers how many cells it has.
  /// - Parameter numbers: The cells that count; others have been undone.
  private func write(_ numbers: Set<Int>, to path: String) throws -> Int {
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
    let document = Document(Source(name: path, text: text))
    let figures = FigureFolder(beside: path)
    let record = Record(document, with: outputs, figures: figures)
    try figures.write(record.figures)
    try AtomicFile.write(Array(record.text.utf8), to: path)
    return cells.count
  }
}
