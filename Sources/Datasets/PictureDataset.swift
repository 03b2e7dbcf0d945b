import Files
import Tensors

/// Pictures in a folder for each class that come without a split, as Caltech-101 and Caltech-256 do (Fei-Fei et al.
/// 2004, Griffin et al. 2007).
public enum PictureDataset {
  /// The folder of pictures without a class that comes with Caltech-101.
  static let background = "BACKGROUND_Google"
  /// What the archives of Caltech unpack to.
  private static let folders = ["101_ObjectCategories", "256_ObjectCategories"]

  /// The pictures at `path`, the folder of the classes or its parent, as `size` x `size` in 1 or 3 channels.
  ///
  /// Of each class the first pictures by name are for training, ⌊share · n⌋ of n, as the published code of DeepIPR
  /// (Fan et al. 2019) splits them; with a seed they are any pictures.
  ///
  /// - Parameters:
  ///   - share: The part for training, above 0 and below 1.
  ///   - progress: Called now and then with the pictures read and the pictures in all; what it throws ends the reading.
  public static func load(
    _ path: String, size: Int = 32, channels: Int = 3, fitting: PictureFolder.Fitting = .resize, share: Double = 0.8,
    seed: UInt64? = nil, progress: LoadingProgress = { _, _ in }
  ) throws -> Dataset {
    guard share > 0, share < 1 else {
      throw DatasetError.request("the share for training lies between 0% and 100%, not \(share.asShare)")
    }
    let inside = folders.map { FilePath.join(path, $0) }.first { FilePath.kind(of: $0) == .folder }
    let folder = inside ?? path
    let contents = try PictureFolder.load(
      folder, size: size, channels: channels, fitting: fitting, skipping: [background], progress: progress)
    guard contents.hasClasses else {
      throw DatasetError.missing(
        path: folder, expected: "a folder for each class", help: "images(folder) reads pictures without classes")
    }
    let (train, test) = split(contents.images, share: share, seed: seed)
    guard !train.isEmpty, !test.isEmpty else {
      throw DatasetError.request("\(folder): \(contents.images.count) pictures are too few to train and to test with")
    }
    let passedOver = contents.notes.isEmpty ? "" : "; passed over: \(contents.notes.count) files, folders or links"
    let order = seed.map { "at random with seed \($0)" } ?? "by name"
    return Dataset(
      train: try contents.images.selecting(train), test: try contents.images.selecting(test),
      provenance: Provenance(
        source: "pictures from \(folder)", official: false, files: [contents.provenance(below: folder)],
        counts: (train.count, test.count),
        note: "split \(order), \((share * 100).formatted)% of each class for training" + passedOver))
  }

  /// Positions of both halves, class by class.
  private static func split(_ images: ImageSet, share: Double, seed: UInt64?) -> (train: [Int], test: [Int]) {
    var classes = [[Int]](repeating: [], count: images.classNames.count)
    for (position, label) in images.labels.enumerated() { classes[Int(label)].append(position) }
    var halves: (train: [Int], test: [Int]) = ([], [])
    for (name, positions) in zip(images.classNames, classes) {
      var order = Array(positions.indices)
      if let seed {
        var stream = RandomStream(seed: seed, name: "pictures").substream(named: name)
        order = stream.permutation(positions.count)
      }
      // Whole numbers of pictures, which the product cannot exceed.
      let border = min(Int(share * Double(positions.count)), positions.count)
      halves.train += order[..<border].map { positions[$0] }
      halves.test += order[border...].map { positions[$0] }
    }
    return halves
  }
}

extension Double {
  /// Without a point where there is nothing behind it.
  fileprivate var formatted: String { Int(exactly: self).map(String.init) ?? "\(self)" }
}
