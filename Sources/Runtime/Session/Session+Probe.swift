import Figures
import Language

extension Session {
  /// Runs statements that only look, such as the checker of a lesson's task: nothing is shown or kept, and what they
  /// assign, draw or train is undone.
  /// - Returns: Nil if all ran through, or the first error.
  public func probe(_ source: Source) -> Diagnostic? {
    let (cell, diagnostics) = Parser.parseCell(source, number: nextCellNumber)
    let problems = diagnostics + Resolver.check(cell, in: self, source: source)
    if let error = problems.first(where: { $0.severity == .error }) { return error }
    let kept = (output: output, session: SessionSnapshot(of: self))
    output = SilentOutput()
    defer {
      output = kept.output
      kept.session.restore(self)
    }
    machine.prepareStack()
    do {
      try run(cell, of: source)
      return nil
    } catch {
      let place = Place(source: source, cell: cell.number, span: cell.span)
      return (place.diagnostic(error) as? Diagnostic) ?? Diagnostic(.error, "the check was stopped")
    }
  }
}

/// Swallows what is written.
struct SilentOutput: SessionOutput {
  func print(_ text: String) {}
  func echo(_ text: String) {}
  func show(_ figure: Figure) {}
  func report(_ diagnostic: Diagnostic) {}
  func note(_ text: String) {}
}
