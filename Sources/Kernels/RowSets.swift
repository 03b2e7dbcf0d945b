/// Rows of an activation [rows, width] in equal sets, the members of which are normalised together.
///
/// A set is all rows of one branch for batch normalisation, and the rows of one sample for the other kinds. The sets of
/// a result follow each other; those of its input may lie anywhere, and several may lie on the same rows (two branches
/// that have computed the same so far).
public struct RowSets: Hashable, Sendable {
  /// The first row of the input of each set; two sets lie on the same rows or on rows apart.
  public let inputRows: [Int]
  /// Rows of one set.
  public let rows: Int
  /// Floats in a row, a multiple of `ChannelsLast.lanes`.
  public let width: Int

  /// Sets whose inputs begin at the given rows.
  public init(inputRows: [Int], rows: Int, width: Int) {
    self.inputRows = inputRows
    self.rows = rows
    self.width = width
  }

  /// `count` sets, one after the other.
  public init(count: Int, rows: Int, width: Int) {
    self.init(inputRows: (0..<count).map { $0 * rows }, rows: rows, width: width)
  }

  public var count: Int { inputRows.count }

  /// The sets on each run of input rows, in order.
  var setsByInput: [[Int]] {
    Dictionary(grouping: 0..<count) { inputRows[$0] }.values.sorted { $0[0] < $1[0] }
  }
}

/// The pixels of an image, which are rows of an activation one after the other.
public struct RowImage: Hashable, Sendable {
  public let height, width: Int

  public init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }
}

/// Sets of `units` rows, or rows of windows, cut into blocks that stay in a second-level cache.
struct RowBlocks {
  let sets, units, unitFloats, unitsPerBlock: Int

  init(sets: Int, units: Int, unitFloats: Int) {
    self.sets = sets
    self.units = units
    self.unitFloats = unitFloats
    unitsPerBlock = max(1, min(units, Elementwise.blockSize / max(unitFloats, 1)))
  }

  /// Blocks in a set.
  var perSet: Int { (units + unitsPerBlock - 1) / unitsPerBlock }

  func units(ofBlock block: Int) -> Range<Int> {
    block * unitsPerBlock..<min((block + 1) * unitsPerBlock, units)
  }

  /// Runs `body` for each block of each set, small ones several to a thread.
  func forEach(_ body: (_ set: Int, _ block: Int, _ units: Range<Int>) -> Void) {
    let perSet = perSet
    Pool.forEach(sets * perSet, elements: unitsPerBlock * unitFloats) { index in
      body(index / perSet, index % perSet, units(ofBlock: index % perSet))
    }
  }
}
