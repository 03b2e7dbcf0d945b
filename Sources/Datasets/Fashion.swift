import Files

/// Fashion-MNIST (Xiao, Rasul, Vollgraf 2017): grey pictures of clothes, 28 x 28, in ten classes.
public enum Fashion {
  public static let classNames = [
    "t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot",
  ]

  /// The set as `size` 28 or 32 (two zeros around) and 1 or 3 (equal) channels.
  ///
  /// Without `folder` it is the subset that comes with the tool, 8,000 and 2,000 images, equally many of each class;
  /// with it, the four published IDX files in that folder, plain or .gz.
  public static func load(size: Int = 28, channels: Int = 1, folder: String? = nil) throws -> Dataset {
    guard size == 28 || size == 32 else {
      throw DatasetError.request("fashion comes in size 28 or 32, not \(size)")
    }
    let place = try folder ?? Resources.path("fashion")
    var files: [Provenance.File] = []
    let sets = try ["train", "t10k"].map { part in
      let images = try locate("\(part)-images-idx3-ubyte", in: place)
      let labels = try locate("\(part)-labels-idx1-ubyte", in: place)
      for path in [images, labels] {
        files.append(
          .init(
            name: FilePath.baseName(path), length: try FileReader(path: path).count,
            sha256: try Checksum.sha256(contentsOf: path)))
      }
      let set = try IDX.images(images, labels: labels, classNames: classNames)
      guard set.height == 28, set.width == 28 else {
        throw DatasetError.malformed(
          path: images, offset: 8, expected: "images of 28 x 28", found: "\(set.height) x \(set.width)")
      }
      return try set.padded(by: (size - 28) / 2).converted(toChannels: channels)
    }
    let (train, test) = (sets[0], sets[1])
    let isSubset = train.count != 60_000 || test.count != 10_000
    let counts = "\(train.count) of 60000 training images and \(test.count) of 10000 test images"
    return Dataset(
      train: train, test: test,
      provenance: Provenance(
        source: folder.map { "Fashion-MNIST from \($0)" } ?? "Fashion-MNIST, the subset that comes with the tool",
        official: false, files: files, counts: (train.count, test.count),
        note: (isSubset ? "subset: \(counts)" : "all images") + "; MIT licence, (c) 2017 Zalando SE"))
  }

  private static func locate(_ name: String, in folder: String) throws -> String {
    let candidates = [FilePath.join(folder, name + ".gz"), FilePath.join(folder, name)]
    guard let found = candidates.first(where: { FilePath.kind(of: $0) != nil }) else {
      throw DatasetError.missing(
        path: folder, expected: "\(name) or \(name).gz",
        help: "Fashion-MNIST is read from its four IDX files, train-… and t10k-…, plain or .gz")
    }
    return found
  }
}
