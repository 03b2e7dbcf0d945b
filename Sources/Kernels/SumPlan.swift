import CKernels

/// A sum over some axes of a contiguous tensor, brought to one of two inner loops: along a row, or of rows.
struct SumPlan {
  /// An axis of the tensor: its length and its step in the tensor.
  private struct Axis { var length, step: Int }

  private var kept: [Axis] = []
  private var summed: [Axis] = []
  private let sumsInnermost: Bool

  init(shape: [Int], outputStrides: [Int]) {
    var step = 1
    var lastWasSummed: Bool?
    for axis in shape.indices.reversed() where shape[axis] != 1 {
      let isSummed = outputStrides[axis] == 0
      // Neighbours of one kind are one axis.
      if lastWasSummed == isSummed {
        if isSummed { summed[0].length *= shape[axis] } else { kept[0].length *= shape[axis] }
      } else {
        let merged = Axis(length: shape[axis], step: step)
        if isSummed { summed.insert(merged, at: 0) } else { kept.insert(merged, at: 0) }
      }
      lastWasSummed = isSummed
      step *= shape[axis]
    }
    sumsInnermost = summed.last?.step == 1
    if summed.isEmpty { summed = [Axis(length: 1, step: 0)] }
    if kept.isEmpty { kept = [Axis(length: 1, step: 0)] }
  }

  func run(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>) {
    if sumsInnermost { sumAlongRows(x, y) } else { sumRows(x, y) }
  }

  /// Each result adds up contiguous rows, a long one in blocks.
  private func sumAlongRows(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>) {
    let results = Self.count(kept)
    let outer = summed.dropLast()
    let row = summed[summed.count - 1].length
    let rows = Self.count(outer)
    let block = Elementwise.blockSize
    let blocks = (row + block - 1) / block
    if results == 1, blocks > 1 {
      Scratch.withDoubles(rows * blocks) { sums in
        Pool.run(chunks: rows * blocks) { index in
          let begin = index % blocks * block
          sums[index] = kernel_sum(min(block, row - begin), x + Self.offset(index / blocks, outer) + begin)
        }
        var total = 0.0
        for index in 0..<rows * blocks { total += sums[index] }
        y[0] = Float(total)
      }
      return
    }
    Pool.forEachBlock(results, of: max(1, block / max(row * rows, 1))) { range in
      for result in range {
        let first = x + Self.offset(result, kept[...])
        var total = 0.0
        for index in 0..<rows { total += kernel_sum(row, first + Self.offset(index, outer)) }
        y[result] = Float(total)
      }
    }
  }

  /// Runs of results add up rows, one under the other.
  private func sumRows(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>) {
    let row = kept[kept.count - 1].length
    let outer = kept.dropLast()
    let rows = Self.count(summed)
    let width = min(row, 512)
    let pieces = width == 0 ? 0 : (row + width - 1) / width
    Pool.run(chunks: Self.count(outer) * pieces) { index in
      let begin = index % pieces * width
      let length = min(width, row - begin)
      let first = x + Self.offset(index / pieces, outer) + begin
      withUnsafeTemporaryAllocation(of: Double.self, capacity: length) { sums in
        guard let sum = sums.baseAddress else { return }
        sum.update(repeating: 0, count: length)
        for index in 0..<rows { kernel_accumulate(length, first + Self.offset(index, summed[...]), sum) }
        let results = y + index / pieces * row + begin
        for position in 0..<length { results[position] = Float(sum[position]) }
      }
    }
  }

  private static func count(_ axes: some Collection<Axis>) -> Int { axes.reduce(1) { $0 * $1.length } }

  /// The place in the tensor of element `index` in row-major order over `axes`.
  private static func offset(_ index: Int, _ axes: ArraySlice<Axis>) -> Int {
    var rest = index, result = 0
    for axis in axes.reversed() {
      result += rest % axis.length * axis.step
      rest /= axis.length
    }
    return result
  }
}
