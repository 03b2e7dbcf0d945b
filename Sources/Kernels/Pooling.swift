/// Sizes of a pooling of [batch, channels, inputHeight, inputWidth] with a square window; padding lies on all sides.
public struct PoolingGeometry: Hashable, Sendable {
  public var batch, channels, inputHeight, inputWidth, kernel, stride, padding: Int

  public init(
    batch: Int, channels: Int, inputHeight: Int, inputWidth: Int, kernel: Int, stride: Int, padding: Int = 0
  ) {
    self.batch = batch
    self.channels = channels
    self.inputHeight = inputHeight
    self.inputWidth = inputWidth
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
  }

  public var outputHeight: Int { outputLength(inputHeight, kernel: kernel, stride: stride, padding: padding) }
  public var outputWidth: Int { outputLength(inputWidth, kernel: kernel, stride: stride, padding: padding) }
}

/// The windows that fit: floor((input + 2 padding - kernel) / stride) + 1, or 0 where none does.
func outputLength(_ input: Int, kernel: Int, stride: Int, padding: Int) -> Int {
  let room = input &+ 2 &* padding &- kernel
  return room < 0 || stride < 1 ? 0 : room / stride + 1
}

/// Pooling over square windows, channel by channel.
public enum Pooling {
  /// The largest element of each window and where it lies in its input plane; a NaN wins, a window of padding
  /// alone gives -infinity at index -1.
  public static func maximumForward(
    _ g: PoolingGeometry, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    indices: UnsafeMutablePointer<Int32>
  ) {
    forEachPlane(g) { plane, inputOffset, outputOffset in
      let x = input + inputOffset
      forEachWindow(g) { window, rows, columns in
        var best = -Float.infinity
        var index = -1
        for row in rows {
          for position in row * g.inputWidth + columns.lowerBound..<row * g.inputWidth + columns.upperBound
          where x[position] > best || index < 0 || x[position].isNaN {
            best = x[position]
            index = position
          }
        }
        output[outputOffset + window] = best
        indices[outputOffset + window] = Int32(truncatingIfNeeded: index)
      }
    }
  }

  /// Adds the gradient of each output to the input that it was taken from.
  public static func maximumBackward(
    _ g: PoolingGeometry, outputGradient: UnsafePointer<Float>, indices: UnsafePointer<Int32>,
    inputGradient: UnsafeMutablePointer<Float>
  ) {
    let size = g.inputHeight * g.inputWidth
    let outputs = g.outputHeight * g.outputWidth
    forEachPlane(g) { plane, inputOffset, outputOffset in
      let gradient = inputGradient + inputOffset
      gradient.update(repeating: 0, count: size)
      for position in outputOffset..<outputOffset + outputs {
        let index = Int(indices[position])
        if index >= 0, index < size { gradient[index] += outputGradient[position] }
      }
    }
  }

  /// The sum over each window divided by kernel², padding counted as zeros.
  public static func averageForward(
    _ g: PoolingGeometry, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>
  ) {
    let share = 1 / (Float(g.kernel) * Float(g.kernel))
    forEachPlane(g) { plane, inputOffset, outputOffset in
      let x = input + inputOffset
      forEachWindow(g) { window, rows, columns in
        var sum: Float = 0
        for row in rows {
          for column in columns { sum += x[row * g.inputWidth + column] }
        }
        output[outputOffset + window] = sum * share
      }
    }
  }

  /// Spreads the gradient of each output evenly over its window.
  public static func averageBackward(
    _ g: PoolingGeometry, outputGradient: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>
  ) {
    let share = 1 / (Float(g.kernel) * Float(g.kernel))
    forEachPlane(g) { plane, inputOffset, outputOffset in
      let gradient = inputGradient + inputOffset
      gradient.update(repeating: 0, count: g.inputHeight * g.inputWidth)
      forEachWindow(g) { window, rows, columns in
        let part = outputGradient[outputOffset + window] * share
        for row in rows {
          for column in columns { gradient[row * g.inputWidth + column] += part }
        }
      }
    }
  }

  private static func forEachPlane(_ g: PoolingGeometry, _ body: (_ plane: Int, _ input: Int, _ output: Int) -> Void) {
    let inputSize = g.inputHeight * g.inputWidth
    let outputSize = g.outputHeight * g.outputWidth
    Pool.forEachBlock(g.batch * g.channels, of: max(1, (1 << 14) / max(inputSize, 1))) { planes in
      for plane in planes { body(plane, plane * inputSize, plane * outputSize) }
    }
  }

  /// The part of each window that lies inside of the plane.
  @inline(__always)
  private static func forEachWindow(_ g: PoolingGeometry, _ body: (Int, Range<Int>, Range<Int>) -> Void) {
    let outputWidth = g.outputWidth
    for y in 0..<g.outputHeight {
      let rows = clipped(y * g.stride - g.padding, g.kernel, g.inputHeight)
      for x in 0..<outputWidth {
        body(y * outputWidth + x, rows, clipped(x * g.stride - g.padding, g.kernel, g.inputWidth))
      }
    }
  }

  @inline(__always)
  private static func clipped(_ first: Int, _ length: Int, _ limit: Int) -> Range<Int> {
    let lower = min(max(first, 0), limit)
    return lower..<max(lower, min(first + length, limit))
  }
}
