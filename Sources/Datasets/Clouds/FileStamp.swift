import Files
import Glibc

/// What tells whether a file, or any file of a folder, has changed: names, sizes and times of change.
enum FileStamp {
  private static let mostFiles = 1 << 20
  private static let deepest = 8

  /// SHA-256 over the path without links and all that `FileTree` would see below it; nil where there is nothing.
  ///
  /// Throws what `poll` throws, and `DatasetError` for trees that are larger than those that are read.
  static func sha256(of path: String, poll: () throws -> Void) throws -> String? {
    guard let root = FilePath.resolved(path) else { return nil }
    var status = stat()
    guard stat(root, &status) == 0 else { return nil }
    var hash = Checksum.SHA256()
    hash.update(Array("\(root)\n".utf8))
    switch FilePath.kind(of: root) {
    case .folder:
      var count = 0
      try add(folder: root, prefix: "", depth: 0, to: &hash, &count, poll)
    case .file: hash.update(line("", status))
    case .other, nil: return nil
    }
    return hash.hexadecimal
  }

  private static func add(
    folder: String, prefix: String, depth: Int, to hash: inout Checksum.SHA256, _ count: inout Int,
    _ poll: () throws -> Void
  ) throws {
    try poll()
    let names = try FilePath.names(inFolder: folder)
    count += names.count
    guard depth <= deepest, count <= mostFiles else {
      throw DatasetError.tooLarge(
        path: folder, what: "there are more files or deeper folders", limit: "\(mostFiles) in \(deepest) levels")
    }
    for name in names {
      let path = FilePath.join(folder, name)
      var status = stat()
      guard stat(path, &status) == 0 else {
        hash.update(Array("\(prefix)\(name)\0nowhere\n".utf8))
        continue
      }
      hash.update(line(prefix + name, status))
      guard status.st_mode & S_IFMT == S_IFDIR, !isLink(path) else { continue }
      try add(folder: path, prefix: prefix + name + "/", depth: depth + 1, to: &hash, &count, poll)
    }
  }

  /// A folder behind a link may hold the link again.
  private static func isLink(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  private static func line(_ name: String, _ status: stat) -> [UInt8] {
    let isFolder = status.st_mode & S_IFMT == S_IFDIR
    let times = "\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
    return Array("\(name)\0\(isFolder ? "folder" : "\(status.st_size) \(status.st_ino)") \(times)\n".utf8)
  }
}
