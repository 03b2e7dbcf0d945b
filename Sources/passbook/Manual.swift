import ArgumentParser
import Runtime

/// `passbook manual`: the manual page, made from the help of the commands so that they cannot drift apart.
struct Manual: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the manual page, in the format of man.", shouldDisplay: false)

  func run() throws { print(Manual.page(), terminator: "") }

  static func page() -> String {
    var page = """
      .TH PASSBOOK 1 "" "passbook \(passbookVersion)" "User Commands"
      .SH NAME
      passbook \\- passport-aware normalisation for deep model protection, line by line

      """
    page += section("SYNOPSIS AND OPTIONS", Passbook.helpMessage(columns: 76))
    page += commands(of: Passbook.self, named: "passbook")
    page += list(
      "MAGICS", Magic.standard.map { (":\($0.name)" + ($0.usage.isEmpty ? "" : " \($0.usage)"), $0.summary) })
    page += NativeTable.standard.areas.map { area in
      list("FUNCTIONS: \(area.name.uppercased())", area.natives.map { ($0.signatureText, $0.summary) })
    }.joined()
    page += """
      .SH FILES
      .TP
      .I ~/.local/state/passbook/history
      The cells typed at the prompt; XDG_STATE_HOME moves it.
      .TP
      .I ~/.cache/passbook/training
      Finished trainings, for replay \\-\\-fast; XDG_CACHE_HOME moves it, passbook cache shows and clears it.
      .SH ENVIRONMENT
      .TP
      .B NO_COLOR
      Set to anything, it keeps control sequences out of all output.
      .TP
      .B PASSBOOK_DATA
      The folder of the data sets that come with the tool.

      """
    return page
  }

  /// A section for every command that help shows, and for those below it.
  private static func commands(of parent: any ParsableCommand.Type, named name: String) -> String {
    parent.configuration.subcommands.filter { $0.configuration.shouldDisplay }.map { command in
      let fullName = "\(name) \(command._commandName)"
      return section(fullName.uppercased(), Passbook.helpMessage(for: command, columns: 76))
        + commands(of: command, named: fullName)
    }.joined()
  }

  /// Names and what they are.
  private static func list(_ title: String, _ rows: [(name: String, summary: String)]) -> String {
    ".SH \(escaped(title))\n"
      + rows.map { ".TP\n\\fB\(escaped($0.name))\\fR\n\(escaped($0.summary))\n" }.joined()
  }

  private static func section(_ title: String, _ text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(escaped)
    return ".SH \(escaped(title))\n.nf\n\(lines.joined(separator: "\n"))\n.fi\n"
  }

  /// A line whose characters all stand for themselves (groff_char(7)).
  private static func escaped(_ line: some StringProtocol) -> String {
    let escaped = String(line).replacing("\\", with: "\\e").replacing("-", with: "\\-")
    return escaped.hasPrefix(".") || escaped.hasPrefix("'") ? "\\&" + escaped : escaped
  }
}
