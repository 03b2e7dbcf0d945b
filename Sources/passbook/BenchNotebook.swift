import ArgumentParser
import Language
import Notebook

/// `passbook bench notebook`: how long a long recorded session takes to open, compare and record.
struct BenchNotebook: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "notebook", abstract: "Time opening, comparing and recording a script of many cells.")

  @Option(help: "Cells, each with three lines of code and four of output.")
  var cells = 1000

  func validate() throws {
    guard (1...100_000).contains(cells) else {
      throw ValidationError("--cells takes a number from 1 to 100000, not \(cells)")
    }
  }

  func run() throws {
    let text = (1...cells).map { number in
      """
      #%% cell \(number)
      x = [\(number), 2, 3]
      sum(x)  #=> \(number + 5)
      print(table)
      #=> epoch   loss    free
      #=>     1  4.059  43.36%
      #=>     2  3.118  78.52%

      """
    }.joined()
    let clock = ContinuousClock()
    let source = Source(name: "bench.pass", text: text)
    var document = Document(source)
    let opening = clock.measure { document = Document(source) }
    var outputs = FreshOutputs()
    for cell in document.cells {
      for (index, statement) in cell.cell.statements.enumerated() {
        outputs.begin(at: statement.span.start)
        if index == 1 { outputs.print("\(cell.cell.number + 5)") }
        if index == 2 { outputs.print("epoch  loss   free\n    1  4.059  43.36%\n    2  3.119  99.99%") }
        outputs.end()
      }
    }
    let folder = FigureFolder(beside: source.name)
    var (differences, changes) = (0, 0)
    let comparing = clock.measure { differences = document.mismatches(with: outputs, figures: folder).count }
    let recording = clock.measure { changes = Record(document, with: outputs, figures: folder).changedLines }
    print(
      """
      {"cells": \(cells), "open_ms": \(milliseconds(opening)), "compare_ms": \(milliseconds(comparing)), \
      "record_ms": \(milliseconds(recording)), "differences": \(differences), "changes": \(changes)}
      """)
  }

  private func milliseconds(_ duration: Duration) -> Double { (duration / .milliseconds(1) * 10).rounded() / 10 }
}
