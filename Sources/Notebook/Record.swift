import Language

/// The text of a document with the outputs of a run on record.
///
/// Output that still matches, by value and within its tolerances, keeps its bytes; so does everything that is no
/// recorded output.
public struct Record: Sendable {
  /// A figure to be written beside the script.
  public struct Figure: Sendable, Equatable {
    /// Relative to the folder of the script.
    public let path: String
    public let svg: String
  }

  /// The new text of the script.
  public let text: String
  /// The figures that the new text refers to and that the run drew.
  public let figures: [Figure]
  /// Figures of the script's own folder that the old text refers to and the new one does not.
  public let abandonedFigures: [String]
  /// Lines of code whose output on record changed.
  public let changedLines: Int

  /// - Parameters:
  ///   - cells: The numbers of the cells that are recorded; all if nil. What did not run to its end keeps its record.
  ///   - stale: Cells that get the tag `[stale]`; those that are recorded lose it.
  public init(
    _ document: Document, with outputs: FreshOutputs, figures folder: FigureFolder, cells: Set<Int>? = nil,
    stale: Set<Int> = []
  ) {
    var recorder = OutputRecorder(document, folder)
    for cell in document.cells {
      let isRecorded = cells?.contains(cell.cell.number) ?? true
      recorder.visit(cell, with: isRecorded ? outputs : FreshOutputs())
      let ranToItsEnd = cell.lines.allSatisfy { outputs.items(of: $0, in: cell.cell) != nil }
      recorder.mark(cell, isStale: stale.contains(cell.cell.number), wasRecorded: isRecorded && ranToItsEnd)
    }
    text = recorder.edits.applied(to: document.source)
    figures = recorder.figures
    changedLines = recorder.changedLines
    let referred = recorder.usedPaths
    abandonedFigures = document.figureReferences.map(\.path).filter { !referred.contains($0) && folder.owns($0) }
  }
}

extension Document {
  /// All figures on record, in order.
  var figureReferences: [FigureReference] {
    cells.flatMap(\.lines).flatMap { $0.output?.items ?? [] }.compactMap { item in
      if case .figure(let reference) = item { reference } else { nil }
    }
  }
}
