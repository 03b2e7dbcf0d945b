import Files
import Language

/// The figures on record of a document, read from their files and held to their checksums.
public struct FigureFiles: Sendable {
  /// Files of figures and pictures are at most so large, in bytes.
  static let largest = 64 << 20

  /// The folder of the script: paths on record start there.
  public let folder: String
  /// The bytes of the SVG file of each figure.
  private let contents: [FigureReference: [UInt8]]

  /// Reads every figure of a document.
  ///
  /// Throws `ExportFailure` with a diagnostic for each file that is missing or is not the one on record.
  public init(of document: Document, folder: String) throws {
    self.folder = folder
    var contents: [FigureReference: [UInt8]] = [:]
    var diagnostics: [Diagnostic] = []
    for cell in document.cells {
      for case .output(let lines) in cell.segments(in: document.source) {
        for case (.figure(let figure), let span) in lines.map({ ($0.item, $0.span) }) where contents[figure] == nil {
          do {
            contents[figure] = try Self.read(figure, in: folder)
          } catch {
            var diagnostic = Diagnostic(
              .error, error.reason, at: span,
              help: ["record it anew: passbook run \(document.source.name) --record"], source: document.source)
            diagnostic.cell = cell.cell.number
            diagnostics.append(diagnostic)
          }
        }
      }
    }
    guard diagnostics.isEmpty else { throw ExportFailure(diagnostics) }
    self.contents = contents
  }

  /// The SVG of a figure of the document.
  func svg(_ figure: FigureReference) -> [UInt8] { contents[figure] ?? [] }

  private struct Problem: Error { var reason: String }

  private static func read(_ figure: FigureReference, in folder: String) throws(Problem) -> [UInt8] {
    do {
      let bytes = try FileReader.contents(of: FilePath.join(folder, figure.path), limit: largest)
      let hash = Checksum.sha256(of: bytes).prefix(figure.hash.count)
      if hash == figure.hash.lowercased() { return bytes }
      throw Problem(
        reason: "the figure \(figure.path) has changed: its checksum is \(hash), on record is \(figure.hash)")
    } catch let problem as Problem {
      throw problem
    } catch {
      let reason = (error as? FileError)?.reason ?? String(describing: error)
      throw Problem(reason: "the figure \(figure.path) cannot be read: \(reason)")
    }
  }
}
