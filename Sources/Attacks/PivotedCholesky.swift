/// A symmetric matrix without negative eigenvalues as L Lᵀ, in Double, with the largest pivot first: it ends where the
/// rank does. The matrix is first scaled to a diagonal of ones, so that the rank says which rows depend on each other,
/// not which are small.
struct PivotedCholesky {
  let size: Int
  /// How many rows are independent of each other.
  let rank: Int
  /// The rows by size of their pivots; those from `rank` on depend on the ones before.
  private let order: [Int]
  /// L [size, size]: row i belongs to row i of the matrix, column k to the k-th pivot.
  private let factor: [Double]
  private let matrix: [Double]
  /// 1 / √diagonal, and zero where that is zero.
  private let scaling: [Double]

  /// A pivot below this share of the first is rounding error.
  private static let tolerance = 1e-12

  /// - Parameters:
  ///   - matrix: [size, size], row-major, both halves filled.
  ///   - poll: called for each pivot; throws to stop.
  init(_ matrix: [Double], size: Int, poll: () throws -> Void) throws {
    let scaling = (0..<size).map { index in
      let value = matrix[index * size + index]
      return value > 0 ? 1 / value.squareRoot() : 0
    }
    var remaining = scaling.map { $0 > 0 ? 1.0 : 0 }
    var order = Array(0..<size)
    var rank = 0
    var factor = [Double](repeating: 0, count: size * size)
    try factor.withUnsafeMutableBufferPointer { factor in
      guard let start = factor.baseAddress else { return }
      for step in 0..<size {
        try poll()
        // The first of the largest: ties are settled the same everywhere.
        var place = step
        for candidate in step..<size where remaining[order[candidate]] > remaining[order[place]] { place = candidate }
        let pivot = order[place]
        guard remaining[pivot] > Self.tolerance else { break }
        order.swapAt(step, place)
        let diagonal = remaining[pivot].squareRoot()
        start[pivot * size + step] = diagonal
        for index in order[(step + 1)...] {
          let known = SumsInDouble.product(start + index * size, start + pivot * size, count: step)
          let entry = matrix[index * size + pivot] * scaling[index] * scaling[pivot]
          let value = (entry - known) / diagonal
          start[index * size + step] = value
          remaining[index] -= value * value
        }
        rank += 1
      }
    }
    self.size = size
    self.rank = rank
    self.order = order
    self.factor = factor
    self.matrix = matrix
    self.scaling = scaling
  }

  /// The x with matrix · x = `target`; only for a matrix of full rank.
  func solve(_ target: [Double]) -> [Double] {
    var x = substitute(target)
    // What rounding left is solved for once more.
    let rest = (0..<size).map { row in
      (0..<size).reduce(target[row]) { $0 - matrix[row * size + $1] * x[$1] }
    }
    for (index, part) in substitute(rest).enumerated() { x[index] += part }
    return x
  }

  private func substitute(_ target: [Double]) -> [Double] {
    var y = [Double](repeating: 0, count: size)
    for step in 0..<size {
      let row = order[step] * size
      let known = (0..<step).reduce(0.0) { $0 + factor[row + $1] * y[$1] }
      y[step] = (target[order[step]] * scaling[order[step]] - known) / factor[row + step]
    }
    var x = [Double](repeating: 0, count: size)
    for step in (0..<size).reversed() {
      let value = y[step] / factor[order[step] * size + step]
      x[order[step]] = value * scaling[order[step]]
      let row = order[step] * size
      for column in 0..<step { y[column] -= factor[row + column] * value }
    }
    return x
  }
}

/// Sums of products of Doubles, eight at a time: the same on every processor and for any number of threads.
enum SumsInDouble {
  static func product(_ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, count: Int) -> Double {
    var sums = SIMD8<Double>.zero
    let whole = count / 8 * 8
    for start in stride(from: 0, to: whole, by: 8) {
      let left = UnsafeRawPointer(a + start).loadUnaligned(as: SIMD8<Double>.self)
      let right = UnsafeRawPointer(b + start).loadUnaligned(as: SIMD8<Double>.self)
      sums += left * right
    }
    return (whole..<count).reduce(sums.sum()) { $0 + a[$1] * b[$1] }
  }
}
