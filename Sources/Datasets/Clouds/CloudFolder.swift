/// Clouds and meshes in one folder or archive, as one set of clouds of one size.
public enum CloudFolder {
  /// The clouds, the paths they came from, what was passed over with the reason, and the checksums of what was read.
  public struct Contents: Sendable {
    public let clouds: PointSet
    public let paths: [String]
    public let notes: [String]
    public let provenance: Provenance
  }

  /// The .off, .obj, .txt, .pts, .xyz and .npy files at `path` in natural order.
  ///
  /// The folders that hold the files are the classes, and files beside them are passed over. Without folders the
  /// classes are the last numbers in the names where all are .npy arrays like `12_7.npy`, and else there is one class.
  ///
  /// - Parameters:
  ///   - normalises: Whether clouds are moved to their centroid and scaled to the unit sphere.
  ///   - up: The axis that points away from the ground, which no file says.
  ///   - progress: Called now and then; what it throws ends the reading.
  public static func load(
    _ path: String, sampling: Sampling, normalises: Bool = true, up: UpAxis = .y,
    progress: @escaping LoadingProgress = { _, _ in }
  ) throws -> Contents {
    let tree = try FileTree(path, expected: "a folder of clouds", poll: { try progress(0, 0) })
    let readable = tree.paths.filter { CloudFormat(ofFile: $0) != nil }.sorted(by: NaturalOrder.precedes)
    // Lists and descriptions lie beside the folders of the classes.
    let inFolders = readable.filter { $0.contains("/") }
    let files = inFolders.isEmpty ? readable : inFolders
    guard !files.isEmpty else {
      let endings = CloudFormat.allCases.flatMap(\.endings).map { "." + $0 }.joined(separator: ", ")
      throw DatasetError.missing(
        path: path, expected: "any cloud (\(endings))", help: "check the path")
    }
    let folders = Set(files.map(FilePath.parent)).sorted(by: NaturalOrder.precedes)
    let labels: [Int32]
    let names: [String]
    if folders.count > 1 {
      let positions = Dictionary(uniqueKeysWithValues: folders.enumerated().map { ($1, Int32($0)) })
      labels = files.map { positions[FilePath.parent(of: $0)] ?? 0 }
      names = folders
    } else if files.allSatisfy({ CloudFormat(ofFile: $0) == .array && FilePath.baseName($0).contains("_") }) {
      labels = try files.map { try NumberedArrays.label($0, in: tree) }
      names = NumberedArrays.names([], most: Int(labels.max() ?? 0))
    } else {
      labels = [Int32](repeating: 0, count: files.count)
      names = [FilePath.baseName(path)]
    }
    var loader = CloudLoader(tree, sampling, normalises: normalises, up: up, progress: progress)
    let wanted = zip(files, labels).map { CloudFile(path: $0, label: $1, name: $0) }
    let clouds = try loader.load(wanted, classNames: names, total: wanted.count)
    var notes = tree.strayLinks.map {
      "\(tree.name(of: $0)): passed over, a link that leads out of the folder or nowhere"
    }
    let others = tree.paths.count - files.count
    if others > 0 {
      notes.append("\(path): \(others) files passed over, no clouds or beside the folders of the classes")
    }
    let provenance = Provenance(
      source: "clouds from \(path)", official: false, files: try loader.provenanceFiles(), counts: (clouds.count, 0),
      note: "\(clouds.count) clouds of \(names.count) classes")
    return Contents(clouds: clouds, paths: files.map(tree.name), notes: notes, provenance: provenance)
  }
}
