/// How often samples of each true class were taken for each class.
public struct ConfusionMatrix: Sendable, Equatable {
  /// Rows are true classes, columns predicted ones; a row that is too short counts as zeros.
  public var counts: [[Double]]
  public var classNames: [String]

  public init(counts: [[Double]], classNames: [String] = []) {
    self.counts = counts
    self.classNames = classNames
  }

  /// The number of classes.
  public var size: Int { counts.count }

  /// The most classes that are drawn.
  public static let mostClasses = 1_000

  /// The name of a class, or its number.
  func name(_ index: Int) -> String { classNames.indices.contains(index) ? classNames[index] : String(index) }

  /// A count that can be drawn: finite and not negative.
  func count(_ row: Int, _ column: Int) -> Double {
    guard counts.indices.contains(row), counts[row].indices.contains(column) else { return 0 }
    let count = counts[row][column]
    return count.isFinite ? max(count, 0) : 0
  }

  /// The share of its row that a count is, 0…1: how dark its cell is.
  func share(_ row: Int, _ column: Int) -> Double {
    let largest = (0..<size).map { count(row, $0) }.max() ?? 0
    guard largest > 0 else { return 0 }
    // Divided first, so that the sum stays finite.
    let sum = (0..<size).reduce(0) { $0 + count(row, $1) / largest }
    return min(count(row, column) / largest / sum, 1)
  }
}
