import Files
import Tensors

/// One cloud of a data set before it is read.
struct CloudFile: Equatable {
  let path: String
  let label: Int32
  /// What seeds its sampling: the same in a folder and in an archive.
  let name: String
}

/// Reads the clouds of a tree of files, several at a time, and keeps count of what was read.
struct CloudLoader {
  let tree: FileTree
  let sampling: Sampling
  /// Whether each cloud is moved to its centroid and scaled to the unit sphere after sampling.
  let normalises: Bool
  let up: UpAxis
  let progress: LoadingProgress
  /// Path, length and SHA-256 of each file that was read from a folder.
  private var files: [(path: String, length: Int, sha256: String)] = []
  private var done = 0

  init(_ tree: FileTree, _ sampling: Sampling, normalises: Bool, up: UpAxis, progress: @escaping LoadingProgress) {
    self.tree = tree
    self.sampling = sampling
    self.normalises = normalises
    self.up = up
    self.progress = progress
  }

  /// The clouds of these files in their order; `total` is what progress is measured against.
  mutating func load(_ wanted: [CloudFile], classNames: [String], total: Int) throws -> PointSet {
    try PointSet.check(count: wanted.count, pointCount: sampling.points)
    let length = 3 * sampling.points
    var coordinates = [Float](repeating: 0, count: wanted.count * length)
    try tree.forEachBatch(
      of: wanted.map(\.path), limit: CloudFormat.longestFile, poll: { try progress(done, total) }
    ) { batch in
      var clouds = [Decoded?](repeating: nil, count: batch.count)
      try clouds.withUnsafeMutableBufferPointer { clouds in
        try Parallelism.forEachBlock(batch.count, of: 1) { block in
          let (position, bytes) = batch[block.lowerBound]
          clouds[block.lowerBound] = try decode(wanted[position], bytes)
        }
      }
      for (file, cloud) in zip(batch, clouds) {
        guard let cloud else { continue }
        for (index, point) in cloud.points.enumerated() {
          for axis in 0..<3 { coordinates[file.position * length + 3 * index + axis] = point[axis] }
        }
        if let sha256 = cloud.sha256 { files.append((wanted[file.position].path, file.bytes.count, sha256)) }
      }
      done += batch.count
    }
    try progress(done, total)
    return PointSet(
      checked: coordinates, labels: wanted.map(\.label), pointCount: sampling.points, classNames: classNames, up: up)
  }

  private struct Decoded {
    let points: [Point]
    let sha256: String?
  }

  private func decode(_ file: CloudFile, _ bytes: [UInt8]) throws -> Decoded {
    let name = tree.name(of: file.path)
    guard let format = CloudFormat(ofFile: file.path) else {
      throw DatasetError.unreadable(path: name, reason: "it is of no known format of clouds")
    }
    var stream = sampling.stream(of: file.name)
    let points = try format.cloud(bytes, path: name, sampling, &stream)
    return Decoded(
      points: normalises ? points.normalisedToUnitSphere() : points,
      // An archive has a checksum of its own.
      sha256: tree.isArchive ? nil : Checksum.sha256(of: bytes))
  }

  /// The archive; or the files of the folder that say what is what, then all clouds as one entry, whose SHA-256 is that
  /// of the lines `sha256  path` in the order of the paths, as `sha256sum` prints them.
  func provenanceFiles(beside indexFiles: [String] = []) throws -> [Provenance.File] {
    if tree.isArchive {
      return [
        Provenance.File(
          name: FilePath.baseName(tree.root), length: try FileReader(path: tree.root).count,
          sha256: try Checksum.sha256(contentsOf: tree.root))
      ]
    }
    let indices = try indexFiles.map { path in
      let bytes = try FileReader.contents(of: FilePath.join(tree.root, path), limit: CloudFormat.longestFile)
      return Provenance.File(name: path, length: bytes.count, sha256: Checksum.sha256(of: bytes))
    }
    var hash = Checksum.SHA256()
    for file in files.sorted(by: { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }) {
      hash.update(Array("\(file.sha256)  \(file.path)\n".utf8))
    }
    let length = files.reduce(0) { $0 + $1.length }
    return indices + [Provenance.File(name: "\(files.count) clouds", length: length, sha256: hash.hexadecimal)]
  }
}
