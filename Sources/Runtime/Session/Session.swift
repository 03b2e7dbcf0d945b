import Execution
import Language
import Tensors

/// A running notebook: variables, cells, randomness and output. Used from one thread, which may be any.
public final class Session {
  public internal(set) var options: SessionOptions
  public internal(set) var output: any SessionOutput
  /// The seed behind every random stream that has none of its own.
  public internal(set) var seed: UInt64
  /// A cell that ran: its number and its text.
  public struct PastCell: Sendable {
    public let number: Int
    public let text: String
    /// Whether a script needs it; others only ask, or steer the session that is open.
    public let belongsInScript: Bool
  }

  /// The cells that ran and count, for `:history` and `:save`: not those that `:undo` and `:whatif drop` took back.
  public internal(set) var history: [PastCell] = []
  /// The number of the cell that the prompt asks for next.
  public private(set) var nextCellNumber = 1
  private(set) lazy var machine = Machine(session: self, isInterrupted: options.isInterrupted)
  /// How often each native drew a seed.
  var draws: [String: UInt64] = [:]
  /// What the variables were made from, for the mark `stale`.
  var lineage = Lineage()
  /// The session before the last cell, for `:undo`.
  var lastSnapshot: SessionSnapshot?
  /// The session before `:whatif`, while its branch is open.
  var branchPoint: SessionSnapshot?
  /// The files of `:watch`.
  var watched: [WatchedFile] = []
  private var givenNotes: Set<String> = []
  /// How many files include each other at the moment.
  var openIncludes = 0
  /// The path of the script that runs; none for what is typed.
  var scriptName: String?
  /// How many lines such as that of `:time` run inside each other.
  private var openLines = 0

  public init(options: SessionOptions, output: any SessionOutput) {
    self.options = options
    self.output = output
    seed = options.seed
    if let threads = options.threads { Parallelism.use(threads: threads) }
    machine["args"] = .object(ScriptArguments(options.arguments))
  }

  // MARK: Running

  /// Runs a whole script: nothing of it runs if its syntax or its names are wrong.
  ///
  /// - Parameter numbers: The cells that run; all if nil.
  public func run(_ source: Source, cells numbers: Set<Int>? = nil) -> Outcome {
    let (cells, diagnostics) = Parser.parseFile(source)
    guard report(diagnostics), report(check(cells, of: source)) else { return .failed }
    scriptName = source.name
    defer { scriptName = nil }
    for cell in cells where numbers?.contains(cell.number) ?? true {
      nextCellNumber = max(nextCellNumber, cell.number) + 1
      let outcome = run(cell, of: source, isChecked: true)
      guard outcome == .done else { return outcome }
    }
    return .done
  }

  /// Runs one cell, as it is typed at the prompt; its results become `_` and, by its number, `_3`.
  public func runCell(_ source: Source) -> Outcome {
    rereadWatchedFiles()
    let number = nextCellNumber
    let (cell, diagnostics) = Parser.parseCell(source, number: number)
    guard report(diagnostics) else { return .failed }
    if cell.statements.isEmpty { return .done }
    nextCellNumber = number + 1
    // A look at the session is nothing to undo.
    if !cell.isCommand { lastSnapshot = SessionSnapshot(of: self) }
    defer { if !cell.isCommand { lineage.note(CellNames(of: cell)) } }
    return run(cell, of: source, isChecked: false)
  }

  private func run(_ cell: Cell, of source: Source, isChecked: Bool) -> Outcome {
    if cell.isMarkdown { return .done }
    let isRecorded = openIncludes == 0
    if isRecorded {
      history.append(
        PastCell(number: cell.number, text: source.text(in: cell.span), belongsInScript: belongsInScript(cell)))
    }
    machine.prepareStack()
    do {
      // Names that an included file brings are known only after it ran.
      for part in cell.parts {
        let wasChecked = isChecked && !part.followsInclude
        guard wasChecked || report(Resolver.check(part.cell, in: self, source: source)) else { return .failed }
        try run(part.cell, of: source)
      }
      return .done
    } catch is Interrupted {
      return .interrupted
    } catch let quit as Quit {
      return .quit(quit.code)
    } catch {
      let place = Place(source: source, cell: cell.number, span: cell.span)
      _ = report([(place.diagnostic(error) as? Diagnostic) ?? Diagnostic(.error, String(describing: error))])
      return .failed
    }
  }

  private func belongsInScript(_ cell: Cell) -> Bool {
    cell.statements.contains { statement in
      switch statement.kind {
      case .help: false
      case .magic(let name, _): options.magics.first { $0.name == name.text }?.belongsInScript ?? false
      default: true
      }
    }
  }

  func run(_ cell: Cell, of source: Source, isShown: Bool = true) throws {
    let lowering = Lowering(source: source, cell: cell.number, machine: machine, natives: options.natives)
    let actions: [Action?] = try cell.statements.map { statement in
      switch statement.kind {
      case .magic, .help: nil
      default: try lowering.action(statement, wantsValue: true)
      }
    }
    let frame = Frame([Value?](repeating: nil, count: lowering.scope.slotCount), in: machine)
    for (statement, action) in zip(cell.statements, actions) {
      try machine.checkInterrupt()
      if openIncludes == 0, openLines == 0 { output.begin(statement, of: cell) }
      switch statement.kind {
      case .magic(let name, let rest): try runMagic(name, rest, at: lowering.place(statement.span))
      case .help(let query, let wantsSource): output.print(help(on: query, wantsSource: wantsSource))
      default:
        frame.value = .none
        _ = try action?(frame)
        if case .expression = statement.kind {
          show(frame.value, of: cell, isHidden: statement.hidesEcho || !isShown)
        }
      }
      if openIncludes == 0, openLines == 0 { output.end(statement, of: cell) }
    }
  }

  private func show(_ value: Value, of cell: Cell, isHidden: Bool) {
    guard !value.isNone else { return }
    machine.lastResult = value
    if options.echo == .prompt { machine["_\(cell.number)"] = value }
    guard !isHidden else { return }
    if let figure = value.figure {
      output.show(figure)
    } else if options.echo != .nothing {
      output.echo(value.describe())
    } else if case .object(let object) = value, object.isDisplay {
      output.print(value.describe())
    }
  }

  /// Runs a line inside the cell that runs now.
  func evaluate(_ text: String, named name: String) throws {
    let source = Source(name: name, text: text)
    let (cell, diagnostics) = Parser.parseCell(source, number: nextCellNumber)
    let problems = diagnostics + Resolver.check(cell, in: self, source: source)
    if let error = problems.first(where: { $0.severity == .error }) { throw error.placed(in: source) }
    openLines += 1
    defer { openLines -= 1 }
    guard openLines <= 16 else { throw Failure("\(name) stands inside itself more than 16 deep") }
    try run(cell, of: source)
  }

  /// Calls a script's function, a native or an object that can be called, for natives such as `map` and `grad`.
  public func call(_ callee: Value, _ arguments: [Value]) throws -> Value {
    try machine.call(callee, Arguments(arguments))
  }

  /// Throws `Interrupted` once the user has pressed Ctrl-C; natives call it at their safe points.
  public func checkInterrupt() throws { try machine.checkInterrupt() }

  /// How natives send batches through networks.
  var execution: ExecutionOptions { ExecutionOptions(isExact: options.isExact, poll: checkInterrupt) }

  // MARK: Variables and randomness

  /// A variable of the session.
  public subscript(name: String) -> Value? {
    get { machine[name] }
    set { machine[name] = newValue }
  }

  /// The names of all variables that have a value, in order of first use, without `args`, `_` and its kin.
  public var variableNames: [String] {
    machine.globalNames.filter { machine[$0] != nil && !$0.hasPrefix("_") && $0 != "args" }
  }

  /// Forgets all variables and starts the random streams anew.
  public func reset() {
    machine.removeAll()
    draws = [:]
    machine["args"] = .object(ScriptArguments(options.arguments))
  }

  func setSeed(_ newSeed: UInt64) {
    seed = newSeed
    draws = [:]
  }

  func nextSeed(for native: String) -> UInt64 {
    let call = draws[native, default: 0]
    draws[native] = call &+ 1
    return StableHash.seed(seed, native, call: call)
  }

  // MARK: Diagnostics

  /// Reports what there is, each note once; false if there was an error.
  private func report(_ diagnostics: [Diagnostic]) -> Bool {
    for diagnostic in diagnostics {
      if diagnostic.severity == .note {
        // Each once, and only to somebody who is typing: a script that runs knows what it does.
        guard options.echo == .prompt, givenNotes.insert(diagnostic.message).inserted else { continue }
      }
      output.report(diagnostic)
    }
    return !diagnostics.contains { $0.severity == .error }
  }
}

extension Cell {
  /// Whether it holds nothing but `:` and `?` lines.
  fileprivate var isCommand: Bool {
    statements.allSatisfy { statement in
      switch statement.kind {
      case .magic, .help: true
      default: false
      }
    }
  }

  /// Magics after which other names exist.
  private static let namesChange = ["include", "open", "reset"]

  /// The file that the last statement brings names from, with the magic that does it.
  var includedFile: (magic: String, path: String)? {
    guard case .magic(let name, let rest)? = statements.last?.kind, Cell.namesChange.contains(name.text) else {
      return nil
    }
    return (name.text, (try? Magic.path(rest, for: name.text)) ?? "")
  }

  /// The cell cut after each statement that brings names from another file.
  var parts: [(cell: Cell, followsInclude: Bool)] {
    var parts: [(cell: Cell, followsInclude: Bool)] = []
    var part = self
    part.statements = []
    var followsInclude = false
    for statement in statements {
      part.statements.append(statement)
      if case .magic(let name, _) = statement.kind, Cell.namesChange.contains(name.text) {
        parts.append((part, followsInclude))
        part.statements = []
        followsInclude = true
      }
    }
    if !part.statements.isEmpty || parts.isEmpty { parts.append((part, followsInclude)) }
    return parts
  }
}

extension Diagnostic {
  func placed(in source: Source) -> Diagnostic {
    var placed = self
    placed.source = placed.source ?? source
    return placed
  }
}
