import Language

/// A command to the session itself, written in column 1: `:vars`; data, like the natives.
public struct Magic: Sendable {
  public let name: String
  /// How to write what follows, empty for nothing: `FILE`.
  public let usage: String
  /// One line.
  public let summary: String
  /// Whether a script needs the line; others ask, or steer the session that is open.
  public let belongsInScript: Bool
  let body: @Sendable (Session, String) throws -> Void

  public init(
    _ name: String, _ usage: String = "", belongsInScript: Bool = false, summary: String,
    run body: @escaping @Sendable (Session, String) throws -> Void
  ) {
    self.name = name
    self.usage = usage
    self.summary = summary
    self.belongsInScript = belongsInScript
    self.body = body
  }

  /// The magics that need no notebook around the session.
  public static let standard: [Magic] = [
    Magic("help", "[NAME]", summary: "what there is, or one name; the same as ?NAME") { session, rest in
      session.output.print(session.help(on: rest, wantsSource: false))
    },
    Magic("vars", summary: "the variables: kind, shape, size, value, and which are stale") { session, _ in
      session.output.print(try session.variableTable())
    },
    Magic("time", "STATEMENT", belongsInScript: true, summary: "run a statement and say how long it took") {
      session, rest in
      let clock = ContinuousClock()
      let start = clock.now
      try session.evaluate(rest, named: ":time")
      let (seconds, fraction) = (clock.now - start).components
      let duration = Double(seconds) + Double(fraction) * 1e-18
      session.output.note("took \(duration.shown(as: .duration))")
    },
    Magic("reset", belongsInScript: true, summary: "forget all variables") { session, _ in session.reset() },
    Magic("seed", "[NUMBER]", belongsInScript: true, summary: "show or set the seed of the random streams") {
      session, rest in
      guard !rest.isEmpty else { return session.output.print("seed \(session.seed)") }
      guard let seed = UInt64(rest) else { throw Failure("a seed is a whole number from 0 on, not '\(rest)'") }
      session.setSeed(seed)
    },
    Magic("history", summary: "the cells that ran") { session, _ in
      session.output.print(session.history.dropLast().map(\.text).joined(separator: "\n"))
    },
    Magic(
      "set", "[NAME [VALUE]]", belongsInScript: true,
      summary: "the settings and what they are for, one of them, or a new value"
    ) {
      try $0.set($1)
    },
    Magic("undo", summary: "take back what the last cell bound, trained and drew") { session, _ in try session.undo() },
    Magic("whatif", "[keep|drop]", summary: "try cells on a branch of the session, then keep or drop what they did") {
      try $0.whatIf($1)
    },
    Magic(
      "watch", "[FILE|off]", belongsInScript: true,
      summary: "read a file's functions and models, and again whenever it changes"
    ) {
      try $0.watch($1)
    },
    Magic("include", "FILE", belongsInScript: true, summary: "run the cells of another script here") { session, rest in
      try session.include(Magic.path(rest, for: ":include"))
    },
    Magic("open", "FILE", belongsInScript: true, summary: "forget all variables, then run a script") { session, rest in
      let path = try Magic.path(rest, for: ":open")
      session.reset()
      try session.include(path)
    },
    Magic("save", "FILE", summary: "write the cells that ran as a script") { session, rest in
      let path = try Magic.path(rest, for: ":save")
      let cells = session.history.filter(\.belongsInScript).map(\.text)
      try ScriptFile.write(cells.map { "#%%\n\($0)\n" }.joined(separator: "\n"), to: path)
      session.output.note("wrote \(cells.count) cells to \(path)")
    },
    Magic(
      "replay", "FILE", belongsInScript: true, summary: "show and run the cells of a script here, one after the other"
    ) { session, rest in
      try session.include(Magic.path(rest, for: ":replay"), isShown: true)
    },
    Magic("export", "FILE", summary: "write the cells that ran, with what they showed, as .html, .md or .ipynb") {
      _, _ in
      throw Failure(
        "only a prompt keeps what its cells showed",
        help: "put a script's outputs on record with passbook run FILE --record, then passbook export FILE")
    },
    Magic("quit", "[CODE]", summary: "leave") { _, rest in
      guard let code = rest.isEmpty ? 0 : Int32(rest), (0...255).contains(code) else {
        throw Failure("an exit code is a number from 0 to 255, not '\(rest)'")
      }
      throw Quit(code: code)
    },
  ]

  /// The path behind a magic, with or without quotes.
  public static func path(_ rest: String, for magic: String) throws -> String {
    let path =
      rest.hasPrefix("\"") && rest.hasSuffix("\"") && rest.count > 1 ? String(rest.dropFirst().dropLast()) : rest
    guard !path.isEmpty else { throw Failure("\(magic) needs a file: \(magic) lesson.pass") }
    return path
  }
}

extension Session {
  func runMagic(_ name: Name, _ rest: String, at place: Place) throws {
    guard let magic = options.magics.first(where: { $0.name == name.text }) else {
      var failure = Failure("there is no magic ':\(name.text)'", help: ":help lists them")
      if let near = EditDistance.closest(to: name.text, among: magics) { failure.help = ["did you mean ':\(near)'?"] }
      throw place.diagnostic(failure)
    }
    do {
      try magic.body(self, rest.trimmingSpaces)
    } catch { throw place.diagnostic(error) }
  }
}

extension String {
  var trimmingEnd: String { String(reversed().drop { $0.isWhitespace }.reversed()) }

  var trimmingSpaces: String {
    let start = drop { $0.isWhitespace }
    return String(start.reversed().drop { $0.isWhitespace }.reversed())
  }
}
