import Language

extension Session {
  static let deepestInclude = 16

  /// Runs the cells of another file in this session; files may include each other to a depth of 16.
  ///
  /// - Parameters:
  ///   - name: Beside the file that names it, or else in the current folder.
  ///   - isShown: Whether code and results appear as they would if the cells were typed.
  func include(_ name: String, isShown: Bool = false) throws {
    guard openIncludes < Self.deepestInclude else {
      throw Failure("files include each other more than \(Self.deepestInclude) deep")
    }
    let path = ScriptFile.locate(name, beside: scriptName)
    let includer = scriptName
    scriptName = path
    defer { scriptName = includer }
    let source = Source(name: path, text: try ScriptFile.read(path))
    let (cells, diagnostics) = Parser.parseFile(source)
    if let error = diagnostics.first(where: { $0.severity == .error }) { throw error.placed(in: source) }
    openIncludes += 1
    defer { openIncludes -= 1 }
    for cell in cells where !cell.isMarkdown {
      if isShown { output.print(Self.code(of: cell, in: source)) }
      for part in cell.parts {
        let problems = Resolver.check(part.cell, in: self, source: source)
        if let error = problems.first(where: { $0.severity == .error }) { throw error.placed(in: source) }
        try run(part.cell, of: source, isShown: isShown)
      }
    }
  }

  /// The text of a cell without outputs on record.
  private static func code(of cell: Cell, in source: Source) -> String {
    let outputs = Lexer.tokenize(source, in: cell.span).comments.filter { $0.kind == .output }
    var start = cell.span.start
    var text = ""
    for span in outputs.map(\.span) + [Span(cell.span.end, cell.span.end)] {
      text += source.text(in: Span(start, span.start))
      start = span.end
    }
    return text.split(separator: "\n").map { String($0).trimmingEnd }.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  /// Runs the cells of a file before the first cell of a prompt; what is wrong is reported.
  /// - Returns: Whether it ran through.
  public func include(path: String) -> Bool {
    machine.prepareStack()
    do {
      try include(path)
      return true
    } catch is Interrupted {
      output.note("interrupted")
    } catch {
      output.report((error as? Diagnostic) ?? Diagnostic(.error, "\(error)"))
    }
    return false
  }
}
