import Files
import Foundation
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

  /// Puts a record in place: first its figures, then the script, whole or not at all; then what nothing refers to goes.
  ///
  /// A file that needs no change is not touched.
  /// - Throws: `FileError`, also where somebody else changed the script meanwhile.
  func write(_ record: Record) throws {
    for figure in record.figures where figures.svg(at: figure.path) != figure.svg {
      guard let location = figures.location(of: figure.path) else { continue }
      try makeFolder(of: location)
      try AtomicFile.write(Array(figure.svg.utf8), to: location)
    }
    let text = mark + Array(record.text.utf8)
    if text != bytes {
      guard try FileReader.contents(of: path, limit: ScriptFile.largestSize) == bytes else {
        throw FileError(path: path, reason: "it was changed while it ran, so its outputs are not recorded; run it again")
      }
      try AtomicFile.write(text, to: path)
    }
    removeFigures(record.abandonedFigures)
  }

  private func makeFolder(of location: String) throws {
    let folder = (location as NSString).deletingLastPathComponent
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw FileError(path: folder, reason: "this folder for the figures cannot be made; check who owns its parent")
    }
  }

  /// A figure that is gone already, or that somebody made a folder of, is no reason to fail.
  private func removeFigures(_ paths: [String]) {
    for location in paths.compactMap(figures.location(of:)) {
      unlink(location)
      rmdir((location as NSString).deletingLastPathComponent)  // only if it is empty
    }
  }
}
