import Figures

/// What `terminalGraphics` asks for, besides `NO_COLOR` and `TERM`.
let graphicsVariables = [
  "COLORTERM", "KITTY_WINDOW_ID", "TERM_PROGRAM", "TMUX", "LC_ALL", "LC_CTYPE", "LANG",
]

/// How figures are drawn on standard output, judged by the environment alone: nobody is asked and waited for.
///
/// Text is UTF-8 unless the locale (the first of `LC_ALL`, `LC_CTYPE`, `LANG` that is set) names something else. Pixels
/// go to terminals that say who they are, but not through tmux, which drops them; colours of 24 bits to those with
/// `COLORTERM` (https://github.com/termstandard/colors). Without a terminal, with `NO_COLOR` or on a dumb terminal
/// there are no control sequences.
public func terminalGraphics(_ environment: [String: String], isTerminal: Bool) -> TerminalGraphics {
  guard isUTF8(environment) else { return .ascii }
  guard isTerminal, !Style.wantsPlain(environment) else { return .braille }
  let kind = environment["TERM"] ?? ""
  if (environment["TMUX"] ?? "").isEmpty {
    if knowsKitty(kind, environment) { return .kitty }
    if knowsSixel(kind) { return .sixel }
  }
  return ["truecolor", "24bit"].contains(environment["COLORTERM"]) ? .halfBlocks : .braille
}

private func isUTF8(_ environment: [String: String]) -> Bool {
  // An empty variable counts as one that is not set, as in POSIX.
  let locale = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty }
  guard let locale = locale?.lowercased() else { return true }
  return locale.contains("utf-8") || locale.contains("utf8")
}

/// kitty, WezTerm and ghostty.
private func knowsKitty(_ kind: String, _ environment: [String: String]) -> Bool {
  let program = environment["TERM_PROGRAM"]?.lowercased()
  return !(environment["KITTY_WINDOW_ID"] ?? "").isEmpty || kind == "xterm-kitty" || kind == "xterm-ghostty"
    || program == "wezterm" || program == "ghostty"
}

/// Terminals whose name says so: mlterm, foot, contour, and all that end in `-sixel`.
private func knowsSixel(_ kind: String) -> Bool {
  kind.hasSuffix("-sixel") || ["mlterm", "foot", "contour"].contains { kind == $0 || kind.hasPrefix($0 + "-") }
}
