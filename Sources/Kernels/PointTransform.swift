import CKernels

/// Each sample's points through a matrix of their own, y[n] = x[n] (T[n] + I), as PointNet's T-Nets do (Qi et al. 2017,
/// section 4.2): x, y [samples * points, width(channels)], T [samples, width(channels²)], a matrix row-major in each row.
public struct PointTransform: Hashable, Sendable {
  public let samples, points, channels: Int

  public init(samples: Int, points: Int, channels: Int) {
    self.samples = samples
    self.points = points
    self.channels = channels
  }

  /// Floats in a point as it is stored, and in a matrix.
  public var width: Int { ChannelsLast.width(channels) }
  public var matrixWidth: Int { ChannelsLast.width(channels * channels) }

  /// Floats of working storage: a padded matrix for each sample.
  public var scratchCount: Int { samples * channels * width }

  public func forward(
    _ x: UnsafePointer<Float>, matrices: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, level: KernelLevel = .preferred
  ) {
    Pool.run(chunks: samples) { sample in
      let matrix = scratch + sample * channels * width
      fill(matrix, from: matrices + sample * matrixWidth, transposed: false)
      multiply(x, by: matrix, into: y, sample: sample, accumulates: false, level)
    }
  }

  /// dx = dy (T + I)ᵀ; `inputGradient` is overwritten or added to, and is not the output gradient.
  public func backwardInput(
    outputGradient dy: UnsafePointer<Float>, matrices: UnsafePointer<Float>, accumulates: Bool = false,
    into inputGradient: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>,
    level: KernelLevel = .preferred
  ) {
    Pool.run(chunks: samples) { sample in
      let matrix = scratch + sample * channels * width
      fill(matrix, from: matrices + sample * matrixWidth, transposed: true)
      multiply(dy, by: matrix, into: inputGradient, sample: sample, accumulates: accumulates, level)
    }
  }

  /// dT = xᵀ dy.
  public func backwardMatrices(
    _ x: UnsafePointer<Float>, outputGradient dy: UnsafePointer<Float>,
    into matrixGradients: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>,
    level: KernelLevel = .preferred
  ) {
    Pool.run(chunks: samples) { sample in
      let padded = scratch + sample * channels * width
      let rows = sample * points * width
      // A few points at a time, whose rows of x and dy stay in the first-level cache for all rows of dT.
      for first in stride(from: 0, to: points, by: 64) {
        var product = kernel_product(
          m: channels, n: width, depth: min(64, points - first), a: x + rows + first * width, a_row: 1,
          a_depth: width, b: dy + rows + first * width, b_depth: width, b_panel: level.panel, c: padded,
          c_row: width, accumulates: first > 0 ? 1 : 0)
        level.functions.pointee.product?(&product)
      }
      let gradient = matrixGradients + sample * matrixWidth
      for row in 0..<channels {
        (gradient + row * channels).update(from: padded + row * width, count: channels)
      }
      (gradient + channels * channels).update(repeating: 0, count: matrixWidth - channels * channels)
    }
  }

  private func multiply(
    _ x: UnsafePointer<Float>, by matrix: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, sample: Int,
    accumulates: Bool, _ level: KernelLevel
  ) {
    let rows = sample * points * width
    var product = kernel_product(
      m: points, n: width, depth: channels, a: x + rows, a_row: width, a_depth: 1, b: matrix, b_depth: width,
      b_panel: level.panel, c: y + rows, c_row: width, accumulates: accumulates ? 1 : 0)
    level.functions.pointee.product?(&product)
  }

  /// T + I or its transpose, in rows of `width` floats.
  private func fill(_ padded: UnsafeMutablePointer<Float>, from matrix: UnsafePointer<Float>, transposed: Bool) {
    for row in 0..<channels {
      let target = padded + row * width
      for column in 0..<channels {
        target[column] = matrix[transposed ? column * channels + row : row * channels + column]
      }
      target[row] += 1
      (target + channels).update(repeating: 0, count: width - channels)
    }
  }
}
