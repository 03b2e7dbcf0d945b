import CKernels

/// Operations on strided views: an axis of stride 0 repeats (or, for a sum, is summed over).
public enum Broadcast {
  /// c = f(a, b) for a contiguous c of `shape`; strides are in elements, one for each axis, 0 where repeated.
  public static func binary(
    _ operation: BinaryOperation, shape: [Int], aStrides: [Int], _ a: UnsafePointer<Float>,
    bStrides: [Int], _ b: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>
  ) {
    let kernel = operation.kernel
    let axes = MergedAxes(shape: shape, strides: [aStrides, bStrides])
    let steps = axes.innerStrides
    let (aStep, bStep) = (steps[0], steps[1])
    axes.forEachRow { first, length, offsets in
      kernel_binary(kernel, length, a + offsets[0], aStep, b + offsets[1], bStep, c + first)
    }
  }

  /// Copies a strided view of `shape` (a permutation, a slice, a repetition) into a contiguous `y`.
  public static func stridedCopy(
    shape: [Int], strides: [Int], _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>
  ) {
    let axes = MergedAxes(shape: shape, strides: [strides])
    let step = axes.innerStrides[0]
    axes.forEachRow { first, length, offsets in
      let source = x + offsets[0]
      switch step {
      case 1: (y + first).update(from: source, count: length)
      case 0: kernel_fill(length, source[0], y + first)
      default: kernel_copy_strided(length, source, step, y + first)
      }
    }
  }

  /// Sums a contiguous x of `shape` over the axes whose output stride is 0; the other strides are those of a
  /// contiguous y. Sums are in float64, in an order that depends on the shape alone.
  public static func sum(
    shape: [Int], _ x: UnsafePointer<Float>, strides: [Int], into y: UnsafeMutablePointer<Float>
  ) {
    SumPlan(shape: shape, outputStrides: strides).run(x, y)
  }
}

/// The axes of a broadcast, neighbours merged where every operand steps evenly over both, the innermost apart.
struct MergedAxes {
  private(set) var shape: [Int] = []
  private(set) var strides: [[Int]]
  let operands: Int

  init(shape: [Int], strides: [[Int]]) {
    operands = strides.count
    self.strides = strides.map { _ in [] }
    for axis in shape.indices where shape[axis] != 1 {
      let last = self.shape.count - 1
      let merges = last >= 0 && operands > 0
        && strides.indices.allSatisfy { self.strides[$0][last] == strides[$0][axis] * shape[axis] }
      if merges {
        self.shape[last] *= shape[axis]
        for operand in strides.indices { self.strides[operand][last] = strides[operand][axis] }
      } else {
        self.shape.append(shape[axis])
        for operand in strides.indices { self.strides[operand].append(strides[operand][axis]) }
      }
    }
    if self.shape.isEmpty {
      self.shape = [1]
      for operand in strides.indices { self.strides[operand] = [1] }
    }
  }

  /// The step of each operand along the innermost axis.
  var innerStrides: [Int] { strides.map { $0[$0.count - 1] } }

  /// Runs `body` for each innermost row, or pieces of it: the place of its first element in the contiguous result,
  /// its length, and the offset of its first element in each operand.
  func forEachRow(_ body: (_ first: Int, _ length: Int, _ offsets: [Int]) -> Void) {
    let row = shape[shape.count - 1]
    let rows = shape.dropLast().reduce(1, *)
    guard row > 0, rows > 0 else { return }
    let steps = innerStrides
    let piece = min(row, Elementwise.blockSize)
    let pieces = (row + piece - 1) / piece
    Pool.forEachBlock(rows * pieces, of: max(1, Elementwise.blockSize / piece)) { range in
      var offsets = [Int](repeating: 0, count: operands)
      for index in range {
        let begin = index % pieces * piece
        var rest = index / pieces
        for operand in 0..<operands { offsets[operand] = begin * steps[operand] }
        for axis in stride(from: shape.count - 2, through: 0, by: -1) {
          let position = rest % shape[axis]
          rest /= shape[axis]
          for operand in 0..<operands { offsets[operand] += position * strides[operand][axis] }
        }
        body(index / pieces * row + begin, min(piece, row - begin), offsets)
      }
    }
  }
}
