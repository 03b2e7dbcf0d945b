/// Which lines on record stand for which lines of a new run, with as few differences as there can be.
struct OutputAlignment {
  enum Step: Equatable {
    case kept(recorded: Int)
    case changed(recorded: Int, shown: Int)
    case missing(recorded: Int)
    case added(shown: Int)
  }

  private(set) var steps: [Step] = []

  var matches: Bool {
    steps.allSatisfy { if case .kept = $0 { true } else { false } }
  }

  /// More pairs than this are not weighed against each other: lines are then compared one by one.
  private static let mostPairs = 4_000_000

  /// - Parameters:
  ///   - isWildcard: A recorded line that takes any number of lines.
  ///   - equal: Whether a recorded line says the same as a new one.
  init(recorded: Int, shown: Int, isWildcard: (Int) -> Bool, equal: (Int, Int) -> Bool) {
    var start = 0
    while start < min(recorded, shown), !isWildcard(start), equal(start, start) {
      steps.append(.kept(recorded: start))
      start += 1
    }
    let (rows, columns) = (recorded - start, shown - start)
    guard rows <= Self.mostPairs / (columns + 1) else {
      for index in start..<max(recorded, shown) {
        if index >= recorded {
          steps.append(.added(shown: index))
        } else if index >= shown {
          steps.append(.missing(recorded: index))
        } else {
          let isKept = isWildcard(index) || equal(index, index)
          steps.append(isKept ? .kept(recorded: index) : .changed(recorded: index, shown: index))
        }
      }
      return
    }
    let costs = Self.costs(rows, columns) { isWildcard(start + $0) } equal: { equal(start + $0, start + $1) }
    steps += Self.path(costs, rows, columns, from: start) { isWildcard(start + $0) }
  }

  /// A changed line costs less than one that goes and one that comes, and more than either: where lines can be kept,
  /// they are.
  private static let change: Int32 = 3, gap: Int32 = 2

  private struct Cost {
    var total: Int32
    var isEqual: Bool
  }

  /// The fewest differences between the first `row` recorded and the first `column` new lines (Wagner and Fischer 1974).
  private static func costs(
    _ rows: Int, _ columns: Int, isWildcard: (Int) -> Bool, equal: (Int, Int) -> Bool
  ) -> [Cost] {
    let width = columns + 1
    var costs = [Cost](repeating: Cost(total: 0, isEqual: false), count: (rows + 1) * width)
    for column in 0..<width { costs[column].total = Int32(column) * gap }
    for row in stride(from: 1, through: rows, by: 1) {
      let takesAny = isWildcard(row - 1)
      costs[row * width].total = costs[(row - 1) * width].total + (takesAny ? 0 : gap)
      for column in stride(from: 1, through: columns, by: 1) {
        let (above, left) = (costs[(row - 1) * width + column].total, costs[row * width + column - 1].total)
        if takesAny {
          costs[row * width + column].total = min(above, left)
        } else {
          let isEqual = equal(row - 1, column - 1)
          let diagonal = costs[(row - 1) * width + column - 1].total + (isEqual ? 0 : change)
          costs[row * width + column] = Cost(total: min(diagonal, above + gap, left + gap), isEqual: isEqual)
        }
      }
    }
    return costs
  }

  private static func path(
    _ costs: [Cost], _ rows: Int, _ columns: Int, from start: Int, isWildcard: (Int) -> Bool
  ) -> [Step] {
    let width = columns + 1
    var steps: [Step] = []
    var (row, column) = (rows, columns)
    while row > 0 || column > 0 {
      let cost = costs[row * width + column]
      if row > 0, isWildcard(row - 1) {
        if column > 0, costs[row * width + column - 1].total <= costs[(row - 1) * width + column].total {
          column -= 1
        } else {
          row -= 1
          steps.append(.kept(recorded: start + row))
        }
      } else if row > 0, column > 0,
        costs[(row - 1) * width + column - 1].total + (cost.isEqual ? 0 : change) == cost.total
      {
        (row, column) = (row - 1, column - 1)
        steps.append(
          cost.isEqual ? .kept(recorded: start + row) : .changed(recorded: start + row, shown: start + column))
      } else if row > 0, costs[(row - 1) * width + column].total + gap == cost.total {
        row -= 1
        steps.append(.missing(recorded: start + row))
      } else {
        column -= 1
        steps.append(.added(shown: start + column))
      }
    }
    return steps.reversed()
  }
}
