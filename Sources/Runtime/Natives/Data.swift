import Datasets
import Files
import Language
import Tensors

/// Natives that load, choose and show data.
let dataNatives: [Native] = [
  Native(
    "cifar10", area: "data",
    [
      .init("path", "text", "the folder cifar-10-batches-bin or -py, its parent, or the .tar.gz"),
      .init("raw", "true or false", default: "false", "values 0 to 1 instead of normalised ones"),
    ],
    summary: "CIFAR-10 in the official binary or Python version, as {train, test, classes, provenance}.",
    example: "fn load(folder) { cifar10(folder) }"
  ) { call in
    try CIFAR.ten(at: call.text("path")).value(isRaw: call.boolean("raw", default: false))
  },
  Native(
    "cifar100", area: "data",
    [
      .init("path", "text", "the folder cifar-100-binary or -python, its parent, or the .tar.gz"),
      .init("labels", "text", default: "\"fine\"", "\"fine\" for 100 classes, \"coarse\" for 20"),
      .init("raw", "true or false", default: "false", "values 0 to 1 instead of normalised ones"),
    ],
    summary: "CIFAR-100 in the official binary or Python version, as {train, test, classes, provenance}.",
    example: "fn load(folder) { cifar100(folder, labels: \"coarse\") }"
  ) { call in
    let labels = try call.choice("labels", of: ["fine", "coarse"], default: "fine")
    return try CIFAR.hundred(at: call.text("path"), labels: labels == "fine" ? .fine : .coarse)
      .value(isRaw: call.boolean("raw", default: false))
  },
  Native(
    "fashion", area: "data",
    [
      .init("size", "number", default: "28", "28, or 32 with a border of zeros"),
      .init("channels", "number", default: "1", "1, or 3 equal ones"),
      .init("raw", "true or false", default: "false", "values 0 to 1 instead of normalised ones"),
    ],
    summary: "The embedded real images: 8,000 + 2,000 of Fashion-MNIST (Zalando, MIT licence), 10 classes.",
    example: "fashion().test"
  ) { call in
    try Fashion.load(size: call.integer("size", default: 28), channels: call.integer("channels", default: 1))
      .value(isRaw: call.boolean("raw", default: false))
  },
  Native(
    "images", area: "data",
    [
      .init("folder", "text", "PNG or JPEG files, or a folder of them for each class"),
      .init("size", "number", default: "32", "side of the square that each picture becomes"),
      .init("fit", "text", default: "\"crop\"", "\"crop\" takes the centre without resizing, \"resize\" the whole"),
      .init("channels", "number", default: "3", "3 for colour, 1 for grey"),
      .init("labels", "text", default: "none", "a file with one class number a line, in the order of the names"),
    ],
    summary: "Pictures from a folder as one split, sorted by name.",
    example: "fn pictures(folder) { images(folder, size: 32, fit: \"resize\") }"
  ) { call in
    let fit = try call.choice("fit", of: ["crop", "resize"], default: "crop")
    let contents = try PictureFolder.load(
      call.text("folder"), size: call.integer("size", in: 1...4096, default: 32),
      channels: call.integer("channels", default: 3), fitting: fit == "crop" ? .crop : .resize,
      labels: call.isGiven("labels") ? call.text("labels") : nil)
    for note in contents.notes { call.session.output.note(note) }
    return .object(ImagesObject(images: contents.images))
  },
  Native(
    "patterns", area: "data",
    [
      .init("count", "number", default: "100", "how many"),
      .init("size", "number", default: "32", "side of each square picture"),
      .init("channels", "number", default: "3", "3 for colour, 1 for grey"),
      .init("seed", "number", default: "none", "of the pictures"),
    ],
    summary: "Abstract pictures, drawn from waves and blobs: a source of triggers that needs no download.",
    example: "patterns(count: 10, seed: 1)"
  ) { call in
    .object(
      ImagesObject(
        images: try AbstractPictures.make(
          count: call.integer("count", in: 1...100_000, default: 100),
          size: call.integer("size", in: 1...1024, default: 32),
          channels: call.integer("channels", default: 3), seed: call.randomSeed())))
  },
  Native(
    "take", area: "data",
    [
      .init("from", "split or list", "what to take from"),
      .init("amount", "number", "a share such as 20%, or a count of at least 1"),
    ],
    summary: "The first part of a split, tensor or list.", example: "take([4, 5, 6, 7], 50%)"
  ) { call in
    let total = try call.length("from")
    let count = try call.amount("amount", of: total)
    return try call.selecting("from", Array(0..<count))
  },
  Native(
    "shuffle", area: "data",
    [.init("from", "split or list", "what to shuffle"), .init("seed", "number", default: "none", "of the order")],
    summary: "The same elements in a random order.", example: "shuffle([1, 2, 3, 4], seed: 7)"
  ) { call in
    var stream = RandomStream(seed: try call.randomSeed(), name: "shuffle")
    return try call.selecting("from", stream.permutation(call.length("from")))
  },
  Native(
    "split", area: "data",
    [
      .init("value", "split, list or text", "what to divide"),
      .init(
        "at", "number or text", default: "\" \"", "size of the first part (80%, or a count); for a text its separator"),
    ],
    summary: "Two parts, `train, held_out = split(data.train, 90%)`; or a text's parts between a separator.",
    example: "split([1, 2, 3, 4], 75%)"
  ) { call in
    if case .text(let text) = call.value("value") { return try splitText(text, by: call.text("at", default: " ")) }
    let total = try call.length("value")
    let count = try call.amount("at", of: total)
    return try .list([
      call.selecting("value", Array(0..<count)), call.selecting("value", Array(count..<total)),
    ])
  },
  Native(
    "augment", area: "data",
    [
      .init("split", "split", "the images or clouds to train on"),
      .init("dropout", "number", default: "87.5%", "clouds: the largest share of points that is dropped"),
      .init("scale", "list", default: "[0.8, 1.25]", "clouds: bounds of the factor"),
      .init("shift", "number", default: "0.1", "clouds: the largest shift along an axis"),
      .init("jitter", "number", default: "0", "clouds: deviation of what is added to a coordinate, at most 0.05"),
      .init("rotate", "true or false", default: "false", "clouds: whether they are turned about the up axis"),
    ],
    summary: "The split with augmentation: training crops pictures after padding by 4 and flips them; it drops points "
      + "of clouds, scales and shifts them.",
    example: "augment(fashion().train)"
  ) { call in
    if var clouds = call.value("split").cloudsObject {
      clouds.augmentation = try call.pointAugmentation()
      return .object(clouds)
    }
    var split = try call.object("split", as: ImagesObject.self, called: "a split such as data.train")
    if let label = ["dropout", "scale", "shift", "jitter", "rotate"].first(where: call.isGiven) {
      throw call.fail("'\(label)' is for clouds of points; images are cropped and flipped", argument: label)
    }
    split.augments = true
    return .object(split)
  },
  Native(
    "batches", area: "data",
    [
      .init("split", "split", "the samples to divide"), .init("size", "number", default: "64", "samples of a batch"),
      .init("seed", "number", default: "none", "of a random order; in their own order without one"),
    ],
    summary: "The split in batches, a list of splits; the last one may be smaller.",
    example: "len(batches(fashion().test, 256))"
  ) { call in
    let split = try call.object("split", as: (any SplitObject).self, called: "a split such as data.train")
    let size = try call.integer("size", in: 1..., default: 64)
    var stream = RandomStream(seed: call.isGiven("seed") ? try call.randomSeed() : 0, name: "batches")
    let order = call.isGiven("seed") ? stream.permutation(split.sampleCount) : Array(0..<split.sampleCount)
    return try .list(
      stride(from: 0, to: order.count, by: size).map { start in
        .object(try split.selecting(Array(order[start..<min(start + size, order.count)])))
      })
  },
  Native(
    "show", area: "data",
    [
      .init("split", "split", "where the image is"), .init("index", "number", default: "0", "which image"),
    ],
    summary: "Draws one image with characters, with its label.", example: "show(fashion().test, 0)"
  ) { call in
    let split = try call.object("split", as: ImagesObject.self, called: "a split such as data.test")
    let index = try call.integer("index", in: 0..<split.images.count, default: 0)
    call.session.output.print(ImageText.draw(split.images, index))
    return .none
  },
]

extension NativeCall {
  /// A share of a whole, or a count.
  fileprivate func amount(_ label: String, of total: Int) throws -> Int {
    let number = try number(label)
    if case .number(_, .percent) = value(label) {
      guard (0...1).contains(number) else {
        throw fail("a share is 0% to 100%, not \(value(label).display)", argument: label)
      }
      return Int((number * Double(total)).rounded())
    }
    guard let count = Int(exactly: number), count >= 1 else {
      throw fail(
        "the amount is a share such as 20%, or a whole number of at least 1, not \(value(label).display)",
        argument: label)
    }
    guard count <= total else { throw fail("there are only \(total) to take from, not \(count)", argument: label) }
    return count
  }

  fileprivate func length(_ label: String) throws -> Int {
    if case .object(let object) = value(label) {
      guard let count = object.count else { throw mismatch(label, expected: "a split, a tensor or a list") }
      return count
    }
    return try list(label).count
  }

  fileprivate func selecting(_ label: String, _ positions: [Int]) throws -> Value {
    switch value(label) {
    case .object(let object as any SplitObject): return .object(try object.selecting(positions))
    case .object(let object as TensorObject):
      return .object(TensorObject(try object.tensor.gathered(axis: 0, positions: positions)))
    default:
      let elements = try list(label)
      return try .list(positions.map { elements[$0] })
    }
  }
}

/// An image drawn with characters, dark to light.
enum ImageText {
  private static let shades = Array(" .:-=+*#%@")

  static func draw(_ images: ImageSet, _ index: Int) -> String {
    let plane = images.height * images.width
    let start = index * images.sampleLength
    let rows = stride(from: 0, to: images.height, by: 2).map { row -> String in
      // A character is about twice as high as wide: two rows make one line.
      let line = (0..<images.width).map { column -> Character in
        let below = min(row + 1, images.height - 1)
        let values = (0..<images.channels).flatMap { channel in
          [row, below].map { Int(images.pixels[start + channel * plane + $0 * images.width + column]) }
        }
        return shades[values.reduce(0, +) / values.count * (shades.count - 1) / 255]
      }
      return String(line)
    }
    let label = Int(images.labels[index])
    let name = images.classNames.indices.contains(label) ? images.classNames[label] : "class \(label)"
    return (rows + ["\(index): \(name)"]).joined(separator: "\n")
  }
}
