import Datasets
import Figures
import Language
import Tensors

/// Numbers for a figure and how their axis is written.
struct FigureNumbers {
  var values: [Double]
  var style: AxisStyle
}

extension NativeCall {
  /// The numbers of a list, a range or a tensor of one axis.
  func figureNumbers(_ label: String) throws -> FigureNumbers {
    try figureNumbers(value(label), label)
  }

  /// - Parameter name: What the numbers are called where they are not the whole argument.
  func figureNumbers(_ value: Value, _ label: String, name: String? = nil) throws -> FigureNumbers {
    let subject = name.map { "'\($0)'" } ?? "'\(label)'"
    if case .object(let object) = value, let tensor = (object as? TensorObject)?.tensor {
      guard tensor.rank == 1 else {
        throw fail(
          "\(subject) must be a list of numbers or a tensor of one axis, not \(tensor.shape)", argument: label,
          help: "reshape(x, [\(tensor.count)]) puts all its numbers in a row")
      }
      return FigureNumbers(values: tensor.elements.map(Double.init), style: .plain)
    }
    switch value {
    case .list, .range, .object: break
    default: throw fail("\(subject) must be a list of numbers, not \(value.kindName)", argument: label)
    }
    var styles: Set<NumberStyle> = []
    let numbers = try value.elements().map { element -> Double in
      guard case .number(let number, let style) = element else {
        throw fail("\(subject) must hold numbers only, not \(element.kindName)", argument: label)
      }
      // 0/0 beside percents is plain, and does not make them plain.
      if number.isFinite { styles.insert(style) }
      return number
    }
    return FigureNumbers(values: numbers, style: styles == [.percent] ? .percent : .plain)
  }

  /// `title:`
  func figureTitle() throws -> String? { isGiven("title") ? try text("title") : nil }

  /// Fails unless at least one number can be drawn.
  func requireFinite(_ numbers: [[Double]], _ label: String) throws {
    guard !numbers.allSatisfy(\.isEmpty) else { throw fail("there are no numbers to draw", argument: label) }
    guard numbers.contains(where: { $0.contains(where: \.isFinite) }) else {
      throw fail("not one of the numbers is finite, so there is nothing to draw", argument: label)
    }
  }
}

// MARK: Pictures

/// Pictures for a grid, with the captions that they bring along.
struct FigurePictures {
  var pictures: [Raster]
  var captions: [String]
  /// How many there are in all.
  var total: Int

  /// The pixels of a picture that a grid takes.
  static let mostPixels = 1 << 20

  /// The first pictures of a split, each with the name of its class.
  init(_ images: ImageSet, count: Int) throws {
    try Self.check(height: images.height, width: images.width)
    let area = images.height * images.width
    let shown = 0..<min(count, images.count)
    pictures = shown.compactMap { index in
      let start = index * images.sampleLength
      let bytes = (0..<area).flatMap { pixel in
        (0..<images.channels).map { images.pixels[start + $0 * area + pixel] }
      }
      return Raster(width: images.width, height: images.height, channels: images.channels, bytes: bytes)
    }
    captions = shown.map { index in
      let label = Int(images.labels[index])
      return images.classNames.indices.contains(label) ? images.classNames[label] : String(label)
    }
    total = images.count
  }

  /// The first pictures of a tensor [n, channels, height, width], [channels, height, width] or [height, width].
  ///
  /// Values within 0…1 are taken as they are; others are spread between the lowest and the highest of those shown.
  init(_ tensor: Tensor, count: Int) throws {
    let shape = Array(repeating: 1, count: max(4 - tensor.rank, 0)) + tensor.shape
    guard (2...4).contains(tensor.rank), shape[1] == 1 || shape[1] == 3 else {
      throw Failure(
        "pictures have the shape [count, 1 or 3, height, width], not \(tensor.shape)",
        help: "channels stand before height and width: transpose(x, [0, 3, 1, 2]) brings them there")
    }
    let (channels, height, width) = (shape[1], shape[2], shape[3])
    total = tensor.count == 0 ? 0 : shape[0]
    (pictures, captions) = ([], [])
    guard total > 0 else { return }
    try Self.check(height: height, width: width)
    let shown = min(count, total)
    let values = try tensor.reshaped(to: Shape(shape)).sliced(axis: 0, from: 0, count: shown).elements
    let finite = values.lazy.filter(\.isFinite)
    let (low, high) = (finite.min() ?? 0, finite.max() ?? 1)
    let isUnit = low >= 0 && high <= 1
    let (start, room) = isUnit ? (0, 1) : (Double(low), max(Double(high) - Double(low), 1e-30))
    let area = height * width
    pictures = (0..<shown).compactMap { index in
      let bytes = (0..<area).flatMap { pixel in
        (0..<channels).map { channel -> UInt8 in
          let value = Double(values[(index * channels + channel) * area + pixel])
          // What is not finite is black.
          return value.isFinite ? UInt8(min(max(((value - start) / room * 255).rounded(), 0), 255)) : 0
        }
      }
      return Raster(width: width, height: height, channels: channels, bytes: bytes)
    }
  }

  private static func check(height: Int, width: Int) throws {
    let (pixels, overflow) = height.multipliedReportingOverflow(by: width)
    guard !overflow, pixels <= mostPixels, max(height, width) <= Raster.longestSide else {
      throw Failure(
        "pictures of \(height) x \(width) pixels are too large for a grid, which takes \(mostPixels) pixels each",
        help: "load them smaller: images(folder, size: 256)")
    }
  }
}

extension NativeCall {
  /// The pictures of a split, a trigger set, a data record's `.test`, or a tensor.
  func pictures(_ label: String, count: Int) throws -> FigurePictures {
    do {
      switch value(label) {
      case .object(let object as ImagesObject): return try FigurePictures(object.images, count: count)
      case .object(let object as TriggersObject):
        if let images = object.triggers.images { return try FigurePictures(images, count: count) }
      case .object(let object as TensorObject): return try FigurePictures(object.tensor, count: count)
      case .record(let record):
        if case .object(let object as ImagesObject)? = record["test"] {
          return try FigurePictures(object.images, count: count)
        }
        for name in ["images", "image"] {
          if case .object(let object as TensorObject)? = record[name] {
            return try FigurePictures(object.tensor, count: count)
          }
        }
      default: break
      }
    } catch var failure as Failure {
      failure.message = "\(native.name): \(failure.message)"
      failure.argument = label
      throw failure
    }
    throw mismatch(label, expected: "a split such as data.test, or a tensor [count, channels, height, width]")
  }

  /// The points of a tensor [n, 3], of a list of triples, or of what has them as `.points`; where it says `up: "y"`,
  /// turned so that z is up as in the figure.
  func points(_ label: String) throws -> [PointCloud.Point] {
    var found = value(label)
    var isLying = false
    switch found {
    case .record(let record):
      if case .text("y")? = record["up"] { isLying = true }
      found = record["points"] ?? found
    case .object(let object): found = try object.field("points") ?? found
    default: break
    }
    guard let tensor = try TensorObject.tensor(from: found) else {
      throw mismatch(label, expected: "a tensor [points, 3]")
    }
    let isOneCloud = tensor.rank == 3 && tensor.shape[0] == 1 && tensor.shape[2] == 3
    guard isOneCloud || tensor.rank == 2 && tensor.shape[1] == 3 else {
      let isMany = tensor.rank == 3 && tensor.shape[2] == 3
      throw fail(
        "a cloud has the shape [points, 3], not \(tensor.shape)", argument: label,
        help: isMany ? "choose one of the \(tensor.shape[0]) clouds: x[0]" : nil)
    }
    let numbers = tensor.elements.map(Double.init)
    return stride(from: 0, to: numbers.count - 2, by: 3).map {
      let (x, y, z) = (numbers[$0], numbers[$0 + 1], numbers[$0 + 2])
      return isLying ? PointCloud.Point(x, -z, y) : PointCloud.Point(x, y, z)
    }
  }
}
