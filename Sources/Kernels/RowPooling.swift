import CKernels

/// Pooling of images that are rows of channels: x [batch * inputHeight * inputWidth, width] to
/// y [batch * outputHeight * outputWidth, width], by the sizes of a `PoolingGeometry`.
public enum RowPooling {
  /// The largest element of each window and its pixel in the image; a NaN wins, a window of padding alone gives
  /// -infinity at -1.
  public static func maximumForward(
    _ g: PoolingGeometry, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    winners: UnsafeMutablePointer<Int32>, level: KernelLevel = .preferred
  ) {
    let kernel = level.functions.pointee.row_maximum
    forEachBlock(g) { pooling in
      var pooling = pooling
      kernel?(&pooling, input, output, winners)
    }
  }

  /// The sum over each window divided by kernel², padding counted as zeros.
  public static func averageForward(
    _ g: PoolingGeometry, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    level: KernelLevel = .preferred
  ) {
    let kernel = level.functions.pointee.row_average
    forEachBlock(g) { pooling in
      var pooling = pooling
      kernel?(&pooling, input, output)
    }
  }

  /// Gives the gradient of each output to the pixel it was taken from.
  public static func maximumBackward(
    _ g: PoolingGeometry, outputGradient: UnsafePointer<Float>, winners: UnsafePointer<Int32>,
    accumulates: Bool = false, into inputGradient: UnsafeMutablePointer<Float>, level: KernelLevel = .preferred
  ) {
    let kernel = level.functions.pointee.row_maximum_backward
    forEachStrip(g, accumulates) { pooling, columns, input, output in
      var pooling = pooling
      kernel?(&pooling, columns, outputGradient + output, winners + output, inputGradient + input)
    }
  }

  /// Spreads the gradient of each output evenly over its window.
  public static func averageBackward(
    _ g: PoolingGeometry, outputGradient: UnsafePointer<Float>, accumulates: Bool = false,
    into inputGradient: UnsafeMutablePointer<Float>, level: KernelLevel = .preferred
  ) {
    let kernel = level.functions.pointee.row_average_backward
    forEachStrip(g, accumulates) { pooling, columns, input, output in
      var pooling = pooling
      kernel?(&pooling, columns, outputGradient + output, inputGradient + input)
    }
  }

  private static func pooling(_ g: PoolingGeometry) -> kernel_row_pooling {
    var pooling = kernel_row_pooling()
    pooling.height = g.inputHeight
    pooling.columns = g.inputWidth
    pooling.width = ChannelsLast.width(g.channels)
    pooling.output_height = g.outputHeight
    pooling.output_columns = g.outputWidth
    pooling.kernel = g.kernel
    pooling.stride = g.stride
    pooling.padding = g.padding
    return pooling
  }

  private static func forEachBlock(_ g: PoolingGeometry, _ body: (kernel_row_pooling) -> Void) {
    let pooling = pooling(g)
    let outputs = g.batch * g.outputHeight * g.outputWidth
    let floats = pooling.width * g.kernel * g.kernel
    Pool.forEachBlock(outputs, of: max(1, Elementwise.blockSize / max(floats, 1))) { block in
      var pooling = pooling
      pooling.first_output = block.lowerBound
      pooling.outputs = block.count
      body(pooling)
    }
  }

  /// Strips of the channels of an image, whose windows are gone through in order.
  private static func forEachStrip(
    _ g: PoolingGeometry, _ accumulates: Bool,
    _ body: (kernel_row_pooling, _ columns: Int, _ input: Int, _ output: Int) -> Void
  ) {
    var pooling = pooling(g)
    pooling.accumulates = accumulates ? 1 : 0
    let inputs = g.inputHeight * g.inputWidth, outputs = g.outputHeight * g.outputWidth
    RowStrips(samples: g.batch, rows: inputs, width: pooling.width).forEach { [pooling] image, columns in
      body(
        pooling, columns.count, image * inputs * pooling.width + columns.lowerBound,
        image * outputs * pooling.width + columns.lowerBound)
    }
  }
}

/// The channels of the rows of each sample in strips: work that goes through all rows of a sample in order.
struct RowStrips {
  static let width = 64
  let samples, rows, width: Int

  func forEach(_ body: (_ sample: Int, _ columns: Range<Int>) -> Void) {
    let strips = (width + Self.width - 1) / Self.width
    Pool.forEach(samples * strips, elements: rows * min(width, Self.width)) { index in
      let first = index % strips * Self.width
      body(index / strips, first..<min(first + Self.width, width))
    }
  }
}
