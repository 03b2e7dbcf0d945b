import CArchive
import Foundation
import Testing

@testable import Datasets

/// A folder of its own for a test, gone with the test.
final class Scratch {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("datasets-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  @discardableResult
  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let file = path + "/" + name
    let folder = (file as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }
}

/// Records of labels and pixels whose first value is the position of the record.
func records(_ labels: [[UInt8]]) -> [UInt8] {
  labels.enumerated().flatMap { index, bytes in
    bytes + [UInt8(index)] + (1..<3072).map { UInt8(truncatingIfNeeded: $0) }
  }
}

/// The files of a tiny CIFAR-10: two records in each training file, three in the test file.
func tinyTen() -> [(name: String, bytes: [UInt8])] {
  (1...5).map { ("data_batch_\($0).bin", records([[UInt8($0)], [0]])) }
    + [("test_batch.bin", records([[7], [8], [9]]))]
}

/// The files of a tiny CIFAR-100.
func tinyHundred() -> [(name: String, bytes: [UInt8])] {
  [("train.bin", records([[19, 99], [3, 42]])), ("test.bin", records([[0, 1]]))]
}

/// A tar archive, compressed with gzip.
func tarball(_ files: [(name: String, bytes: [UInt8])]) throws -> [UInt8] {
  try archived(files) { archive in
    archive_write_set_format_ustar(archive)
    archive_write_add_filter_gzip(archive)
  }
}

/// A zip archive.
func zipped(_ files: [(name: String, bytes: [UInt8])]) throws -> [UInt8] {
  try archived(files) { archive_write_set_format_zip($0) }
}

private func archived(
  _ files: [(name: String, bytes: [UInt8])], format: (OpaquePointer) -> Void
) throws -> [UInt8] {
  let archive = try #require(archive_write_new())
  defer { archive_write_free(archive) }
  format(archive)
  var output = [UInt8](repeating: 0, count: 1 << 20)
  var used = 0
  output.withUnsafeMutableBytes { buffer in
    archive_write_open_memory(archive, buffer.baseAddress, buffer.count, &used)
    for file in files {
      let entry = archive_entry_new()
      archive_entry_set_pathname(entry, file.name)
      archive_entry_set_size(entry, Int64(file.bytes.count))
      archive_entry_set_filetype(entry, 0o100000)
      archive_entry_set_perm(entry, 0o644)
      archive_write_header(archive, entry)
      archive_write_data(archive, file.bytes, file.bytes.count)
      archive_entry_free(entry)
    }
    archive_write_close(archive)
  }
  return Array(output.prefix(used))
}

/// A text's bytes that stand for a small binary file.
func decoded(_ base64: String) throws -> [UInt8] { Array(try #require(Data(base64Encoded: base64))) }

/// Pictures written by another program: 5 x 3 with (x * 50, y * 100, (x + y) * 30), and 8 x 8 of (200, 60, 20).
enum PictureFixture {
  static let png =
    "iVBORw0KGgoAAAANSUhEUgAAAAUAAAADCAIAAADUVFKvAAAAGklEQVR42mNkYGAwYpCDIxaGFDkGBgRC5wMAVFQDPigA2DUAAAAASUVORK5CYII="
  static let pngWithAlpha =
    "iVBORw0KGgoAAAANSUhEUgAAAAUAAAADCAYAAABbNsX4AAAAHUlEQVR42mNkYGBgN2KQY0DGLAwpcgwMDKgYqyAAcjkDRQmOkjwAAAAASUVORK5CYII="
  static let jpeg =
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYU"
    + "GBIUFRT/2wBDAQMEBAUEBQkFBQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBT/wAARCAAIAAgD"
    + "AREAAhEBAxEB/8QAFAABAAAAAAAAAAAAAAAAAAAAB//EABQQAQAAAAAAAAAAAAAAAAAAAAD/xAAVAQEBAAAAAAAAAAAAAAAAAAAHCP/EABQRAQAA"
    + "AAAAAAAAAAAAAAAAAAD/2gAMAwEAAhEDEQA/ACwFLDf/2Q=="
}

/// The text of the error that `body` throws, with the scratch folder left out.
func message(_ scratch: Scratch, _ body: () throws -> Any) -> String {
  do {
    _ = try body()
    return "no error"
  } catch {
    return "\(error)".replacingOccurrences(of: scratch.path + "/", with: "")
  }
}

/// The sum of bytes.
func total(_ bytes: some Sequence<UInt8>) -> Int { bytes.reduce(0) { $0 + Int($1) } }

/// The lines of a text as bytes.
func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// An array of float32 or float64 as NumPy saves it, version 1.
func npy(_ rows: [[Double]], type: String = "<f4") -> [UInt8] {
  var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(rows.count), \(rows.first?.count ?? 0)), }"
  header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
  let elements = rows.joined().flatMap { value in
    type == "<f4"
      ? withUnsafeBytes(of: Float(value).bitPattern.littleEndian) { Array($0) }
      : withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
  }
  let length = header.utf8.count
  return [0x93] + bytes("NUMPY") + [1, 0, UInt8(length & 255), UInt8(length >> 8)] + bytes(header) + elements
}

/// A mesh of one square of the given side.
func square(_ side: Double = 1, head: String = "OFF\n") -> [UInt8] {
  bytes("\(head)4 1 0\n0 0 0\n\(side) 0 0\n\(side) \(side) 0\n0 \(side) 0\n4 0 1 2 3\n")
}
