import Language

extension Session {
  /// What is wrong with a script, without running it.
  public func check(_ source: Source) -> [Diagnostic] {
    let (cells, diagnostics) = Parser.parseFile(source)
    return diagnostics.contains { $0.severity == .error } ? diagnostics : diagnostics + check(cells, of: source)
  }

  /// Names and labels of cells that run one after the other, and of the files that they include.
  func check(_ cells: [Cell], of source: Source) -> [Diagnostic] {
    var scope = ScriptScope(base: self)
    var diagnostics: [Diagnostic] = []
    _ = check(cells, of: source, in: &scope, depth: 0, &diagnostics)
    return diagnostics
  }

  /// - Returns: Whether all names are known behind these cells; not if a file that they include cannot be read yet.
  private func check(
    _ cells: [Cell], of source: Source, in scope: inout ScriptScope, depth: Int, _ diagnostics: inout [Diagnostic]
  ) -> Bool {
    for cell in cells where !cell.isMarkdown {
      for part in cell.parts {
        diagnostics += Resolver.check(part.cell, in: scope, source: source)
        diagnostics += formats(in: part.cell, of: source)
        scope.define(Definitions(in: part.cell.statements))
        guard let file = part.cell.includedFile else { continue }
        guard file.magic == "include", depth < Self.deepestInclude,
          let text = try? ScriptFile.read(ScriptFile.locate(file.path, beside: source.name))
        else { return false }
        let included = Source(name: ScriptFile.locate(file.path, beside: source.name), text: text)
        let (cells, mistakes) = Parser.parseFile(included)
        diagnostics += mistakes.map { $0.placed(in: included) }
        guard check(cells, of: included, in: &scope, depth: depth + 1, &diagnostics) else { return false }
      }
    }
    return true
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
