import ArgumentParser
import Files
import Language
import Notebook
import Runtime

/// `passbook run FILE --record`: a run whose outputs go into the script, all of them or those of one cell.
struct RecordedRun {
  let file: NotebookFile
  let flags: SessionFlags
  let arguments: [ScriptArgument]

  /// Runs all cells, or one with those before it that it needs.
  /// - Parameter cell: A number, or the beginning of a title.
  /// - Throws: The exit code of the run, if it is not 0. The outputs of what came to its end are recorded anyway.
  func run(cell name: String?) throws {
    let choice = try name.map(choice(named:))
    let console = Console(isQuiet: flags.quiet)
    file.warnings.forEach(console.report)
    let recorder = Recorder(console)
    let outcome = flags.outcome(
      of: file.document.code, echo: .all, arguments: arguments, output: recorder, cells: choice?.run)
    let isWritten = console.close()
    let record = Record(
      file.document, with: recorder.outputs, figures: file.figures, cells: choice.map { [$0.recorded] },
      stale: outcome == .done ? choice?.stale ?? [] : [])
    do {
      try file.write(record)
    } catch let error as FileError {
      reportError(error.description)
      throw ExitCode(1)
    }
    try SessionFlags.leave(outcome, isWritten: isWritten)
  }

  /// What one cell brings with it; cells by their numbers.
  private struct Choice {
    var recorded: Int
    var run: Set<Int>
    var stale: Set<Int>
  }

  private func choice(named name: String) throws -> Choice {
    let cells = file.document.cells
    guard let index = file.document.indexOfCell(named: name) else {
      throw ValidationError(
        "no single cell of \(file.path) is meant by --cell \(name); give a number from 1 to \(cells.count), or how its "
          + "title begins")
    }
    let dependencies = CellDependencies(file.document, natives: flags.dependencyNatives)
    let number = cells[index].cell.number
    return Choice(
      recorded: number, run: Set(dependencies.needed(by: index).map { cells[$0].cell.number } + [number]),
      stale: Set(dependencies.dependents(of: index).map { cells[$0].cell.number }))
  }
}

extension SessionFlags {
  /// What the natives do to the names that they are given, from their table.
  fileprivate var dependencyNatives: CellDependencies.Natives {
    let natives = options(echo: .all).natives
    return CellDependencies.Natives(
      keepsArguments: { natives[$0] != nil && $0 != "train" },
      drawsSeeds: { natives[$0]?.parameters.contains { $0.label == "seed" } ?? false })
  }
}
