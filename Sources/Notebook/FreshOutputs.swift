import Language

/// What a run showed on standard output, statement by statement.
public struct FreshOutputs: Sendable {
  /// A line, or a figure.
  public enum Item: Hashable, Sendable {
    case line(String)
    case figure(title: String, svg: String)
  }

  /// By the byte of the document at which a statement starts.
  private var items: [Int: [Item]] = [:]
  private var finished: Set<Int> = []
  private var running: Int?

  public init() {}

  /// The statement at this byte runs now.
  public mutating func begin(at start: Int) {
    running = start
    items[start] = []
  }

  /// The statement that runs has come to its end. One that an error or Ctrl-C stopped never does.
  public mutating func end() {
    if let running { finished.insert(running) }
    running = nil
  }

  /// Lines of output.
  public mutating func print(_ text: String) {
    guard let running else { return }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    items[running, default: []] += lines.map { .line(Self.recordable(String($0))) }
  }

  /// A figure, as the file of it would be.
  public mutating func show(title: String, svg: String) {
    guard let running else { return }
    // What would end a reference early cannot stand in it.
    let plain = Self.recordable(title.replacing("\n", with: " ")).replacing("](", with: "] (")
    items[running, default: []].append(.figure(title: plain, svg: svg))
  }

  /// What a line of code showed; nil where a statement of it did not run, or not to its end.
  func items(of line: CodeLine, in cell: Cell) -> [Item]? {
    let starts = line.statements.map { cell.statements[$0].span.start }
    guard !starts.isEmpty, starts.allSatisfy(finished.contains) else { return nil }
    return starts.flatMap { items[$0] ?? [] }
  }

  /// Adds the outputs of a cell that was a source of its own and starts at this byte of a document.
  public mutating func add(_ others: FreshOutputs, movedBy offset: Int) {
    for (start, shown) in others.items { items[start + offset] = shown }
    finished.formUnion(others.finished.map { $0 + offset })
  }

  /// The line as it can stand in a comment: control characters are named, and nothing invisible stands at its end.
  private static func recordable(_ line: String) -> String {
    var text = ""
    for scalar in line.unicodeScalars {
      let isControl = scalar.properties.generalCategory == .control && scalar != "\t"
      text += isControl ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
    }
    while text.last == " " || text.last == "\t" { text.removeLast() }
    return text
  }
}
