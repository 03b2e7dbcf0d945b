import CKernels

/// Group normalisation: each sample's channels in `groups` equal groups, each group over its channels and positions.
///
/// One group is layer normalisation, one channel a group is instance normalisation.
extension Normalization {
  /// Mean and biased variance [samples, groups] of the `perGroup` = channels / groups * positions elements of a group.
  public static func groupMoments(
    samples: Int, groups: Int, perGroup: Int, _ x: UnsafePointer<Float>,
    mean: UnsafeMutablePointer<Float>, variance: UnsafeMutablePointer<Float>
  ) {
    Pool.forEach(samples * groups, elements: perGroup) { group in
      let first = x + group * perGroup
      let center = kernel_sum(perGroup, first) / Double(perGroup)
      mean[group] = Float(center)
      variance[group] = Float(kernel_squared_deviation(perGroup, first, center) / Double(perGroup))
    }
  }

  /// y = scale[c] (x - mean) inverseDeviation + shift[c], with statistics [samples, groups].
  public static func groupForward(
    samples: Int, channels: Int, positions: Int, groups: Int, _ x: UnsafePointer<Float>,
    mean: UnsafePointer<Float>, inverseDeviation: UnsafePointer<Float>,
    scale: UnsafePointer<Float>?, shift: UnsafePointer<Float>?, into y: UnsafeMutablePointer<Float>
  ) {
    let width = channels / groups
    Pool.forEach(samples, elements: channels * positions) { sample in
      for channel in 0..<channels {
        let group = sample * groups + channel / width
        let multiply = (scale?[channel] ?? 1) * inverseDeviation[group]
        let add = (shift?[channel] ?? 0) - mean[group] * multiply
        let offset = (sample * channels + channel) * positions
        kernel_affine(positions, x + offset, multiply, add, y + offset)
      }
    }
  }

  /// Gradients of `groupForward` where the statistics are those of x.
  public static func groupBackward(
    samples: Int, channels: Int, positions: Int, groups: Int, _ x: UnsafePointer<Float>,
    outputGradient: UnsafePointer<Float>, mean: UnsafePointer<Float>, inverseDeviation: UnsafePointer<Float>,
    scale: UnsafePointer<Float>?, inputGradient: UnsafeMutablePointer<Float>?,
    scaleGradient: UnsafeMutablePointer<Float>?, shiftGradient: UnsafeMutablePointer<Float>?
  ) {
    let width = channels / groups
    let count = Double(width) * Double(positions)
    // Per sample and channel: the sum of g and of g (x - mean).
    Scratch.withDoubles(2 * samples * channels) { sums in
      Pool.forEach(samples, elements: channels * positions) { sample in
        for group in 0..<groups {
          let center = Double(mean[sample * groups + group])
          let inverse = Double(inverseDeviation[sample * groups + group])
          var sum = 0.0, product = 0.0
          for channel in group * width..<(group + 1) * width {
            let row = sample * channels + channel
            sums[2 * row] = 0
            sums[2 * row + 1] = 0
            kernel_gradient_sums(
              positions, x + row * positions, center, outputGradient + row * positions, sums + 2 * row,
              sums + 2 * row + 1)
            sum += Double(scale?[channel] ?? 1) * sums[2 * row]
            product += Double(scale?[channel] ?? 1) * sums[2 * row + 1]
            sums[2 * row + 1] *= inverse
          }
          guard let inputGradient else { continue }
          let b = -inverse * inverse * inverse * product / count
          let c = -inverse * sum / count - b * center
          for channel in group * width..<(group + 1) * width {
            let offset = (sample * channels + channel) * positions
            kernel_combine(
              positions, Float(Double(scale?[channel] ?? 1) * inverse), outputGradient + offset, Float(b), x + offset,
              Float(c), inputGradient + offset)
          }
        }
      }
      for channel in 0..<channels {
        var shift = 0.0, scale = 0.0
        for sample in 0..<samples {
          shift += sums[2 * (sample * channels + channel)]
          scale += sums[2 * (sample * channels + channel) + 1]
        }
        scaleGradient?[channel] = Float(scale)
        shiftGradient?[channel] = Float(shift)
      }
    }
  }
}
