import ArgumentParser

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
    page += section("PASSBOOK RUN", Passbook.helpMessage(for: Run.self, columns: 76))
    page += section("PASSBOOK CHECK", Passbook.helpMessage(for: Check.self, columns: 76))
    page += section("PASSBOOK LESSON", Passbook.helpMessage(for: Lesson.self, columns: 76))
    page += section("PASSBOOK PRESENT", Passbook.helpMessage(for: Present.self, columns: 76))
    page += """
      .SH FILES
      .TP
      .I ~/.local/state/passbook/history
      The cells typed at the prompt; XDG_STATE_HOME moves it.
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

  private static func section(_ title: String, _ text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let escaped = line.replacing("\\", with: "\\e").replacing("-", with: "\\-")
      return escaped.hasPrefix(".") || escaped.hasPrefix("'") ? "\\&" + escaped : escaped
    }
    return ".SH \(title)\n.nf\n\(lines.joined(separator: "\n"))\n.fi\n"
  }
}
