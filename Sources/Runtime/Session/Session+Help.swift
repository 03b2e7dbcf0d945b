import Language

extension Session {
  /// What `?query` shows: a native with parameters and example, a function with its documentation, or a short tour.
  func help(on query: String, wantsSource: Bool) -> String {
    let name = query.trimmingSpaces
    if name.isEmpty { return tour }
    if name.hasPrefix(":") {
      guard let magic = options.magics.first(where: { ":" + $0.name == name }) else { return unknown(name) }
      return [":\(magic.name)", magic.usage].filter { !$0.isEmpty }.joined(separator: " ") + "\n"
        + Self.wrapped("  " + magic.summary, indent: 2)
    }
    if let value = machine[name] { return help(on: value, named: name, wantsSource: wantsSource) }
    if let native = options.natives[name] { return help(on: native) }
    if let area = options.natives.areas.first(where: { $0.name == name }) {
      let related = NativeTable.related[name].map { "see also " + $0.map { "?" + $0 }.joined(separator: ", ") }
      return (area.natives.map {
        Self.wrapped($0.signatureText, indent: 4) + "\n" + Self.wrapped("  " + $0.summary, indent: 2)
      } + (related.map { [$0] } ?? [])).joined(separator: "\n")
    }
    return unknown(name)
  }

  private func unknown(_ name: String) -> String {
    let names = names + options.natives.areas.map(\.name)
    let near = EditDistance.closest(to: name, among: names).map { "did you mean '\($0)'?" }
    return "nothing is named '\(name)'; \(near ?? "? lists the names there are")"
  }

  private func help(on value: Value, named name: String, wantsSource: Bool) -> String {
    switch value {
    case .native(let native): return help(on: native)
    case .function(let function):
      var lines = [function.signatureText]
      if let documentation = function.documentation {
        lines += documentation.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)" }
      }
      if wantsSource { lines.append(function.sourceText) }
      return lines.joined(separator: "\n")
    case .object(let object):
      var lines = ["\(name) is \(value.kindName)", object.describe()]
      if !object.fieldNames.isEmpty { lines.append("fields: " + object.fieldNames.joined(separator: ", ")) }
      return lines.joined(separator: "\n")
    default: return "\(name) is \(value.kindName)\n\(value.describe())"
    }
  }

  /// Parameters in aligned columns, then the example.
  private func help(on native: Native) -> String {
    var lines = [Self.wrapped(native.signatureText, indent: 4), Self.wrapped("  " + native.summary, indent: 2)]
    let width = native.parameters.map(\.label.count).max() ?? 0
    for parameter in native.parameters {
      let label = parameter.label + String(repeating: " ", count: width - parameter.label.count)
      let fallback = parameter.defaultText.map { ", default \($0)" } ?? ""
      lines.append(Self.wrapped("    \(label)  \(parameter.summary) (\(parameter.type)\(fallback))", indent: width + 6))
    }
    lines.append("  example:")
    lines += native.example.split(separator: "\n").map { "    \($0)" }
    if let result = native.exampleResult {
      lines += result.split(separator: "\n", omittingEmptySubsequences: false).map { "    #=> \($0)" }
    }
    return lines.joined(separator: "\n")
  }

  /// The columns of a narrow terminal that text for people takes, whatever the terminal has: outputs are recorded.
  static let helpWidth = 79

  /// The text in lines of a narrow terminal, broken at spaces; all but the first are indented.
  static func wrapped(_ text: String, indent: Int) -> String {
    var lines: [String] = []
    var line: String?
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      guard let current = line else {
        line = String(word)
        continue
      }
      let fits = current.count + 1 + word.count <= helpWidth
      if !fits { lines.append(current) }
      line = fits ? current + " " + word : String(repeating: " ", count: indent) + word
    }
    return (lines + [line ?? ""]).joined(separator: "\n")
  }

  private var tour: String {
    let areas = options.natives.areas.map { area in
      Self.wrapped("  \(area.name): \(area.natives.map(\.name).joined(separator: ", "))", indent: 4)
    }
    let magics = options.magics.map { magic in
      Self.wrapped("  :\(magic.name)\(magic.usage.isEmpty ? "" : " " + magic.usage)  \(magic.summary)", indent: 6)
    }
    return """
      A line is run as it is typed; a |> f(b) means f(a, b); 50% is 0.5.
      `_` is the last result. ?NAME explains a name, ??NAME shows a function's code.
      Tab completes, Ctrl-C stops what runs.
      \(areas.joined(separator: "\n"))
      \(magics.joined(separator: "\n"))
      """
  }
}

extension Native {
  /// What the example gives, from a session of its own; nil if that is nothing, or an error.
  public var exampleResult: String? {
    let session = Session(options: SessionOptions(), output: SilentOutput())
    guard session.run(Source(name: "example", text: example)) == .done else { return nil }
    let result = session.machine.lastResult
    return result.isNone ? nil : result.describe(limit: 200)
  }
}
