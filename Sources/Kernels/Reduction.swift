import CKernels

/// Reductions over the middle axis of x [outer, count, inner] to [outer, inner].
public enum Reduction {
  /// The sum over the axis, in float64 and in an order that depends on the shape alone.
  public static func sum(
    outer: Int, count: Int, inner: Int, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>
  ) {
    Broadcast.sum(shape: [outer, count, inner], x, strides: [inner, 0, 1], into: y)
  }

  /// The largest element along the axis and its place, the first among equals; a NaN wins.
  public static func maximum(
    outer: Int, count: Int, inner: Int, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>,
    indices: UnsafeMutablePointer<Int32>?
  ) {
    extremum(outer, count, inner, x, y, indices) { $0 > $1 }
  }

  /// The smallest element along the axis and its place, the first among equals; a NaN wins.
  public static func minimum(
    outer: Int, count: Int, inner: Int, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>,
    indices: UnsafeMutablePointer<Int32>?
  ) {
    extremum(outer, count, inner, x, y, indices) { $0 < $1 }
  }

  @inline(__always)
  private static func extremum(
    _ outer: Int, _ count: Int, _ inner: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>,
    _ indices: UnsafeMutablePointer<Int32>?, _ wins: (Float, Float) -> Bool
  ) {
    guard count > 0, inner > 0 else { return }
    Pool.forEachBlock(outer * inner, of: max(1, Elementwise.blockSize / count)) { range in
      for position in range {
        let first = x + position / inner * count * inner + position % inner
        var best = first[0]
        var index = 0
        for candidate in 1..<max(count, 1) {
          let value = first[candidate * inner]
          if wins(value, best) || (value.isNaN && !best.isNaN) {
            best = value
            index = candidate
          }
        }
        y[position] = best
        indices?[position] = Int32(truncatingIfNeeded: index)
      }
    }
  }
}
