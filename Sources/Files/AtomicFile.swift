import Glibc

/// Writes a file so that its path always names either the old contents or the whole new ones.
///
/// A temporary file in the same folder takes the bytes, reaches the disk, and is renamed over the path; then the folder
/// reaches the disk too. On an error the temporary file is removed. A symbolic link stays and its target is replaced.
public enum AtomicFile {
  /// Where a body writes its bytes, in order.
  public final class Sink {
    /// Bytes written so far.
    public private(set) var count = 0
    private let descriptor: Int32
    private let path: String

    fileprivate init(descriptor: Int32, path: String) {
      self.descriptor = descriptor
      self.path = path
    }

    /// Appends all of `bytes`; throws `FileError`, as for a full disk.
    public func write(_ bytes: UnsafeRawBufferPointer) throws {
      var rest = bytes
      while !rest.isEmpty {
        let written = retryingInterrupts { Glibc.write(descriptor, rest.baseAddress, rest.count) }
        guard written > 0 else { throw FileError(path: path, action: "write it", code: written == 0 ? EIO : errno) }
        rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        count += written
      }
    }

    /// Appends all of `bytes`.
    public func write(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try write($0) } }
  }

  /// Replaces the file at `path` by `bytes`.
  ///
  /// Without `permissions` a file keeps its own, and a new one follows the umask.
  public static func write(_ bytes: [UInt8], to path: String, permissions: mode_t? = nil) throws {
    try write(to: path, permissions: permissions) { try $0.write(bytes) }
  }

  /// Replaces the file at `path` by what `body` writes; an error thrown by `body` leaves the old file as it was.
  public static func write(to path: String, permissions: mode_t? = nil, _ body: (Sink) throws -> Void) throws {
    let destination = try self.destination(of: path)
    let folder = folder(of: destination.path)
    let temporary = folder + "/.passbook-" + String(UInt64.random(in: 0 ... .max), radix: 16) + ".tmp"
    let mode = permissions ?? destination.permissions
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
    var descriptor = Int32(retryingInterrupts { Int(open(temporary, flags, mode ?? 0o666)) })
    guard descriptor >= 0 else { throw FileError(path: path, action: "write it", code: errno) }
    do {
      // The umask took its bits from the mode that `open` was given.
      if let mode, fchmod(descriptor, mode) != 0 { throw FileError(path: path, action: "set its mode", code: errno) }
      try body(Sink(descriptor: descriptor, path: path))
      try synchronize(descriptor, path: path)
      // Linux frees the descriptor even when `close` fails, so it is never closed twice.
      let closed = close(descriptor)
      descriptor = -1
      guard closed == 0 || errno == EINTR else { throw FileError(path: path, action: "close it", code: errno) }
      guard rename(temporary, destination.path) == 0 else {
        throw FileError(path: path, action: "put it in place", code: errno)
      }
    } catch {
      if descriptor >= 0 { close(descriptor) }
      unlink(temporary)
      throw error
    }
    try synchronize(folder: folder, path: path)
  }

  /// Throws where a file could not be written: before time or somebody's patience is spent on what goes into it.
  public static func check(_ path: String) throws {
    let destination = try destination(of: path)
    guard access(folder(of: destination.path), W_OK | X_OK) == 0 else {
      throw FileError(path: path, action: "write it", code: errno)
    }
  }

  /// The path behind links, and the permissions of the file that stands there.
  private static func destination(of path: String) throws -> (path: String, permissions: mode_t?) {
    let checked = try checkedPath(path)
    var status = stat()
    guard stat(checked, &status) == 0 else {
      guard errno == ENOENT else { throw FileError(path: path, action: "write it", code: errno) }
      guard lstat(checked, &status) != 0 else {
        throw FileError(path: path, reason: "this link leads to no file; remove it or make its target")
      }
      return (checked, nil)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      let kind = status.st_mode & S_IFMT == S_IFDIR ? "a folder" : "a pipe or a device"
      throw FileError(path: path, reason: "this is \(kind); expected the name of a file to write")
    }
    guard try !isSealed(checked) else {
      throw FileError(path: path, reason: "this is a sealed key, which is never overwritten; name another file")
    }
    guard let resolved = realpath(checked, nil) else { throw FileError(path: path, action: "follow it", code: errno) }
    defer { free(resolved) }
    return (String(cString: resolved), status.st_mode & 0o7777)
  }

  /// How a file begins that holds a secret which nothing can bring back (room Keys).
  public static let sealedStart = Array("passbook/key/".utf8)

  private static func isSealed(_ path: String) throws -> Bool {
    guard let reader = try? FileReader(path: path), reader.count > sealedStart.count else { return false }
    return try reader.bytes(at: 0, count: sealedStart.count) == sealedStart
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func synchronize(_ descriptor: Int32, path: String) throws {
    let result = retryingInterrupts { Int(fsync(descriptor)) }
    // Some file systems have nothing to flush and say EINVAL.
    guard result == 0 || errno == EINVAL else { throw FileError(path: path, action: "flush it", code: errno) }
  }

  /// Makes the renaming last; a folder that may be written but not read cannot be flushed, and need not be.
  private static func synchronize(folder: String, path: String) throws {
    let descriptor = Int32(retryingInterrupts { Int(open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) })
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    try synchronize(descriptor, path: path)
  }
}
