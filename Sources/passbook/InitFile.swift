import Glibc
import Language
import Runtime

/// The script that the prompt runs before the first cell: own functions, settings, paths of data.
///
/// Scripts and lessons do not run it, so that they do the same for everybody.
enum InitFile {
  /// `$XDG_CONFIG_HOME/passbook/init.pass`, or below `~/.config`; nil where there is none.
  static func path(environment: [String: String]) -> String? {
    let own = environment["XDG_CONFIG_HOME"].flatMap { $0.isEmpty ? nil : $0 }
    guard let folder = own ?? environment["HOME"].map({ $0 + "/.config" }) else { return nil }
    let path = folder + "/passbook/init.pass"
    return access(path, F_OK) == 0 ? path : nil
  }

  /// Runs it; what is wrong in it is reported, and the prompt opens all the same.
  static func run(_ path: String, at desk: InteractiveSession) {
    if desk.session.include(path: path) { desk.console.note("read \(path)") }
  }
}
