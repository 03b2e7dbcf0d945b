import HDF5

/// ModelNet10 and ModelNet40 (Wu et al. 2015): CAD models of household things, in the forms that are in use.
///
/// * Meshes, `<class>/{train,test}/<class>_0001.off`, as folder or as the .zip that is downloaded.
/// * `modelnet40_normal_resampled`: 10,000 points each as `<class>/<class>_0001.txt`, with lists of both halves.
/// * `modelnet40_ply_hdf5_2048`: 2,048 points each in HDF5 files, with lists of the files of both halves.
/// * `{train,val}/<number>_<label>.npy`, as the released code of the paper reads them.
public enum ModelNet {
  /// The data set at `path`, its layout recognised from what is there.
  ///
  /// - Parameters:
  ///   - classes: 10 or 40 where lists of both are there, as beside the resampled clouds; 40 if not given.
  ///   - hdf5: What reads HDF5 files; nil refuses them.
  ///   - progress: Called now and then; what it throws ends the reading.
  public static func load(
    _ path: String, sampling: Sampling, classes: Int? = nil, hdf5: HDF5Reader? = nil,
    progress: @escaping LoadingProgress = { _, _ in }
  ) throws -> PointDataset {
    guard classes == nil || classes == 10 || classes == 40 else {
      throw DatasetError.request("ModelNet comes with 10 or 40 classes, not \(classes ?? 0)")
    }
    let tree = try FileTree(path, expected: "the folder or archive of ModelNet", poll: { try progress(0, 0) })
    if let lists = ResampledModelNet(tree, classes: classes) {
      return try lists.load(sampling: sampling, progress: progress)
    }
    if let files = try HDF5Clouds(tree, .modelNet40) {
      guard classes != 10 else {
        throw DatasetError.request("\(path): the HDF5 files hold 40 classes, not 10; leave 'classes' out")
      }
      return try files.load(hdf5, sampling: sampling, progress: progress)
    }
    if let meshes = try ModelNetMeshes(tree) {
      guard classes == nil || classes == meshes.classNames.count else {
        throw DatasetError.request(
          "\(path): there are \(meshes.classNames.count) classes of meshes, not \(classes ?? 0); leave 'classes' out")
      }
      return try meshes.load(sampling: sampling, progress: progress)
    }
    if let arrays = try NumberedArrays(tree) {
      let release = release(classes: classes ?? 40)
      return try arrays.load(
        release, classNames: classes == 10 ? CloudNames.modelNet10 : CloudNames.modelNet40, sampling: sampling,
        progress: progress)
    }
    throw DatasetError.missing(
      path: path, expected: "any layout of ModelNet",
      help: "it is read from meshes as <class>/train/<class>_0001.off (a folder or the .zip), from "
        + "modelnet40_normal_resampled with modelnet40_train.txt, from modelnet40_ply_hdf5_2048 with train_files.txt, "
        + "or from train/0_7.npy and val/0_7.npy; "
        + "clouds(folder) reads any other folder")
  }

  static func release(classes: Int) -> CloudRelease {
    classes == 10
      ? CloudRelease(
        name: "ModelNet10", trainCount: 3991, testCount: 908,
        archiveSHA256: "9d8679435fc07d1d26f13009878db164a7aa8ea5e7ea3c8880e42794b7307d51")
      : CloudRelease(
        name: "ModelNet40", trainCount: 9843, testCount: 2468,
        archiveSHA256: "42dc3e656932e387f554e25a4eb2cc0e1a1bd3ab54606e2a9eae444c60e536ac")
  }
}

/// Meshes in `<class>/{train,test}`, wherever in the tree; the classes are the folders in the order of their bytes.
private struct ModelNetMeshes {
  let tree: FileTree
  let classNames: [String]
  private let halves: [String: [CloudFile]]

  /// Nil where there are no such meshes.
  init?(_ tree: FileTree) throws {
    let meshes = tree.paths.compactMap(MeshPath.init)
    let places = Set(meshes.map(\.place)).sorted()
    guard let place = places.first else { return nil }
    guard places.count == 1 else {
      throw DatasetError.request(
        "\(tree.root): there are several data sets, in \(places.prefix(4).joined(separator: ", ")); name one of them")
    }
    let names = Set(meshes.map(\.className)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let labels = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, Int32($0)) })
    halves = Dictionary(
      grouping: meshes.map { mesh in
        CloudFile(path: mesh.path, label: labels[mesh.className] ?? 0, name: String(mesh.path.dropFirst(place.count)))
      }, by: { $0.name.contains("/train/") ? "train" : "test" })
    classNames = names
    self.tree = tree
  }

  func load(sampling: Sampling, progress: @escaping LoadingProgress) throws -> PointDataset {
    let isTen = Set(classNames).isSubset(of: CloudNames.modelNet10) && classNames.count <= 10
    return try ModelNet.release(classes: isTen ? 10 : 40).dataset(
      train: halves["train"] ?? [], test: halves["test"] ?? [], classNames: classNames,
      CloudLoader(tree, sampling, normalises: true, up: .z, progress: progress))
  }

  private struct MeshPath {
    let path: String
    /// The path of the folder that holds the classes, with a slash behind it unless it is empty.
    let place: String
    let className: String

    init?(_ path: String) {
      let parts = path.split(separator: "/")
      guard parts.count >= 3, path.lowercased().hasSuffix(".off"), case let half = parts[parts.count - 2],
        half == "train" || half == "test"
      else { return nil }
      self.path = path
      className = String(parts[parts.count - 3])
      place = parts.dropLast(3).map { $0 + "/" }.joined()
    }
  }
}

/// Clouds in `<class>/<class>_0001.txt` with lists of their names, `modelnet40_train.txt` and the like.
private struct ResampledModelNet {
  let tree: FileTree
  private let classes: Int
  /// The folder that holds the lists, with a slash behind it unless it is empty.
  private let place: String

  /// Nil where there are no such lists.
  init?(_ tree: FileTree, classes: Int?) {
    let choices = (classes.map { [$0] } ?? [40, 10]).compactMap { classes in
      tree.paths(named: "modelnet\(classes)_train.txt").first.map { (classes, $0) }
    }
    guard let (found, list) = choices.first else { return nil }
    self.tree = tree
    self.classes = found
    place = String(list.dropLast("modelnet\(found)_train.txt".count))
  }

  func load(sampling: Sampling, progress: @escaping LoadingProgress) throws -> PointDataset {
    let index = ["shape_names", "train", "test"].map { "\(place)modelnet\(classes)_\($0).txt" }
    let there = Set(tree.paths)
    for path in index where !there.contains(path) {
      throw DatasetError.missing(
        path: tree.root, expected: path, help: "the resampled clouds come with lists of the classes and of both halves")
    }
    let names = try IndexFile.lines(index[0], in: tree)
    let labels = Dictionary(names.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { first, _ in first })
    var missing = 0
    let halves = try index.dropFirst().map { path in
      try IndexFile.lines(path, in: tree).compactMap { id -> CloudFile? in
        // A class may hold '_' itself: night_stand_0001.
        guard let bar = id.lastIndex(of: "_"), let label = labels[String(id[..<bar])] else {
          throw DatasetError.malformed(
            path: tree.name(of: path), offset: 0, expected: "names such as airplane_0001 of the \(names.count) classes",
            found: "'\(id.prefix(40))'")
        }
        let file = "\(place)\(id[..<bar])/\(id).txt"
        guard there.contains(file) else {
          missing += 1
          return nil
        }
        return CloudFile(path: file, label: label, name: id)
      }
    }
    let release = ModelNet.release(classes: classes)
    return try CloudRelease(
      name: release.name + " (resampled)", trainCount: release.trainCount, testCount: release.testCount
    ).dataset(
      train: halves[0], test: halves[1], classNames: names, indexFiles: index,
      notes: missing > 0 ? ["\(missing) of the listed clouds are not there"] : [],
      CloudLoader(tree, sampling, normalises: true, up: .y, progress: progress))
  }
}
