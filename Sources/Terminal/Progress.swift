#if canImport(Glibc)
  import Glibc
#endif

/// How far a long piece of work has come.
public struct ProgressReport: Sendable {
  /// What runs: `epoch 2/3`.
  public var title: String
  /// Steps done, of so many.
  public var done: Int
  public var total: Int
  /// What is counted, for the rate: `images`; empty shows no rate.
  public var unit: String
  /// How many of the unit a step holds.
  public var unitsPerStep: Int
  /// Names and values, in order: `("loss", "1.302")`, `("free", "54.3%")`.
  public var figures: [(name: String, value: String)]

  public init(
    title: String, done: Int, total: Int, unit: String = "", unitsPerStep: Int = 1,
    figures: [(name: String, value: String)] = []
  ) {
    self.title = title
    self.done = done
    self.total = total
    self.unit = unit
    self.unitsPerStep = unitsPerStep
    self.figures = figures
  }
}

/// Shows progress at standard error: a bar that is redrawn in place on a terminal, one plain line a section elsewhere.
public final class Progress {
  public enum Manner: Sendable {
    /// Redraws one line with control sequences.
    case bar
    /// Writes a line only at the end of each section.
    case lines
    case none
  }

  private let manner: Manner
  private let width: () -> Int
  private let write: (String) -> Void
  private let now: () -> Double
  private var sectionStart: (time: Double, done: Int)?
  private var lastDrawing = -Double.infinity
  private var isDrawn = false

  /// - Parameters:
  ///   - width: The columns of the terminal, asked at each drawing since they change.
  ///   - now: A clock that only goes forward, in seconds.
  public init(
    manner: Manner, width: @escaping () -> Int, now: @escaping () -> Double, write: @escaping (String) -> Void
  ) {
    self.manner = manner
    self.width = width
    self.now = now
    self.write = write
  }

  /// Progress at standard error, in the manner that suits it.
  public static func standard(isQuiet: Bool, environment: [String: String]) -> Progress {
    let canRedraw = isTerminal(STDERR_FILENO) && !Style.wantsPlain(environment)
    return Progress(
      manner: isQuiet ? .none : canRedraw ? .bar : .lines, width: { terminalWidth(STDERR_FILENO) },
      now: monotonicSeconds, write: { writeAll(Array($0.utf8), to: STDERR_FILENO) })
  }

  /// Shows the state of the section that runs, at most ten times a second.
  public func update(_ report: ProgressReport) {
    guard manner == .bar else {
      if sectionStart == nil { sectionStart = (now(), report.done) }
      return
    }
    let time = now()
    if sectionStart == nil { sectionStart = (time, report.done) }
    guard time - lastDrawing >= 0.1 else { return }
    lastDrawing = time
    isDrawn = true
    write("\r" + barLine(report, at: time).clipped(toColumns: max(width() - 1, 1)) + "\u{1B}[K")
  }

  /// Closes the section with one line that stays.
  public func endSection(_ report: ProgressReport) {
    defer { sectionStart = nil }
    guard manner != .none else { return }
    clear()
    write(plainLine(report, at: now()) + "\n")
  }

  /// Takes the bar off the screen, so that other text can be written.
  public func clear() {
    if isDrawn { write("\r\u{1B}[K") }
    isDrawn = false
    lastDrawing = -Double.infinity
  }

  private func barLine(_ report: ProgressReport, at time: Double) -> String {
    let share = report.total > 0 ? min(max(Double(report.done) / Double(report.total), 0), 1) : 0
    let filled = Int(share * 20)
    let bar = String(repeating: "━", count: filled) + String(repeating: "─", count: 20 - filled)
    var parts = ["\(report.title) \(bar) \(report.done)/\(report.total)"] + figures(report)
    if let speed = speed(report, at: time) {
      if !report.unit.isEmpty { parts.append("\(rounded(speed * Double(report.unitsPerStep))) \(report.unit)/s") }
      parts.append("\(shortDuration(Double(report.total - report.done) / speed)) left")
    }
    return parts.joined(separator: "  ")
  }

  private func plainLine(_ report: ProgressReport, at time: Double) -> String {
    var parts = [report.title] + figures(report)
    if let speed = speed(report, at: time), !report.unit.isEmpty {
      parts.append("\(rounded(speed * Double(report.unitsPerStep))) \(report.unit)/s")
    }
    return parts.joined(separator: "  ")
  }

  private func figures(_ report: ProgressReport) -> [String] { report.figures.map { "\($0.name) \($0.value)" } }

  /// Steps a second since the section began.
  private func speed(_ report: ProgressReport, at time: Double) -> Double? {
    guard let start = sectionStart, report.done > start.done, time > start.time else { return nil }
    return Double(report.done - start.done) / (time - start.time)
  }

  private func rounded(_ value: Double) -> String { value < 1e15 ? "\(Int(value.rounded()))" : "\(value)" }
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
