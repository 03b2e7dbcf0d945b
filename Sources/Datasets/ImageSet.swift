/// Labelled images of one size: bytes in the order sample, channel, row, column, and one label a sample.
public struct ImageSet: Sendable, Equatable {
  /// All samples one after another, [count, channels, height, width].
  public let pixels: [UInt8]
  /// The class of each sample, an index into `classNames`.
  public let labels: [Int32]
  /// 1 (grey) or 3 (red, green, blue).
  public let channels: Int
  public let height: Int
  public let width: Int
  public let classNames: [String]

  /// Images whose parts fit each other; throws `DatasetError.request` if they do not.
  public init(
    pixels: [UInt8], labels: [Int32], channels: Int, height: Int, width: Int, classNames: [String]
  ) throws {
    guard channels == 1 || channels == 3 else {
      throw DatasetError.request("images have 1 or 3 channels, not \(channels)")
    }
    guard (1...Self.longestSide).contains(height), (1...Self.longestSide).contains(width) else {
      throw DatasetError.request("images of 1 to \(Self.longestSide) pixels a side are read, not \(height) x \(width)")
    }
    let (length, overflow) = labels.count.multipliedReportingOverflow(by: channels * height * width)
    guard !overflow, pixels.count == length else {
      throw DatasetError.request(
        "\(labels.count) images of [\(channels), \(height), \(width)] do not fill \(pixels.count) bytes")
    }
    if let bad = labels.first(where: { $0 < 0 || Int($0) >= classNames.count }) {
      throw DatasetError.request("label \(bad) names none of the \(classNames.count) classes")
    }
    self.init(
      checked: pixels, labels: labels, channels: channels, height: height, width: width, classNames: classNames)
  }

  /// Images whose parts are known to fit.
  init(checked pixels: [UInt8], labels: [Int32], channels: Int, height: Int, width: Int, classNames: [String]) {
    self.pixels = pixels
    self.labels = labels
    self.channels = channels
    self.height = height
    self.width = width
    self.classNames = classNames
  }

  static let longestSide = 8192

  public var count: Int { labels.count }

  /// One image: [channels, height, width].
  public var shape: [Int] { [channels, height, width] }

  /// The bytes of one sample.
  public var sampleLength: Int { channels * height * width }

  /// What the images are normalised with: CIFAR's figures for colour, Fashion-MNIST's for grey.
  public var normalisation: Normalisation { .standard(channels: channels) }

  /// How many samples each class has.
  public var classCounts: [Int] {
    labels.reduce(into: [Int](repeating: 0, count: classNames.count)) { $0[Int($1)] += 1 }
  }

  /// Whether all classes have the same number of samples.
  public var isBalanced: Bool { Set(classCounts).count <= 1 }

  /// The bytes of sample `index`.
  func sample(_ index: Int) -> ArraySlice<UInt8> {
    pixels[index * sampleLength..<(index + 1) * sampleLength]
  }
}
