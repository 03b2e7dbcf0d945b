import Foundation
import Testing

@testable import HDF5

/// A file that another program wrote; `Fixtures/write.py` says how.
func fixture(_ name: String) throws -> [UInt8] {
  let url = try #require(Bundle.module.url(forResource: name, withExtension: nil, subdirectory: "Fixtures"))
  return Array(try Data(contentsOf: url))
}

/// The built tool as the reader; `Scripts/test` says where it is.
enum Tool {
  static let path = ProcessInfo.processInfo.environment["PASSBOOK_TOOL"]
  static let isBuilt = path != nil
  static let absence: Comment = "PASSBOOK_TOOL names no built tool; Scripts/test sets it"

  static func reader() throws -> HDF5Reader { HDF5Reader(executable: try #require(path)) }
}

/// A program that stands for a reader which does not do its work.
final class FalseReader {
  private let folder: URL
  let reader: HDF5Reader

  /// - Parameter script: What the shell does instead of reading.
  init(_ script: String, patience: Duration = .seconds(20)) throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("hdf5-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let program = folder.appendingPathComponent("reader")
    try Data("#!/bin/sh\n\(script)\n".utf8).write(to: program)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program.path)
    var reader = HDF5Reader(executable: program.path)
    reader.patience = patience
    self.reader = reader
  }

  deinit { try? FileManager.default.removeItem(at: folder) }
}

/// The error that `body` throws.
func failure(_ body: () throws -> some Any) -> HDF5Error? {
  do {
    _ = try body()
    return nil
  } catch {
    return error as? HDF5Error
  }
}
