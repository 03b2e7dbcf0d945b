import Files
import HDF5

/// ShapeNetPart (Yi et al. 2016) and ShapeNetCore (Chang et al. 2015), in the forms that are in use.
///
/// * `shapenetcore_partanno_segmentation_benchmark_v0`: `<synset>/points/<id>.pts`, three columns.
/// * `…_v0_normal`: `<synset>/<id>.txt`, seven columns, the first three taken.
/// * `hdf5_data` of ShapeNetPart: 2,048 points each in HDF5 files, with lists of the files of its three parts.
/// * ShapeNetCore v1 and v2: meshes, `<synset>/<id>/model.obj` or `<synset>/<id>/models/model_normalized.obj`.
/// * `{train,val}/<number>_<label>.npy`, as the released code of the paper reads them.
public enum ShapeNet {
  /// The data set at `path`, its layout recognised from what is there; training has the published training and
  /// validation shapes, as is usual.
  ///
  /// - Parameters:
  ///   - hdf5: What reads HDF5 files; nil refuses them.
  ///   - progress: Called now and then; what it throws ends the reading.
  public static func load(
    _ path: String, sampling: Sampling, hdf5: HDF5Reader? = nil, progress: @escaping LoadingProgress = { _, _ in }
  ) throws -> PointDataset {
    let tree = try FileTree(path, expected: "the folder or archive of ShapeNet", poll: { try progress(0, 0) })
    if let parts = ShapeNetPart(tree) { return try parts.load(sampling: sampling, progress: progress) }
    if let files = try HDF5Clouds(tree, .shapeNetPart) {
      return try files.load(hdf5, sampling: sampling, progress: progress)
    }
    if let core = ShapeNetCore(tree) { return try core.load(sampling: sampling, progress: progress) }
    if let arrays = try NumberedArrays(tree) {
      return try arrays.load(
        part, classNames: CloudNames.shapeNetPart, sampling: sampling, progress: progress)
    }
    throw DatasetError.missing(
      path: path, expected: "any layout of ShapeNet",
      help: "it is read from shapenetcore_partanno_segmentation_benchmark_v0 or _v0_normal with "
        + "synsetoffset2category.txt and train_test_split, from hdf5_data with train_hdf5_file_list.txt, from "
        + "ShapeNetCore's OBJ files beside all.csv, or from train/0_7.npy and val/0_7.npy")
  }

  static let part = CloudRelease(name: "ShapeNetPart", trainCount: 14_007, testCount: 2874)
}

/// `synsetoffset2category.txt` with classes and their folders, and `train_test_split/shuffled_*_file_list.json`.
private struct ShapeNetPart {
  private static let categoryFile = "synsetoffset2category.txt"

  let tree: FileTree
  /// The folder that holds the classes, with a slash behind it unless it is empty.
  private let place: String

  /// Nil where there is no list of classes.
  init?(_ tree: FileTree) {
    guard let list = tree.paths(named: Self.categoryFile).first else { return nil }
    self.tree = tree
    place = String(list.dropLast(Self.categoryFile.count))
  }

  func load(sampling: Sampling, progress: @escaping LoadingProgress) throws -> PointDataset {
    let there = Set(tree.paths)
    let (names, labels) = try categories()
    var missing = 0
    func files(_ lists: [String]) throws -> [CloudFile] {
      try lists.flatMap { try shapes(in: $0) }.compactMap { shape in
        guard let label = labels[shape.synset] else {
          throw DatasetError.request("\(tree.root): the split names \(shape.synset), which is no class of the list")
        }
        let candidates = ["\(shape.synset)/\(shape.id).txt", "\(shape.synset)/points/\(shape.id).pts"]
        guard let file = candidates.map({ place + $0 }).first(where: there.contains) else {
          missing += 1
          return nil
        }
        return CloudFile(path: file, label: label, name: "\(shape.synset)/\(shape.id)")
      }
    }
    let lists = ["train", "val", "test"].map { "\(place)train_test_split/shuffled_\($0)_file_list.json" }
    for path in lists where !there.contains(path) {
      throw DatasetError.missing(
        path: tree.root, expected: path, help: "ShapeNetPart comes with lists of its three parts")
    }
    let (train, test) = (try files(Array(lists[..<2])), try files([lists[2]]))
    return try ShapeNet.part.dataset(
      train: train, test: test, classNames: names, indexFiles: [place + Self.categoryFile] + lists,
      notes: missing > 0 ? ["\(missing) of the listed shapes are not there"] : [],
      CloudLoader(tree, sampling, normalises: true, up: .y, progress: progress))
  }

  /// Lines of a name and a folder, `Airplane 02691156`.
  private func categories() throws -> (names: [String], labels: [String: Int32]) {
    let path = place + Self.categoryFile
    let lines = try IndexFile.lines(path, in: tree).map { line in
      let words = line.split(whereSeparator: \.isWhitespace)
      guard words.count == 2 else {
        throw DatasetError.malformed(
          path: tree.name(of: path), offset: 0, expected: "lines of a class and its folder, 'Airplane 02691156'",
          found: "'\(line.prefix(40))'")
      }
      return (name: String(words[0]), folder: String(words[1]))
    }
    let labels = Dictionary(
      lines.enumerated().map { ($1.folder, Int32($0)) }, uniquingKeysWith: { first, _ in first })
    return (lines.map(\.name), labels)
  }

  /// `["shape_data/02691156/1021a0…", …]`
  private func shapes(in list: String) throws -> [(synset: String, id: String)] {
    func malformed(_ offset: Int, _ found: String) -> DatasetError {
      .malformed(
        path: tree.name(of: list), offset: offset, expected: "a list of names like \"shape_data/02691156/1021a0\"",
        found: found)
    }
    let json: JSON
    do {
      json = try JSON(parsing: tree.contents(of: list, limit: IndexFile.longest))
    } catch let failure as JSON.Failure {
      throw malformed(failure.offset ?? 0, failure.reason)
    }
    guard case .array(let elements) = json else { throw malformed(0, "something else") }
    return try elements.map { element in
      guard case .string(let text) = element, case let parts = text.split(separator: "/"), parts.count >= 2 else {
        throw malformed(0, "an element that is none")
      }
      return (String(parts[parts.count - 2]), String(parts[parts.count - 1]))
    }
  }
}

/// Meshes in `<synset>/<id>`, split by `all.csv` with the columns id, synsetId, subSynsetId, modelId, split.
private struct ShapeNetCore {
  let tree: FileTree
  private let list: String
  /// The path of each mesh by `<synset>/<id>`.
  private let meshes: [String: String]

  /// Nil where there is no list or no mesh.
  init?(_ tree: FileTree) {
    guard let list = tree.paths(named: "all.csv").first else { return nil }
    var meshes: [String: String] = [:]
    for path in tree.paths {
      let parts = path.split(separator: "/")
      if parts.count >= 3, parts[parts.count - 1] == "model.obj" {
        meshes["\(parts[parts.count - 3])/\(parts[parts.count - 2])"] = path
      } else if parts.count >= 4, parts[parts.count - 1] == "model_normalized.obj", parts[parts.count - 2] == "models" {
        meshes["\(parts[parts.count - 4])/\(parts[parts.count - 3])"] = path
      }
    }
    guard !meshes.isEmpty else { return nil }
    self.tree = tree
    self.list = list
    self.meshes = meshes
  }

  func load(sampling: Sampling, progress: @escaping LoadingProgress) throws -> PointDataset {
    let rows = try IndexFile.lines(list, in: tree).map { line in
      line.split(separator: ",", omittingEmptySubsequences: false).map { $0.filter { $0 != "\"" } }
    }
    guard let head = rows.first, let synset = head.firstIndex(of: "synsetId"),
      let model = head.firstIndex(of: "modelId"), let split = head.firstIndex(of: "split")
    else {
      throw DatasetError.malformed(
        path: tree.name(of: list), offset: 0, expected: "a first line with synsetId, modelId and split",
        found: "'\(rows.first.map { $0.joined(separator: ",") }?.prefix(60) ?? "")'")
    }
    let shapes = try rows.dropFirst().map { row in
      guard row.count == head.count else {
        throw DatasetError.malformed(
          path: tree.name(of: list), offset: 0, expected: "\(head.count) columns", found: "a row of \(row.count)")
      }
      // A spreadsheet may have eaten the zero that these numbers begin with.
      let folder = String(repeating: "0", count: max(8 - row[synset].count, 0)) + row[synset]
      return (synset: folder, name: "\(folder)/\(row[model])", half: row[split])
    }
    let there = shapes.filter { meshes[$0.name] != nil }
    let names = Set(there.map(\.synset)).sorted()
    let labels = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, Int32($0)) })
    func files(_ halves: Set<String>) -> [CloudFile] {
      there.filter { halves.contains($0.half) }.compactMap { shape in
        meshes[shape.name].map { CloudFile(path: $0, label: labels[shape.synset] ?? 0, name: shape.name) }
      }
    }
    let missing = shapes.count - there.count
    return try CloudRelease(
      name: "ShapeNetCore", trainCount: shapes.count { $0.half == "train" || $0.half == "val" },
      testCount: shapes.count { $0.half == "test" }
    ).dataset(
      train: files(["train", "val"]), test: files(["test"]), classNames: names, indexFiles: [list],
      notes: missing > 0 ? ["\(missing) of the listed shapes have no mesh"] : [],
      CloudLoader(tree, sampling, normalises: true, up: .y, progress: progress))
  }
}
