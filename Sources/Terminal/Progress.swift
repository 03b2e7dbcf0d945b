#if canImport(Glibc)
  import Glibc
#endif

/// Shows progress at standard error: a bar, and perhaps a picture above it, redrawn in place on a terminal; one plain
/// line a section elsewhere.
public final class Progress {
  /// How far a long piece of work has come.
  public struct State {
    /// What runs: `epoch 2 of 3`.
    public var title: String
    /// Steps done in this section, of so many.
    public var completed: Int
    public var total: Int
    /// Names and values, in order: `("loss", "1.302")`, `("free", "54.3%")`.
    public var figures: [(name: String, text: String)]
    /// Lines that stand above the bar, for a screen of this size; asked for when they are drawn.
    public var picture: (_ size: ScreenSize) -> [String]

    public init(
      title: String, completed: Int, total: Int, figures: [(name: String, text: String)] = [],
      picture: @escaping (_ size: ScreenSize) -> [String] = { _ in [] }
    ) {
      self.title = title
      self.completed = completed
      self.total = total
      self.figures = figures
      self.picture = picture
    }
  }

  public enum Manner: Sendable {
    /// Redraws one line with control sequences.
    case bar
    /// Writes a line only at the end of each section.
    case lines
    case none
  }

  /// Columns that stay free behind the bar: a terminal writes `^C` or `^Z` there, and where it broke the line for that,
  /// the first line of the picture could no longer be found.
  private static let roomForKeys = 5

  private let manner: Manner
  private let size: () -> ScreenSize
  private let write: (String) -> Void
  private let now: () -> Double
  private let continuations: () -> Int
  private var sectionStart: (time: Double, completed: Int)?
  private var lastDrawing = -Double.infinity
  /// The widths of the lines that are drawn, and how often the process had been continued by then.
  private var drawn: [Int] = []
  private var drawnAfter = 0

  /// - Parameters:
  ///   - size: That of the terminal, asked at each drawing since it changes.
  ///   - now: A clock that only goes forward, in seconds.
  ///   - continuations: How often the process was stopped and continued: a shell has written below what was drawn.
  public init(
    manner: Manner, size: @escaping () -> ScreenSize, now: @escaping () -> Double,
    continuations: @escaping () -> Int = { 0 }, write: @escaping (String) -> Void
  ) {
    self.manner = manner
    self.size = size
    self.now = now
    self.continuations = continuations
    self.write = write
  }

  /// Progress at standard error, in the manner that suits it.
  public static func standard(isQuiet: Bool, environment: [String: String]) -> Progress {
    let canRedraw = isTerminal(STDERR_FILENO) && !Style.wantsPlain(environment)
    return Progress(
      manner: isQuiet ? .none : canRedraw ? .bar : .lines, size: { ScreenSize(of: STDERR_FILENO) },
      now: monotonicSeconds, continuations: { Interrupts.continuations },
      write: { writeAll(Array($0.utf8), to: STDERR_FILENO) })
  }

  /// Shows the state of the section that runs, at most ten times a second.
  public func update(_ state: State) {
    let time = now()
    if sectionStart == nil { sectionStart = (time, state.completed) }
    guard manner == .bar, time - lastDrawing >= 0.1 else { return }
    lastDrawing = time
    forgetWhatScrolledAway()
    let size = size()
    let lines = state.picture(size) + [barLine(state, at: time, columns: size.columns - Self.roomForKeys)]
    // What was there is drawn over, not wiped before, so that nothing flickers.
    write(toFirstLine(size) + lines.map { $0 + "\u{1B}[K" }.joined(separator: "\n") + "\u{1B}[J")
    drawn = lines.map(\.withoutControlSequences.displayWidth)
  }

  /// Closes the section with one line that stays.
  public func endSection(_ state: State) {
    defer { sectionStart = nil }
    guard manner != .none else { return }
    clear()
    write(plainLine(state, at: now()) + "\n")
  }

  /// Takes the bar off the screen, so that other text can be written.
  public func clear() {
    forgetWhatScrolledAway()
    if !drawn.isEmpty { write(toFirstLine(size()) + "\u{1B}[J") }
    drawn = []
    lastDrawing = -Double.infinity
  }

  private func forgetWhatScrolledAway() {
    let count = continuations()
    if count != drawnAfter { drawn = [] }
    drawnAfter = count
  }

  /// Moves to the beginning of the first line that is drawn; in a window that has become narrower, terminals break
  /// lines that were drawn before.
  private func toFirstLine(_ size: ScreenSize) -> String {
    let rows = drawn.reduce(0) { $0 + max(1, ($1 + size.columns - 1) / size.columns) }
    return "\r" + (rows > 1 ? "\u{1B}[\(rows - 1)A" : "")
  }

  /// As much as fits: the bar is the first to give way, then the speed, then what stands at the end.
  private func barLine(_ state: State, at time: Double, columns: Int) -> String {
    let speed = speed(state, at: time)
    let left = speed.map { ["\(shortDuration(Double(state.total - state.completed) / $0)) left"] } ?? []
    let rate = speed.map { ["\(rounded($0))/s"] } ?? []
    let layouts = [20, 10].flatMap { bar in [(bar, rate + left), (bar, left)] } + [(0, left)]
    let lines = layouts.map { length, rest in
      ([head(state, barLength: length)] + figures(state) + rest).joined(separator: "  ")
    }
    return lines.first { $0.displayWidth <= columns } ?? (lines.last ?? "").clipped(toColumns: max(columns, 1))
  }

  /// `epoch 2 of 3 ━━━━────── 40/125`
  private func head(_ state: State, barLength: Int) -> String {
    let share = state.total > 0 ? min(max(Double(state.completed) / Double(state.total), 0), 1) : 0
    let filled = Int(share * Double(barLength))
    let bar = String(repeating: "━", count: filled) + String(repeating: "─", count: barLength - filled)
    return [state.title, bar, "\(state.completed)/\(state.total)"].filter { !$0.isEmpty }.joined(separator: " ")
  }

  private func plainLine(_ state: State, at time: Double) -> String {
    let speed = speed(state, at: time).map { ["\(rounded($0))/s"] } ?? []
    return ([state.title] + figures(state) + speed).joined(separator: "  ")
  }

  private func figures(_ state: State) -> [String] { state.figures.map { "\($0.name) \($0.text)" } }

  /// Steps a second since the section began.
  private func speed(_ state: State, at time: Double) -> Double? {
    guard let start = sectionStart, state.completed > start.completed, time > start.time else { return nil }
    return Double(state.completed - start.completed) / (time - start.time)
  }

  private func rounded(_ speed: Double) -> String {
    guard speed < 1e6 else { return "many" }
    return speed < 10 ? "\((speed * 10).rounded() / 10)" : "\(Int(speed.rounded()))"
  }
}

/// `4 s`, `2 min 5 s`, `3 h 10 min`.
func shortDuration(_ seconds: Double) -> String {
  guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "a long time" }
  let whole = Int(seconds.rounded())
  if whole < 60 { return "\(whole) s" }
  if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
  return "\(whole / 3600) h \(whole % 3600 / 60) min"
}

/// A clock that only goes forward, in seconds.
public func monotonicSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
