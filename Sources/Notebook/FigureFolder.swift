import Files
import Foundation

/// The folder beside a script that holds its figures: `lesson1.figures` for `lesson1.pass`.
public struct FigureFolder: Sendable {
  /// Relative to the folder of the script.
  public let name: String
  /// The folder of the script with a slash at its end; empty for the current one.
  private let parent: String

  /// A figure is text of a few thousand lines at most.
  private static let largestFigure = 64 << 20

  /// - Parameter script: The path of the script.
  public init(beside script: String) {
    let slash = script.lastIndex(of: "/")
    parent = slash.map { String(script[...$0]) } ?? ""
    let file = slash.map { script[script.index(after: $0)...] } ?? script[...]
    name = (file.hasSuffix(".pass") ? file.dropLast(".pass".count) : file) + ".figures"
  }

  /// Where a figure lies, given its path in a reference; nil for a path that leaves the folder of the script.
  public func location(of path: String) -> String? {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    return parts.contains { $0.isEmpty || $0 == ".." } ? nil : parent + path
  }

  /// The text of a figure on record; nil where it cannot be read.
  public func svg(at path: String) -> String? {
    guard let location = location(of: path),
      let bytes = try? FileReader.contents(of: location, limit: Self.largestFigure)
    else { return nil }
    return String(validating: bytes, as: UTF8.self)
  }

  /// Writes figures that are not there yet as they should be; throws `FileError`.
  public func write(_ figures: [Record.Figure]) throws {
    for figure in figures where svg(at: figure.path) != figure.svg {
      guard let location = location(of: figure.path) else { continue }
      do {
        try FileManager.default.createDirectory(atPath: parent + name, withIntermediateDirectories: true)
      } catch {
        throw FileError(
          path: parent + name, reason: "this folder for figures cannot be made; check who owns its parent")
      }
      try AtomicFile.write(Array(figure.svg.utf8), to: location)
    }
  }

  /// Removes figures that nothing refers to any more, and the folder with the last of them.
  public func remove(_ paths: [String]) {
    // A figure that is gone already, or that may not be removed, is no reason to fail.
    for location in paths.filter(owns).compactMap(location) { unlink(location) }
    if !paths.isEmpty { rmdir(parent + name) }
  }

  /// The path of the figure that is the `number`th of its cell.
  func path(cell: Int, number: Int) -> String { "\(name)/\(cell)-\(number).svg" }

  /// Whether a path in a reference is one that `path` makes.
  func owns(_ path: String) -> Bool {
    path.hasPrefix(name + "/") && location(of: path) != nil
  }

  /// What a reference says of the contents of a figure.
  static func hash(of svg: String) -> String { String(Checksum.sha256(of: Array(svg.utf8)).prefix(12)) }
}
