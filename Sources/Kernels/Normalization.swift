import CKernels

/// Batch normalisation over x [samples, channels, positions], each channel over samples and positions.
public enum Normalization {
  /// Mean and biased variance of each channel, summed in float64 in two passes.
  public static func batchMoments(
    samples: Int, channels: Int, positions: Int, _ x: UnsafePointer<Float>,
    mean: UnsafeMutablePointer<Float>, variance: UnsafeMutablePointer<Float>
  ) {
    let count = Double(samples) * Double(positions)
    Pool.forEach(channels, elements: samples * positions) { channel in
      let first = x + channel * positions
      var sum = 0.0
      for sample in 0..<samples { sum += kernel_sum(positions, first + sample * channels * positions) }
      let center = sum / count
      var squares = 0.0
      for sample in 0..<samples {
        squares += kernel_squared_deviation(positions, first + sample * channels * positions, center)
      }
      mean[channel] = Float(center)
      variance[channel] = Float(squares / count)
    }
  }

  /// y = x * multiply[c] + add[c].
  public static func channelAffine(
    samples: Int, channels: Int, positions: Int, _ x: UnsafePointer<Float>,
    multiply: UnsafePointer<Float>, add: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>
  ) {
    Pool.forEach(samples, elements: channels * positions) { sample in
      for channel in 0..<channels {
        let offset = (sample * channels + channel) * positions
        kernel_affine(positions, x + offset, multiply[channel], add[channel], y + offset)
      }
    }
  }

  /// Gradients of y = scale (x - mean) inverseDeviation + shift where the statistics are those of x (training).
  ///
  /// Without `scale` it counts as 1; gradients that are nil are not wanted.
  public static func batchBackward(
    samples: Int, channels: Int, positions: Int, _ x: UnsafePointer<Float>,
    outputGradient: UnsafePointer<Float>, mean: UnsafePointer<Float>, inverseDeviation: UnsafePointer<Float>,
    scale: UnsafePointer<Float>?, inputGradient: UnsafeMutablePointer<Float>?,
    scaleGradient: UnsafeMutablePointer<Float>?, shiftGradient: UnsafeMutablePointer<Float>?
  ) {
    backward(
      samples, channels, positions, x, outputGradient, mean, inverseDeviation, scale, statisticsFollowInput: true,
      inputGradient, scaleGradient, shiftGradient)
  }

  /// Gradients of y = scale (x - mean) inverseDeviation + shift where the statistics are constants (evaluation).
  public static func affineBackward(
    samples: Int, channels: Int, positions: Int, _ x: UnsafePointer<Float>,
    outputGradient: UnsafePointer<Float>, mean: UnsafePointer<Float>, inverseDeviation: UnsafePointer<Float>,
    scale: UnsafePointer<Float>?, inputGradient: UnsafeMutablePointer<Float>?,
    scaleGradient: UnsafeMutablePointer<Float>?, shiftGradient: UnsafeMutablePointer<Float>?
  ) {
    backward(
      samples, channels, positions, x, outputGradient, mean, inverseDeviation, scale, statisticsFollowInput: false,
      inputGradient, scaleGradient, shiftGradient)
  }

  private static func backward(
    _ samples: Int, _ channels: Int, _ positions: Int, _ x: UnsafePointer<Float>,
    _ outputGradient: UnsafePointer<Float>, _ mean: UnsafePointer<Float>, _ inverseDeviation: UnsafePointer<Float>,
    _ scale: UnsafePointer<Float>?, statisticsFollowInput: Bool, _ inputGradient: UnsafeMutablePointer<Float>?,
    _ scaleGradient: UnsafeMutablePointer<Float>?, _ shiftGradient: UnsafeMutablePointer<Float>?
  ) {
    let count = Double(samples) * Double(positions)
    Pool.forEach(channels, elements: samples * positions) { channel in
      let center = Double(mean[channel]), inverse = Double(inverseDeviation[channel])
      var sum = 0.0, product = 0.0
      for sample in 0..<samples {
        let offset = (sample * channels + channel) * positions
        kernel_gradient_sums(positions, x + offset, center, outputGradient + offset, &sum, &product)
      }
      scaleGradient?[channel] = Float(product * inverse)
      shiftGradient?[channel] = Float(sum)
      guard let inputGradient else { return }
      // dx = s i (g - mean(g) - x^ mean(g x^)), x^ = (x - m) i, written as a g + b x + c.
      let a = Double(scale?[channel] ?? 1) * inverse
      let b = statisticsFollowInput ? -a * inverse * inverse * product / count : 0
      let c = statisticsFollowInput ? -a * sum / count - b * center : 0
      for sample in 0..<samples {
        let offset = (sample * channels + channel) * positions
        kernel_combine(
          positions, Float(a), outputGradient + offset, Float(b), x + offset, Float(c), inputGradient + offset)
      }
    }
  }
}
