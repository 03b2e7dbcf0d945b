/// The mean and the standard deviation of each channel, in units of 0…1, that images are normalised with.
public struct Normalisation: Sendable, Equatable {
  public var mean: [Float]
  public var deviation: [Float]

  /// CIFAR's figures, which the published code uses for every set of colour images, triggers included.
  public static let cifar = Normalisation(
    mean: [0.4914, 0.4822, 0.4465], deviation: [0.2023, 0.1994, 0.2010])

  /// Fashion-MNIST's figures, used for every set of grey images.
  public static let fashion = Normalisation(mean: [0.2860], deviation: [0.3530])

  /// The figures for images of 1 or 3 channels.
  static func standard(channels: Int) -> Normalisation { channels == 1 ? .fashion : .cifar }

  /// No normalisation: values stay in 0…1.
  static func identity(channels: Int) -> Normalisation {
    Normalisation(
      mean: [Float](repeating: 0, count: channels), deviation: [Float](repeating: 1, count: channels))
  }

  /// The normalised value of each byte, one table of 256 a channel.
  func tables() -> [[Float]] {
    zip(mean, deviation).map { mean, deviation in
      (0..<256).map { (Float($0) / 255 - mean) / deviation }
    }
  }
}
