import Glibc

/// Random access to the bytes of a regular file, or of memory that stands for one.
///
/// Reads are bounded by the size found when opening; a file that shrinks meanwhile is an error, never a short result.
public final class FileReader: Sendable {
  private enum Source: Sendable {
    case descriptor(Int32)
    case memory([UInt8])
  }

  /// The name that errors show.
  public let path: String
  /// Size in bytes.
  public let count: Int
  private let source: Source

  /// The most bytes that one read may ask for: half of the machine's memory.
  public static var memoryLimit: Int {
    let (bytes, overflow) = sysconf(Int32(_SC_PHYS_PAGES)).multipliedReportingOverflow(by: sysconf(Int32(_SC_PAGESIZE)))
    return overflow || bytes <= 0 ? 1 << 30 : bytes / 2
  }

  /// Opens a regular file; throws `FileError` for what is missing, unreadable, a folder, a pipe or a device.
  public init(path: String) throws {
    let checked = try checkedPath(path)
    // Without O_NONBLOCK a pipe would make `open` wait for a writer.
    let descriptor = Int32(retryingInterrupts { Int(open(checked, O_RDONLY | O_CLOEXEC | O_NONBLOCK)) })
    guard descriptor >= 0 else { throw FileError(path: path, action: "open it", code: errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw FileError(path: path, action: "look at it", code: code)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      let kind = status.st_mode & S_IFMT == S_IFDIR ? "a folder" : "a pipe or a device"
      throw FileError(path: path, reason: "this is \(kind); expected a file")
    }
    self.path = path
    count = Int(status.st_size)
    source = .descriptor(descriptor)
  }

  /// Reads from memory under the name `name`.
  public init(bytes: [UInt8], name: String) {
    path = name
    count = bytes.count
    source = .memory(bytes)
  }

  deinit {
    if case .descriptor(let descriptor) = source { close(descriptor) }
  }

  /// Fills `buffer` with the bytes from `offset` on; throws where the file ends before.
  public func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws {
    let (end, overflow) = offset.addingReportingOverflow(buffer.count)
    guard offset >= 0, !overflow, end <= count else {
      throw FileError(
        path: path, reason: "the file ends at byte \(count); expected \(buffer.count) bytes at byte \(offset)")
    }
    switch source {
    case .memory(let bytes):
      bytes.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<end])) }
    case .descriptor(let descriptor):
      var done = 0
      while done < buffer.count {
        let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
        let read = retryingInterrupts { pread(descriptor, rest.baseAddress, rest.count, off_t(offset + done)) }
        guard read >= 0 else { throw FileError(path: path, action: "read it", code: errno) }
        guard read > 0 else {
          throw FileError(path: path, reason: "the file was cut at byte \(offset + done) while it was read; try again")
        }
        done += read
      }
    }
  }

  /// The `count` bytes from `offset` on; throws where the file ends before or memory would not hold them.
  public func bytes(at offset: Int, count: Int) throws -> [UInt8] {
    guard count >= 0, count <= Self.memoryLimit else {
      throw FileError(path: path, reason: "\(count) bytes at once are more than half of this machine's memory")
    }
    // Asked before the allocation: a wrong length in a small file must not cost memory.
    guard offset >= 0, offset <= self.count, count <= self.count - offset else {
      throw FileError(
        path: path, reason: "the file ends at byte \(self.count); expected \(count) bytes at byte \(offset)")
    }
    return try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      try read(into: .init(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<count]), at: offset)
      initialized = count
    }
  }

  /// Hands the whole file to `body` in order, a chunk of at most `size` bytes at a time.
  public func forEachChunk(of size: Int = 1 << 20, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: min(max(size, 1), 1 << 26), alignment: 64)
    defer { buffer.deallocate() }
    var offset = 0
    while offset < count {
      let chunk = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(buffer.count, count - offset)])
      try read(into: chunk, at: offset)
      try body(UnsafeRawBufferPointer(chunk))
      offset += chunk.count
    }
  }

  /// The whole file at `path`; throws where it is larger than `limit` bytes, and then `error` if there is one.
  public static func contents(of path: String, limit: Int, beyond error: FileError? = nil) throws -> [UInt8] {
    let reader = try FileReader(path: path)
    guard reader.count <= limit else {
      throw error
        ?? FileError(path: path, reason: "the file has \(reader.count) bytes; expected at most \(limit)")
    }
    return try reader.bytes(at: 0, count: reader.count)
  }

  /// Whether something stands at a path: a file, a folder, a link that leads nowhere.
  public static func isThere(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }
}
