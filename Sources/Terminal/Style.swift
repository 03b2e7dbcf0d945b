/// A way of painting text on a terminal.
public enum Paint: String, Sendable, CaseIterable {
  case bold = "1", dim = "2", italic = "3", red = "31", green = "32", yellow = "33", blue = "34", cyan = "36"
}

/// Paints text, or leaves it alone where the reader cannot show paint or does not want it.
public struct Style: Sendable {
  /// Whether control sequences are written at all.
  public let isEnabled: Bool

  public init(isEnabled: Bool) { self.isEnabled = isEnabled }

  /// Paints only if the descriptor is a terminal that understands it and the user has not set `NO_COLOR`
  /// (https://no-color.org: any value that is not empty).
  public init(descriptor: Int32, environment: [String: String]) {
    isEnabled = isTerminal(descriptor) && !Style.wantsPlain(environment)
  }

  /// Whether the environment asks for plain text: `NO_COLOR`, or a terminal without control sequences.
  public static func wantsPlain(_ environment: [String: String]) -> Bool {
    if let wish = environment["NO_COLOR"], !wish.isEmpty { return true }
    let kind = environment["TERM"] ?? ""
    return kind.isEmpty || kind == "dumb"
  }

  public func callAsFunction(_ paint: Paint, _ text: String) -> String {
    isEnabled ? "\u{1B}[\(paint.rawValue)m\(text)\u{1B}[0m" : text
  }

  /// The prompt for readline, which must be told which bytes take no room: they stand in \001…\002.
  public func readlinePrompt(_ prompt: Prompt) -> String {
    isEnabled ? "\u{1}\u{1B}[\(prompt.paint.rawValue)m\u{2}\(prompt.text)\u{1}\u{1B}[0m\u{2}" : prompt.text
  }
}
