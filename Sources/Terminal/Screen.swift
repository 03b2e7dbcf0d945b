#if canImport(Glibc)
  import Glibc
#endif

/// Whether the descriptor is a terminal.
public func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

/// The number of columns of the terminal behind the descriptor, or 80 where there is none or it does not say.
public func terminalWidth(_ descriptor: Int32) -> Int { ScreenSize(of: descriptor).columns }

/// The size of a terminal in characters.
public struct ScreenSize: Equatable, Sendable {
  public var columns: Int
  public var rows: Int

  public init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
  }

  /// That of the terminal behind the descriptor; 80 columns and 24 rows where there is none or it does not say.
  public init(of descriptor: Int32) {
    var size = winsize()
    let isTerminal = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0
    self.init(
      columns: isTerminal && size.ws_col > 0 ? Int(size.ws_col) : 80,
      rows: isTerminal && size.ws_row > 0 ? Int(size.ws_row) : 24)
  }
}

extension Unicode.Scalar {
  /// The columns that the scalar takes on a terminal: 0, 1 or 2 (Unicode Standard Annex 11).
  public var displayWidth: Int {
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .control, .format: return 0
    default: break
    }
    switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}

extension StringProtocol {
  /// The text without what paints it (ECMA-48, control sequences).
  public var withoutControlSequences: String {
    let text = String(self)
    return text.utf8.contains(0x1B) ? text.replacing(/\u{1B}\[[0-9;]*[A-Za-z]/, with: "") : text
  }

  /// The columns that the text takes on a terminal; the scalars of one character share the room of the widest.
  public var displayWidth: Int {
    reduce(0) { width, character in width + (character.unicodeScalars.map(\.displayWidth).max() ?? 0) }
  }

  /// The longest beginning that fits into so many columns.
  public func clipped(toColumns columns: Int) -> String {
    var width = 0
    return String(prefix { character in
      width += character.unicodeScalars.map(\.displayWidth).max() ?? 0
      return width <= columns
    })
  }
}

/// The environment variables that decide about screen, figures, history and cache, as far as they are set.
public func environmentVariables() -> [String: String] { startingEnvironment }

/// As the process got it: later `LC_ALL` says what readline is to work with, and no longer what the terminal can show.
private let startingEnvironment: [String: String] = {
  var values: [String: String] = [:]
  for name in ["NO_COLOR", "TERM", "HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"] + graphicsVariables {
    if let value = getenv(name) { values[name] = String(cString: value) }
  }
  return values
}()
