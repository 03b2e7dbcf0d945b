import CArchive

/// Reads a compressed file entry by entry through libarchive, in pieces, without unpacking it anywhere.
final class ArchiveReader {
  enum Format {
    /// A tar archive, plain or compressed with gzip; entries are named by path.
    case tar
    /// A zip archive, or a tar archive, plain or compressed with gzip.
    case collection
    /// One stream of bytes, plain or compressed with gzip.
    case stream
  }

  struct Entry {
    let path: String
    /// Declared length in bytes; 0 where the format does not say.
    let length: Int
    let isFile: Bool
  }

  private let path: String
  private let archive: OpaquePointer

  init(path: String, format: Format) throws {
    guard .file == FilePath.kind(of: path) else {
      throw DatasetError.unreadable(path: path, reason: "it is no regular file")
    }
    guard let archive = archive_read_new() else {
      throw DatasetError.unreadable(path: path, reason: "no memory for an archive reader")
    }
    self.path = path
    self.archive = archive
    archive_read_support_filter_gzip(archive)
    switch format {
    case .tar: archive_read_support_format_tar(archive)
    case .collection:
      archive_read_support_format_tar(archive)
      archive_read_support_format_zip(archive)
    case .stream: archive_read_support_format_raw(archive)
    }
    guard archive_read_open_filename(archive, path, 1 << 18) == ARCHIVE_OK else { throw failure() }
  }

  deinit { archive_read_free(archive) }

  /// The next entry, or nil at the end.
  func next() throws -> Entry? {
    var header: OpaquePointer?
    let status = archive_read_next_header(archive, &header)
    if status == ARCHIVE_EOF { return nil }
    guard status == ARCHIVE_OK || status == ARCHIVE_WARN, let header else { throw failure() }
    return Entry(
      path: archive_entry_pathname(header).map { String(cString: $0) } ?? "",
      length: Int(archive_entry_size(header)),
      isFile: archive_entry_filetype(header) == S_IFREG)
  }

  /// Hands the bytes of the current entry to `body`, piece by piece.
  func stream(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    defer { piece.deallocate() }
    while true {
      let length = archive_read_data(archive, piece.baseAddress, piece.count)
      if length == 0 { return }
      if length == Int(ARCHIVE_RETRY) { continue }
      guard length > 0 else { throw failure() }
      try body(UnsafeRawBufferPointer(rebasing: piece[..<length]))
    }
  }

  /// The bytes of the current entry, which must not be more than `limit`.
  func bytes(limit: Int, of entry: Entry) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try stream { piece in
      guard bytes.count + piece.count <= limit else {
        throw DatasetError.tooLarge(path: path, what: "\(entry.path) is longer", limit: "\(limit) bytes an entry")
      }
      bytes.append(contentsOf: piece)
    }
    return bytes
  }

  private func failure() -> DatasetError {
    let reason = archive_error_string(archive).map { String(cString: $0) } ?? "the archive is damaged"
    return .unreadable(path: path, reason: reason)
  }
}
