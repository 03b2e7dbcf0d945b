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
  static let tool = PassphraseSource(asksAgain: { getenv(variable) == nil }) { path, occasion in
    if let phrase = getenv(variable) { return Array(String(cString: phrase).utf8) }
    do {
      switch occasion {
      case .known: return try Passphrase.ask("pass phrase of \(path): ")
      case .again: return try Passphrase.ask("it does not open this key; pass phrase of \(path): ")
      case .new:
        var phrase = try Passphrase.ask("pass phrase for the new key \(path): ")
        while try Passphrase.ask("once more: ") != phrase {
          phrase = try Passphrase.ask("they differ; pass phrase for the new key \(path): ")
        }
        return phrase
      }
    } catch Passphrase.Failure.noTerminal {
      throw KeyError(
        "\(path) needs a pass phrase, and there is no terminal to ask at", help: "set \(variable), for this command alone")
    } catch Passphrase.Failure.interrupted {
      throw Interrupted()
    }
  }
}
