/// Where the activations of a batch lie: the value of a channel at a position of a sample stands at
/// sample · `sample` + channel · `channel` + position · `position`.
///
/// A kernel that moves values about, and computes nothing worth a vector, serves both layouts with it.
public struct ActivationStrides: Hashable, Sendable {
  public let sample, channel, position: Int

  /// [samples, channels, positions]: a channel is a plane.
  public static func planes(channels: Int, positions: Int) -> ActivationStrides {
    ActivationStrides(sample: channels * positions, channel: positions, position: 1)
  }

  /// [samples * positions, width]: a position is a row of channels.
  public static func rows(positions: Int, width: Int) -> ActivationStrides {
    ActivationStrides(sample: positions * width, channel: 1, position: width)
  }
}
