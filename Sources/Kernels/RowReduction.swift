import CKernels

/// Reductions of rows x [samples * rows, width] to one row a sample [samples, width], channel by channel.
public enum RowReduction {
  /// The average over the rows of a sample.
  public static func averageForward(
    samples: Int, rows: Int, width: Int, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>,
    level: KernelLevel = .preferred
  ) {
    let functions = level.functions.pointee
    RowStrips(samples: samples, rows: rows, width: width).forEach { sample, columns in
      let to = y + sample * width + columns.lowerBound
      functions.row_sums?(rows, columns.count, width, x + sample * rows * width + columns.lowerBound, to)
      functions.row_spread?(1, columns.count, width, to, 1 / Float(rows), 0, to)
    }
  }

  /// The gradient of each average, spread evenly over its rows.
  public static func averageBackward(
    samples: Int, rows: Int, width: Int, outputGradient dy: UnsafePointer<Float>, accumulates: Bool = false,
    into dx: UnsafeMutablePointer<Float>, level: KernelLevel = .preferred
  ) {
    let kernel = level.functions.pointee.row_spread
    RowBlocks(sets: samples, units: rows, unitFloats: width).forEach { sample, _, block in
      kernel?(
        block.count, width, width, dy + sample * width, 1 / Float(rows), accumulates ? 1 : 0,
        dx + (sample * rows + block.lowerBound) * width)
    }
  }

  /// The largest element over the rows of a sample and its row, the first among equals; the first NaN wins.
  public static func maximumForward(
    samples: Int, rows: Int, width: Int, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>,
    winners: UnsafeMutablePointer<Int32>, level: KernelLevel = .preferred
  ) {
    let kernel = level.functions.pointee.row_global_maximum
    RowStrips(samples: samples, rows: rows, width: width).forEach { sample, columns in
      let to = sample * width + columns.lowerBound
      kernel?(rows, columns.count, width, x + sample * rows * width + columns.lowerBound, y + to, winners + to)
    }
  }

  /// Gives the gradient of each maximum to the row it was taken from.
  public static func maximumBackward(
    samples: Int, rows: Int, width: Int, outputGradient dy: UnsafePointer<Float>, winners: UnsafePointer<Int32>,
    accumulates: Bool = false, into dx: UnsafeMutablePointer<Float>
  ) {
    if !accumulates { Elementwise.fill(samples * rows * width, 0, into: dx) }
    for sample in 0..<samples {
      for index in sample * width..<(sample + 1) * width {
        let winner = Int(winners[index])
        guard winner >= 0, winner < rows else { continue }
        dx[(sample * rows + winner) * width + index - sample * width] += dy[index]
      }
    }
  }

  /// Floats of working storage for `sum`.
  public static func sumScratchCount(rows: Int, width: Int) -> Int {
    RowBlocks(sets: 1, units: rows, unitFloats: width).perSet * width
  }

  /// The sum of all rows, which is the gradient of a bias: y [width], blocks of rows merged in float64.
  public static func sum(
    rows: Int, width: Int, _ x: UnsafePointer<Float>, accumulates: Bool = false,
    into y: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>, level: KernelLevel = .preferred
  ) {
    let kernel = level.functions.pointee.row_sums
    let blocks = RowBlocks(sets: 1, units: rows, unitFloats: width)
    blocks.forEach { _, block, rows in
      kernel?(rows.count, width, width, x + rows.lowerBound * width, scratch + block * width)
    }
    var sums = [Double](repeating: 0, count: width)
    for block in 0..<blocks.perSet { kernel_accumulate(width, scratch + block * width, &sums) }
    for channel in 0..<width { y[channel] = Float(sums[channel]) + (accumulates ? y[channel] : 0) }
  }
}
