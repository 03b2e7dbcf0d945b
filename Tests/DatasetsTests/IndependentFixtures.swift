import Foundation
import HDF5
import Testing

/// A file that another program wrote; `Fixtures/write.py` says how.
func fixture(_ name: String) throws -> [UInt8] {
  let url = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
  return Array(try Data(contentsOf: url.appendingPathComponent(name)))
}

/// All files in a folder of fixtures, with their names below it.
func fixtures(in folder: String) throws -> [(name: String, bytes: [UInt8])] {
  let url = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
  return try FileManager.default.contentsOfDirectory(atPath: url.appendingPathComponent(folder).path).sorted().map {
    (name: "\(folder)/\($0)", bytes: try fixture("\(folder)/\($0)"))
  }
}

/// The built tool as the reader of HDF5 files; `Scripts/test` says where it is.
enum Reader {
  static let path = ProcessInfo.processInfo.environment["PASSBOOK_TOOL"]
  static let isBuilt = path != nil
  static let absence: Comment = "PASSBOOK_TOOL names no built tool; Scripts/test sets it"

  static func hdf5() throws -> HDF5Reader { HDF5Reader(executable: try #require(path)) }
}
