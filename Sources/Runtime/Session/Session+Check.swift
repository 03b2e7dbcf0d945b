import Language

extension Session {
  /// What is wrong with a script, without running it.
  public func check(_ source: Source) -> [Diagnostic] {
    let (cells, diagnostics) = Parser.parseFile(source)
    return diagnostics.contains { $0.severity == .error } ? diagnostics : diagnostics + check(cells, of: source)
  }

  /// Names and labels of cells that run one after the other, as far as the first included file.
  func check(_ cells: [Cell], of source: Source) -> [Diagnostic] {
    var scope = ScriptScope(base: self)
    var diagnostics: [Diagnostic] = []
    for cell in cells where !cell.isMarkdown {
      guard let part = cell.parts.first else { continue }
      diagnostics += Resolver.check(part.cell, in: scope, source: source)
      diagnostics += formats(in: part.cell, of: source)
      if cell.parts.count > 1 { break }
      scope.define(Definitions(in: cell.statements))
    }
    return diagnostics
  }

  /// What only lowering finds, such as a bad format in a text.
  private func formats(in cell: Cell, of source: Source) -> [Diagnostic] {
    let lowering = Lowering(source: source, cell: cell.number, machine: machine, natives: options.natives)
    for statement in cell.statements {
      switch statement.kind {
      case .magic, .help: continue
      default: break
      }
      do {
        _ = try lowering.action(statement, wantsValue: false)
      } catch let diagnostic as Diagnostic {
        return [diagnostic]
      } catch {
        return [Diagnostic(.error, String(describing: error), at: statement.span, source: source)]
      }
    }
    return []
  }
}
