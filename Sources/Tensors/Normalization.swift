import Kernels

// y = scale * (x - mean) / sqrt(variance + epsilon) + shift, with the moments taken over the batch (Ioffe & Szegedy
// 2015), over groups of channels of each sample (Wu & He 2018), or given. x is [batch, channels] or
// [batch, channels, positions...]; scale and shift are [channels].

extension Tensor {
  /// A batch-normalised tensor and the moments of the batch that made it, both [channels].
  public struct BatchNormalized {
    public let output: Tensor
    public let mean: Tensor
    /// The biased variance, which normalises; running statistics take the unbiased one.
    public let variance: Tensor
  }

  /// Normalises each channel by its mean and variance over the batch and all positions.
  public func batchNormalized(scale: Tensor, shift: Tensor, epsilon: Float) throws -> BatchNormalized {
    let view = try channelView(scale, shift)
    guard view.samples * view.positions > 1 else {
      throw TensorError(
        "norm: one value per channel cannot be normalised over the batch (input \(shape))",
        help: "train with a larger batch, or use norm(kind: \"group\")")
    }
    var variance = try Tensor(repeating: 0, shape: [view.channels])
    let mean = try Tensor(shape: [view.channels]) { mean in
      try variance.mutate { variance in
        read {
          Normalization.batchMoments(
            samples: view.samples, channels: view.channels, positions: view.positions, $0, mean: mean,
            variance: variance)
        }
      }
    }
    let deviation = try variance.inverseDeviation(epsilon)
    let value = try channelAffine(view, mean: mean, inverseDeviation: deviation, scale: scale, shift: shift)
    let (input, scaleValue) = (detached, scale.detached)
    let output = value.recorded(from: [self, scale, shift]) { gradient in
      try input.normalizationGradients(view, gradient, scaleValue) { x, gradient, scale, toInput, toScale, toShift in
        mean.read { mean in
          deviation.read { deviation in
            Normalization.batchBackward(
              samples: view.samples, channels: view.channels, positions: view.positions, x,
              outputGradient: gradient, mean: mean, inverseDeviation: deviation, scale: scale,
              inputGradient: toInput, scaleGradient: toScale, shiftGradient: toShift)
          }
        }
      }
    }
    return BatchNormalized(output: output, mean: mean, variance: variance)
  }

  /// Normalises by given moments, as a trained network does when it predicts.
  public func normalized(mean: Tensor, variance: Tensor, scale: Tensor, shift: Tensor, epsilon: Float) throws -> Tensor
  {
    let view = try channelView(scale, shift)
    let mean = mean.detached
    let deviation = try variance.detached.inverseDeviation(epsilon)
    let value = try channelAffine(view, mean: mean, inverseDeviation: deviation, scale: scale, shift: shift)
    let (input, scaleValue) = (detached, scale.detached)
    return value.recorded(from: [self, scale, shift]) { gradient in
      try input.normalizationGradients(view, gradient, scaleValue) { x, gradient, scale, toInput, toScale, toShift in
        mean.read { mean in
          deviation.read { deviation in
            Normalization.affineBackward(
              samples: view.samples, channels: view.channels, positions: view.positions, x,
              outputGradient: gradient, mean: mean, inverseDeviation: deviation, scale: scale,
              inputGradient: toInput, scaleGradient: toScale, shiftGradient: toShift)
          }
        }
      }
    }
  }

  /// Normalises each sample by the moments of each of its groups of channels; has no state.
  ///
  /// One group per channel is instance normalisation, one group in all is layer normalisation.
  public func groupNormalized(groups: Int, scale: Tensor, shift: Tensor, epsilon: Float) throws -> Tensor {
    let view = try channelView(scale, shift)
    guard groups > 0, view.channels % groups == 0 else {
      throw TensorError("norm: \(view.channels) channels do not divide into \(groups) groups")
    }
    var variance = try Tensor(repeating: 0, shape: [view.samples, groups])
    let mean = try Tensor(shape: [view.samples, groups]) { mean in
      try variance.mutate { variance in
        read {
          Normalization.groupMoments(
            samples: view.samples, groups: groups, perGroup: view.channels / groups * view.positions, $0, mean: mean,
            variance: variance)
        }
      }
    }
    let deviation = try variance.inverseDeviation(epsilon)
    let value = try Tensor(shape: shape) { target in
      read { x in
        mean.read { mean in
          deviation.read { deviation in
            scale.read { scale in
              shift.read { shift in
                Normalization.groupForward(
                  samples: view.samples, channels: view.channels, positions: view.positions, groups: groups, x,
                  mean: mean, inverseDeviation: deviation, scale: scale, shift: shift, into: target)
              }
            }
          }
        }
      }
    }
    let (input, scaleValue) = (detached, scale.detached)
    return value.recorded(from: [self, scale, shift]) { gradient in
      try input.normalizationGradients(view, gradient, scaleValue) { x, gradient, scale, toInput, toScale, toShift in
        mean.read { mean in
          deviation.read { deviation in
            Normalization.groupBackward(
              samples: view.samples, channels: view.channels, positions: view.positions, groups: groups, x,
              outputGradient: gradient, mean: mean, inverseDeviation: deviation, scale: scale,
              inputGradient: toInput, scaleGradient: toScale, shiftGradient: toShift)
          }
        }
      }
    }
  }

  private struct ChannelView { let samples, channels, positions: Int }

  private func channelView(_ scale: Tensor, _ shift: Tensor) throws -> ChannelView {
    guard rank >= 2 else {
      throw TensorError("norm: an input [batch, channels, ...] was expected, not shape \(shape)")
    }
    guard scale.shape == [shape[1]], shift.shape == [shape[1]] else {
      throw TensorError("norm: scale \(scale.shape) and shift \(shift.shape) do not fit \(shape[1]) channels")
    }
    return ChannelView(samples: shape[0], channels: shape[1], positions: shape[2...].reduce(1, *))
  }

  /// x * (scale / deviation) + (shift - mean * scale / deviation), in one pass.
  private func channelAffine(
    _ view: ChannelView, mean: Tensor, inverseDeviation: Tensor, scale: Tensor, shift: Tensor
  ) throws -> Tensor {
    let factor = try scale.detached * inverseDeviation
    let offset = try shift.detached - mean * factor
    return try Tensor(shape: shape) { target in
      read { x in
        factor.read { factor in
          offset.read { offset in
            Normalization.channelAffine(
              samples: view.samples, channels: view.channels, positions: view.positions, x, multiply: factor,
              add: offset, into: target)
          }
        }
      }
    }
  }

  private func inverseDeviation(_ epsilon: Float) throws -> Tensor {
    try Tensor(1) / (self + Tensor(epsilon)).squareRoot()
  }

  private typealias GradientKernel = (
    _ x: UnsafePointer<Float>, _ gradient: UnsafePointer<Float>, _ scale: UnsafePointer<Float>,
    _ toInput: UnsafeMutablePointer<Float>, _ toScale: UnsafeMutablePointer<Float>,
    _ toShift: UnsafeMutablePointer<Float>
  ) -> Void

  private func normalizationGradients(
    _ view: ChannelView, _ gradient: Tensor, _ scale: Tensor, _ kernel: GradientKernel
  ) throws -> [Tensor?] {
    var toScale = try Tensor(repeating: 0, shape: [view.channels])
    var toShift = try Tensor(repeating: 0, shape: [view.channels])
    let toInput = try Tensor(shape: shape) { toInput in
      try toScale.mutate { toScale in
        try toShift.mutate { toShift in
          read { x in
            gradient.read { gradient in scale.read { kernel(x, gradient, $0, toInput, toScale, toShift) } }
          }
        }
      }
    }
    return [toInput, toScale, toShift]
  }
}
