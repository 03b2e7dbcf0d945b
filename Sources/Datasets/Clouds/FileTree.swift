import Files

/// The files of a folder, with those in folders inside it, or of a .zip or .tar.gz that is not unpacked anywhere.
struct FileTree {
  /// The folder or the archive.
  let root: String
  let isArchive: Bool
  /// Paths below the root in the order of their bytes; hidden files and what macOS adds to archives are left out.
  let paths: [String]
  /// Links that lead out of the folder, or nowhere, were passed over.
  let strayLinks: [String]

  private static let mostFiles = 1 << 20
  private static let deepest = 8
  /// How much is read before it is decoded.
  private static let batchFiles = 64
  private static let batchBytes = 1 << 26

  /// Lists what is at `root`, which `expected` describes for the error.
  init(_ root: String, expected: String, poll: @escaping () throws -> Void = {}) throws {
    self.root = root
    var listing = Listing(poll: poll)
    switch FilePath.kind(of: root) {
    case .folder:
      isArchive = false
      try listing.add(folder: root, root: FilePath.resolved(root) ?? root, prefix: "", depth: 0)
    case .file:
      isArchive = true
      try listing.add(archive: root)
    case .other: throw DatasetError.unreadable(path: root, reason: "it is neither a folder nor a file")
    case nil: throw DatasetError.missing(path: root, expected: expected, help: "check the path")
    }
    paths = Set(listing.paths).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    strayLinks = listing.strayLinks
  }

  /// The name of a file for an error.
  func name(of path: String) -> String { isArchive ? "\(root): \(path)" : FilePath.join(root, path) }

  /// The paths of all files with this base name.
  func paths(named name: String) -> [String] { paths.filter { FilePath.baseName($0) == name } }

  /// A whole file of at most `limit` bytes.
  func contents(of path: String, limit: Int) throws -> [UInt8] {
    var found: [UInt8] = []
    try forEachBatch(of: [path], limit: limit) { found = $0[0].bytes }
    return found
  }

  /// Hands out the files at these paths, a few at a time, each with its position among them.
  ///
  /// A folder's come in the order of the positions, an archive's in its own. A file of more than `limit` bytes throws.
  func forEachBatch(
    of wanted: [String], limit: Int, poll: () throws -> Void = {},
    _ body: ([(position: Int, bytes: [UInt8])]) throws -> Void
  ) throws {
    var batch: [(position: Int, bytes: [UInt8])] = []
    var size = 0
    func add(_ position: Int, _ bytes: [UInt8]) throws {
      batch.append((position, bytes))
      size += bytes.count
      if batch.count >= Self.batchFiles || size >= Self.batchBytes { try flush() }
    }
    func flush() throws {
      try poll()
      if !batch.isEmpty { try body(batch) }
      (batch, size) = ([], 0)
    }
    if isArchive {
      try forEachEntry(of: wanted, limit: limit, add)
    } else {
      for (position, path) in wanted.enumerated() {
        try add(position, FileReader.contents(of: FilePath.join(root, path), limit: limit))
      }
    }
    try flush()
  }

  private func forEachEntry(of wanted: [String], limit: Int, _ body: (Int, [UInt8]) throws -> Void) throws {
    var places = Dictionary(wanted.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let archive = try ArchiveReader(path: root, format: .collection)
    while !places.isEmpty, let entry = try archive.next() {
      guard entry.isFile, let position = places.removeValue(forKey: entry.path) else { continue }
      try body(position, archive.bytes(limit: limit, of: entry))
    }
    guard places.isEmpty else {
      throw DatasetError.unreadable(path: root, reason: "the archive changed while it was read; try again")
    }
  }

  /// The paths as they are found.
  private struct Listing {
    let poll: () throws -> Void
    var paths: [String] = []
    var strayLinks: [String] = []

    init(poll: @escaping () throws -> Void) { self.poll = poll }

    mutating func add(folder: String, root: String, prefix: String, depth: Int) throws {
      guard depth <= FileTree.deepest else {
        throw DatasetError.tooLarge(
          path: folder, what: "folders lie in folders", limit: "a depth of \(FileTree.deepest)")
      }
      try poll()
      for name in try FilePath.names(inFolder: folder) where !FileTree.isJunk(name) {
        let path = FilePath.join(folder, name)
        guard let kind = FilePath.kind(of: path), let target = FilePath.resolved(path), target.hasPrefix(root + "/")
        else {
          strayLinks.append(prefix + name)
          continue
        }
        switch kind {
        case .folder: try add(folder: path, root: root, prefix: prefix + name + "/", depth: depth + 1)
        case .file: try add(prefix + name, in: root)
        case .other: continue
        }
      }
    }

    mutating func add(archive path: String) throws {
      let archive = try ArchiveReader(path: path, format: .collection)
      while let entry = try archive.next() {
        try poll()
        let parts = entry.path.split(separator: "/", omittingEmptySubsequences: false)
        guard !parts.contains(".."), !entry.path.hasPrefix("/") else {
          throw DatasetError.unreadable(
            path: path, reason: "it names a file outside of itself, '\(entry.path)', as no data set does")
        }
        if entry.isFile, !parts.contains(where: { FileTree.isJunk(String($0)) }) { try add(entry.path, in: path) }
      }
    }

    private mutating func add(_ path: String, in root: String) throws {
      guard paths.count < FileTree.mostFiles else {
        throw DatasetError.tooLarge(path: root, what: "there are more files", limit: "\(FileTree.mostFiles)")
      }
      paths.append(path)
    }
  }

  private static func isJunk(_ name: String) -> Bool { name.hasPrefix(".") || name == "__MACOSX" }
}
