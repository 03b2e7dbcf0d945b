import Kernels
import Networks
import Tensors

/// What an operation reads or makes: features at positions, held as rows [sample, y, x] of channels.
///
/// A feature that is *shared* is the same in all branches and held once; another one is held once for each branch, one
/// branch behind the other.
struct Feature: Sendable {
  typealias ID = Int

  var channels: Int
  var height: Int
  var width: Int
  /// Floats from one row to the next: whole vectors, but for an image that only convolutions read.
  var rowLength: Int
  var isShared: Bool

  /// From the shape of a sample: [channels], [channels, points] or [channels, height, width].
  init?(shape: Shape, isShared: Bool) {
    guard (1...3).contains(shape.count) else { return nil }
    channels = shape[0]
    height = shape.count == 3 ? shape[1] : 1
    width = shape.count == 3 ? shape[2] : shape.count == 2 ? shape[1] : 1
    rowLength = Self.paddedLength(channels)
    self.isShared = isShared
  }

  /// Channels rounded up to whole vectors.
  static func paddedLength(_ channels: Int) -> Int { ChannelsLast.width(channels) }

  /// Rows of one sample.
  var positions: Int { height * width }
}

/// For how much an operation is to be done at once.
struct Extent: Sendable, Hashable {
  /// Samples of one branch.
  var samples: Int
  var branches: Int
  /// Whether batch statistics are taken and dropout is done.
  var isTraining: Bool
  /// Whether gradients will be asked for.
  var isDifferentiated: Bool
  /// The first operation that reads anything to be differentiated by: the way back ends there.
  var firstTrained = 0
  /// Which compilation of the kernels runs, and on how many threads: working storage depends on both.
  var level: KernelLevel = .preferred
  var threads: Int = Pool.threadCount

  /// Rows of a feature over all samples, and all branches unless it is shared.
  func rows(_ feature: Feature) -> Int { samples * copies(feature) * feature.positions }

  /// How many branches a feature is held for.
  func copies(_ feature: Feature) -> Int { feature.isShared ? 1 : branches }

  /// Floats of a feature.
  func count(_ feature: Feature) -> Int { rows(feature) * feature.rowLength }
}
