import Keys
import Runtime
import Terminal

#if canImport(Glibc)
  import Glibc
#endif

extension PassphraseSource {
  /// Where the tool takes pass phrases from when nobody sits at a terminal.
  static let variable = "PASSBOOK_PASSPHRASE"

  /// The environment variable, else a question at the terminal; new ones are typed twice.
  static let tool = PassphraseSource { path, isNew in
    if let phrase = getenv(variable) { return Array(String(cString: phrase).utf8) }
    do {
      let phrase = try Passphrase.ask("pass phrase \(isNew ? "for the new key" : "of") \(path): ")
      guard isNew else { return phrase }
      guard try Passphrase.ask("once more: ") == phrase else { throw KeyError("the two pass phrases differ") }
      return phrase
    } catch Passphrase.Failure.noTerminal {
      throw KeyError(
        "\(path) needs a pass phrase, and there is no terminal to ask at", help: "set \(variable), for this command alone")
    } catch Passphrase.Failure.interrupted {
      throw Interrupted()
    }
  }
}
