import Language
import Tensors

/// Something that `:set` changes: data, like the magics.
struct Setting: Sendable {
  let name: String
  /// What it takes: `on|off`, `NUMBER`.
  let usage: String
  /// What it does, and why one would want it.
  let summary: String
  let value: @Sendable (Session) -> String
  let change: @Sendable (Session, String) throws -> Void

  static let all: [Setting] = [
    onOrOff(
      "echo", "show the result of a bare expression; off for scripts that print what they want seen",
      { $0.options.echo != .nothing }, { $0.options.echo = $1 ? .prompt : .nothing }),
    onOrOff(
      "quiet", "hide progress and live curves of trainings, for logs and slow connections",
      { $0.options.isQuiet }, { $0.options.isQuiet = $1 }),
    onOrOff(
      "exact", "compute networks layer by layer, to compare digits with other tools; several times slower",
      { $0.options.isExact }, { $0.options.isExact = $1 }),
    Setting(
      name: "threads", usage: "NUMBER", summary: "cores that work at a time; results do not depend on it",
      value: { _ in String(Parallelism.threads) },
      change: { session, word in
        guard let count = Int(word), (1...256).contains(count) else {
          throw Failure("threads takes a whole number from 1 to 256, not '\(word)'")
        }
        session.options.threads = count
        Parallelism.use(threads: count)
      }),
    Setting(
      name: "seed", usage: "NUMBER", summary: "where random streams without a seed: of their own start; as :seed",
      value: { String($0.seed) },
      change: { session, word in
        guard let seed = UInt64(word) else { throw Failure("a seed is a whole number from 0 on, not '\(word)'") }
        session.setSeed(seed)
      }),
  ]

  private static func onOrOff(
    _ name: String, _ summary: String, _ get: @escaping @Sendable (Session) -> Bool,
    _ set: @escaping @Sendable (Session, Bool) -> Void
  ) -> Setting {
    Setting(
      name: name, usage: "on|off", summary: summary, value: { get($0) ? "on" : "off" },
      change: { session, word in
        guard ["on", "off"].contains(word) else { throw Failure("\(name) is on or off, not '\(word)'") }
        set(session, word == "on")
      })
  }
}

extension Session {
  /// `:set` shows all settings, `:set NAME` one, `:set NAME VALUE` changes one.
  func set(_ rest: String) throws {
    let words = rest.split(separator: " ").map(String.init)
    guard let name = words.first else {
      let rows = try Setting.all.map { setting in
        try Record([
          .init(name: "setting", value: .text(setting.name)), .init(name: "value", value: .text(setting.value(self))),
          .init(name: "takes", value: .text(setting.usage)), .init(name: "what", value: .text(setting.summary)),
        ])
      }
      // Not as a table, which would cut the reasons short.
      for row in rows {
        let cells = row.fields.map(\.value.display)
        output.print(Self.wrapped("\(cells[0]) \(cells[1])  (\(cells[2]))  \(cells[3])", indent: 4))
      }
      return
    }
    guard let setting = Setting.all.first(where: { $0.name == name }) else {
      let names = Setting.all.map(\.name)
      var failure = Failure(
        "there is no setting '\(name)'", help: "the settings are \(names.joined(separator: ", "))")
      if let near = EditDistance.closest(to: name, among: names) { failure.help = ["did you mean '\(near)'?"] }
      throw failure
    }
    guard words.count > 1 else { return output.print("\(name) \(setting.value(self))  (\(setting.usage))") }
    guard words.count == 2 else { throw Failure("write :set \(name) \(setting.usage)") }
    try setting.change(self, words[1])
  }
}
