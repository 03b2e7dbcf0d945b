import Glibc

/// A regular file as memory that is read only, without reading it first.
///
/// Only for files that this tool alone writes, and replaces as a whole (`AtomicFile`): a mapped file that somebody cuts
/// ends the process. `@unchecked Sendable`: the memory never changes, and stays until the last holder is gone.
public final class MappedFile: @unchecked Sendable {
  public let path: String
  public let bytes: UnsafeRawBufferPointer

  /// Maps the whole file; throws `FileError` for what is missing, unreadable or no file.
  public init(path: String) throws {
    let checked = try checkedPath(path)
    let descriptor = Int32(retryingInterrupts { Int(open(checked, O_RDONLY | O_CLOEXEC | O_NONBLOCK)) })
    guard descriptor >= 0 else { throw FileError(path: path, action: "open it", code: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError(path: path, action: "look at it", code: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw FileError(path: path, reason: "this is no file") }
    self.path = path
    let count = Int(status.st_size)
    guard count > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
      throw FileError(path: path, action: "map it", code: errno)
    }
    bytes = UnsafeRawBufferPointer(start: start, count: count)
  }

  deinit {
    if let start = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: start), bytes.count) }
  }
}
