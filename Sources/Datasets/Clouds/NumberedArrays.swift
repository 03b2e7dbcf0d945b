/// Arrays `{train,val}/<number>_<label>.npy`, as the released code of the paper reads ModelNet and ShapeNet.
///
/// The label is the last of the numbers in the name: a trigger's is the third, `<number>_<old label>_<new label>`. The
/// clouds are taken as they are, as that code does; whoever made the arrays has normalised them.
struct NumberedArrays {
  private static let largestLabel = 9_999

  let tree: FileTree
  private let train: [CloudFile]
  private let test: [CloudFile]

  /// Nil where there are no folders `train` and `val` or `test` with such arrays.
  init?(_ tree: FileTree) throws {
    let arrays = tree.paths.filter { $0.lowercased().hasSuffix(".npy") }
    func folders(_ name: String) -> [String] {
      Set(arrays.map(FilePath.parent).filter { FilePath.baseName($0) == name }).sorted()
    }
    let (train, test) = (folders("train"), folders("val") + folders("test"))
    guard !train.isEmpty, !test.isEmpty else { return nil }
    guard train.count == 1, test.count == 1 else {
      throw DatasetError.request(
        "\(tree.root): there are several data sets, in \((train + test).prefix(4).joined(separator: ", ")); "
          + "name the folder of one of them")
    }
    func files(in folder: String) throws -> [CloudFile] {
      try arrays.filter { FilePath.parent(of: $0) == folder }.sorted(by: NaturalOrder.precedes).map { path in
        CloudFile(
          path: path, label: try Self.label(path, in: tree),
          name: "\(FilePath.baseName(folder))/\(FilePath.baseName(path))")
      }
    }
    self.tree = tree
    self.train = try files(in: train[0])
    self.test = try files(in: test[0])
  }

  /// - Parameter classNames: Numbers are names where there are more labels.
  func load(
    _ release: CloudRelease, classNames: [String], sampling: Sampling, progress: @escaping LoadingProgress
  ) throws -> PointDataset {
    let most = Int((train + test).map(\.label).max() ?? 0)
    return try CloudRelease(
      name: "\(release.name) (.npy)", trainCount: release.trainCount, testCount: release.testCount
    ).dataset(
      train: train, test: test, classNames: Self.names(classNames, most: most),
      CloudLoader(tree, sampling, normalises: false, up: .y, progress: progress))
  }

  /// The known names, or numbers where a label goes beyond them.
  static func names(_ known: [String], most: Int) -> [String] {
    most < known.count ? known : (0...most).map(String.init)
  }

  static func label(_ path: String, in tree: FileTree) throws -> Int32 {
    let name = FilePath.baseName(path).withoutEnding
    guard let last = name.split(separator: "_", omittingEmptySubsequences: false).dropFirst().last,
      let label = Int32(last), (0...Int32(largestLabel)).contains(label)
    else {
      throw DatasetError.malformed(
        path: tree.name(of: path), offset: 0, expected: "a name with a label of 0 to \(largestLabel) such as 12_7.npy",
        found: "'\(FilePath.baseName(path).prefix(40))'")
    }
    return label
  }
}
