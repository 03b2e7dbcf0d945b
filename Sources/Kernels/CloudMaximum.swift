import CKernels

/// A convolution of kernel 1 over clouds of points, its normalisation, and the maximum over the points of each cloud,
/// without the activations in between: the last stage of PointNet's feature extractor.
///
///     z = W h + b        y = max over the points of act(multiply z + add)        act = identity or ReLU
///
/// h is [samples * points, width(inputChannels)], W is [outputChannels, inputChannels] (PyTorch's convolution weight
/// without its kernel axis), y is [samples, width(outputChannels)]; surplus channels hold zeros. The samples are those
/// of `sets` branches one after another, equally many each, which share W and have multipliers and statistics of their
/// own. The algebra is in the room's README.
///
/// In training `moments` comes first, and multiply = γ r, add = β - m γ r follow from what it gives; in evaluation they
/// are constants, without normalisation one and zero. `backward` needs what the other two left in `state`.
public struct CloudMaximum: Sendable {
  public let samples: Int
  public let points: Int
  public let sets: Int
  public let inputChannels: Int
  public let outputChannels: Int
  public let isRectified: Bool
  let level: KernelLevel

  /// - Parameters:
  ///   - samples: Clouds, a multiple of `sets`.
  ///   - points: Points of a cloud, at least one.
  ///   - isRectified: Whether a ReLU stands before the maximum.
  public init(
    samples: Int, points: Int, sets: Int, inputChannels: Int, outputChannels: Int, isRectified: Bool,
    level: KernelLevel = .preferred
  ) {
    self.samples = samples
    self.points = points
    self.sets = sets
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    self.isRectified = isRectified
    self.level = level
  }

  /// Floats of `state`: what `backward` needs of the other two.
  public var stateCount: Int { State.Layout(self).count }

  /// Floats of working storage, for the largest of the three.
  public var scratchCount: Int {
    max(MomentsLayout(self).count, max(ForwardLayout(self).count, BackwardLayout(self).count))
  }

  var inputWidth: Int { ChannelsLast.width(inputChannels) }
  var outputWidth: Int { ChannelsLast.width(outputChannels) }
  var samplesPerSet: Int { samples / sets }
  var rowsPerSet: Int { samplesPerSet * points }
  func set(ofSample sample: Int) -> Int { sample / samplesPerSet }

  /// Columns of a strip: whole panels of every level. A matrix in strips is [strips, rows, strip].
  static let strip = 64
  var inputStrips: Int { (inputWidth + Self.strip - 1) / Self.strip }
  func width(ofStrip strip: Int) -> Int { min(Self.strip, inputWidth - strip * Self.strip) }

  /// Output channels rounded up to whole strips, as the product with a maximum gives them.
  var paddedChannels: Int { (outputChannels + Self.strip - 1) / Self.strip * Self.strip }

  /// What `backward` needs.
  struct State {
    /// [samples, paddedChannels]: the point that has the maximum.
    let index: UnsafeMutablePointer<Int32>
    /// [samples, paddedChannels]: z of that point.
    let peak: UnsafeMutablePointer<Float>
    /// [sets, inputWidth]: the mean of h.
    let mean: UnsafeMutablePointer<Float>
    /// [sets, inputWidth, inputWidth]: Σ (h - mean) (h - mean)ᵀ over the rows of a set.
    let gram: UnsafeMutablePointer<Float>

    struct Layout {
      let index, peak, mean, gram, count: Int

      init(_ shape: CloudMaximum) {
        var cursor = ScratchCursor()
        index = cursor.floats(shape.samples * shape.paddedChannels)
        peak = cursor.floats(shape.samples * shape.paddedChannels)
        mean = cursor.floats(shape.sets * shape.inputWidth)
        gram = cursor.floats(shape.sets * shape.inputWidth * shape.inputWidth)
        count = cursor.count
      }
    }

    init(_ base: UnsafeMutablePointer<Float>, of shape: CloudMaximum) {
      let layout = Layout(shape)
      let capacity = shape.samples * shape.paddedChannels
      index = UnsafeMutableRawPointer(base + layout.index).bindMemory(to: Int32.self, capacity: capacity)
      peak = base + layout.peak
      mean = base + layout.mean
      gram = base + layout.gram
    }
  }
}
