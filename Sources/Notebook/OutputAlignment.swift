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
  private static let mostPairs = 2_000_000

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
    let costs = Self.costs(rows, columns) {
      isWildcard(start + $0)
    } equal: {
      equal(start + $0, start + $1)
    }
    steps += Self.path(costs, rows, columns, from: start) { isWildcard(start + $0) }
  }

  /// The fewest differences count, and among as few the most lines that are kept.
  private static let difference = 1 << 32, kept = -1

  private struct Cost {
    var total: Int
    var isEqual: Bool
  }

  /// The fewest differences between the first `row` recorded and the first `column` new lines (Wagner and Fischer
  /// 1974).
  private static func costs(
    _ rows: Int, _ columns: Int, isWildcard: (Int) -> Bool, equal: (Int, Int) -> Bool
  ) -> [Cost] {
    let width = columns + 1
    var costs = [Cost](repeating: Cost(total: 0, isEqual: false), count: (rows + 1) * width)
    for column in 0..<width { costs[column].total = column * difference }
    for row in stride(from: 1, through: rows, by: 1) {
      let takesAny = isWildcard(row - 1)
      costs[row * width].total = costs[(row - 1) * width].total + (takesAny ? 0 : difference)
      for column in stride(from: 1, through: columns, by: 1) {
        let (above, left) = (costs[(row - 1) * width + column].total, costs[row * width + column - 1].total)
        if takesAny {
          costs[row * width + column].total = min(above, left)
        } else {
          let isEqual = equal(row - 1, column - 1)
          let diagonal = costs[(row - 1) * width + column - 1].total + (isEqual ? kept : difference)
          costs[row * width + column] = Cost(
            total: min(diagonal, above + difference, left + difference), isEqual: isEqual)
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
        costs[(row - 1) * width + column - 1].total + (cost.isEqual ? kept : difference) == cost.total
      {
        (row, column) = (row - 1, column - 1)
        steps.append(
          cost.isEqual ? .kept(recorded: start + row) : .changed(recorded: start + row, shown: start + column))
      } else if row > 0, costs[(row - 1) * width + column].total + difference == cost.total {
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
