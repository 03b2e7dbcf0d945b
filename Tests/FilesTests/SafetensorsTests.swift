import Foundation
import Testing

@testable import Files

/// Files that the Python package safetensors 0.8 wrote.
enum PythonFiles {
  /// labels I64 [3], scale F32 [2, 3], marks U8 [3], metadata passbook = {"é":1}.
  static let ours = bytes(
    """
    4AAAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJwYXNzYm9vayI6IntcIsOpXCI6MX0ifSwibGFiZWxzIjp7ImR0eXBlIjoiSTY0Iiwic2hhcGUi\
    OlszXSwiZGF0YV9vZmZzZXRzIjpbMCwyNF19LCJzY2FsZSI6eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpbMiwzXSwiZGF0YV9vZmZzZXRzIjpb\
    MjQsNDhdfSwibWFya3MiOnsiZHR5cGUiOiJVOCIsInNoYXBlIjpbM10sImRhdGFfb2Zmc2V0cyI6WzQ4LDUxXX19ICAgIAcAAAAAAAAA////\
    //////8AAAAAAAEAAAAAwD8AAADAAACAPgAAQEAAAIBAAACgQAEC/w==
    """)
  /// Every other type, a scalar, and a tensor without elements.
  static let everyType = bytes(
    """
    EAIAAAAAAAB7ImY2NCI6eyJkdHlwZSI6IkY2NCIsInNoYXBlIjpbMl0sImRhdGFfb2Zmc2V0cyI6WzAsMTZdfSwiZW1wdHkiOnsiZHR5cGUi\
    OiJGMzIiLCJzaGFwZSI6WzAsM10sImRhdGFfb2Zmc2V0cyI6WzE2LDE2XX0sInNjYWxhciI6eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpbXSwi\
    ZGF0YV9vZmZzZXRzIjpbMTYsMjBdfSwiaTMyIjp7ImR0eXBlIjoiSTMyIiwic2hhcGUiOlsyXSwiZGF0YV9vZmZzZXRzIjpbMjAsMjhdfSwi\
    YmYxNiI6eyJkdHlwZSI6IkJGMTYiLCJzaGFwZSI6WzJdLCJkYXRhX29mZnNldHMiOlsyOCwzMl19LCJmMTYiOnsiZHR5cGUiOiJGMTYiLCJz\
    aGFwZSI6WzNdLCJkYXRhX29mZnNldHMiOlszMiwzOF19LCJpMTYiOnsiZHR5cGUiOiJJMTYiLCJzaGFwZSI6WzFdLCJkYXRhX29mZnNldHMi\
    OlszOCw0MF19LCJpOCI6eyJkdHlwZSI6Ikk4Iiwic2hhcGUiOlsxXSwiZGF0YV9vZmZzZXRzIjpbNDAsNDFdfSwiYm9vbCI6eyJkdHlwZSI6\
    IkJPT0wiLCJzaGFwZSI6WzJdLCJkYXRhX29mZnNldHMiOls0MSw0M119fSAgICAgICCamZmZmZm5PwAAAAAAAATAAAAgQPv///8GAAAAgD9g\
    wAA+//sBAPn/+AEA
    """)

  private static func bytes(_ text: String) -> [UInt8] { [UInt8](Data(base64Encoded: text) ?? Data()) }
}

@Suite struct SafetensorsTests {
  private func file(_ bytes: [UInt8]) throws -> Safetensors.File { try .init(FileReader(bytes: bytes, name: "x")) }

  private func file(header: String, data: Int = 0) throws -> Safetensors.File {
    let length = (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) }
    return try file(length + Array(header.utf8) + [UInt8](repeating: 0, count: data))
  }

  @Test func readsEveryType() throws {
    let file = try file(PythonFiles.everyType)
    #expect(try file.floats("f64") == [0.1, -2.5])
    #expect(try file.floats("f16") == [1.5, -65504, Float(Float16(6e-8))])
    #expect(try file.floats("bf16") == [1, -3.5])
    #expect(try file.integers("i32") == [-5, 6])
    #expect(try file.floats("i16") == [-7])
    #expect(try file.integers("i8") == [-8])
    #expect(try file.integers("bool") == [1, 0])
    #expect(try file.floats("scalar") == [2.5])
    #expect(try file.floats("empty") == [])
    #expect(file.entry("empty")?.shape == [0, 3])
    #expect(throws: FileError.self) { try file.integers("f64") }
  }

  @Test func readsAPartOfATensorIntoItsPlace() throws {
    let file = try file(PythonFiles.everyType)
    let second: [(name: String, value: Float)] = [
      ("f64", -2.5), ("f16", -65504), ("bf16", -3.5), ("i32", 6), ("bool", 0),
    ]
    for (name, value) in second {
      let found = try [Float](unsafeUninitializedCapacity: 1) { target, count in
        count = 1
        try file.read(name, from: 1, into: UnsafeMutableBufferPointer(rebasing: target[..<1]))
      }
      #expect(found == [value], "\(name)")
    }
  }

  @Test func writesTheBytesOfThePythonPackage() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let tensors: [Safetensors.Tensor] = [
      .bytes("marks", shape: [3], [1, 2, 255]), .integers("labels", shape: [3], [7, -1, 1 << 40]),
      .floats("scale", shape: [2, 3], [1.5, -2, 0.25, 3, 4, 5]),
    ]
    try Safetensors.write(tensors, metadata: ["passbook": #"{"é":1}"#], to: path)
    #expect(try FileReader.contents(of: path, limit: 1000) == PythonFiles.ours)
    #expect(try Safetensors.File(path: path).metadata == ["passbook": #"{"é":1}"#])
    #expect(throws: FileError.self) { try Safetensors.write(tensors + tensors, to: path) }
    #expect(throws: FileError.self) { try Safetensors.write([.floats("a", shape: [2], [1])], to: path) }
    #expect(try FileReader.contents(of: path, limit: 1000) == PythonFiles.ours)
  }

  @Test(arguments: [
    (
      #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}"#,
      6, "overlaps"
    ),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8, "leaves a gap"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 3, "cut short"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 5, "follow the last tensor"),
    (#"{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}}"#, 4, "too large"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4, "needs 8 bytes"),
    (#"{"a":{"dtype":"F8","shape":[1],"data_offsets":[0,1]}}"#, 1, "the dtype F8 is not read"),
    (#"{"a":1,"a":2}"#, 0, "stands twice"),
    (#"[]"#, 0, "no JSON object"),
    (String(repeating: "[", count: 100_000), 0, "nests deeper"),
  ])
  func wrongHeadersAreNamed(header: String, data: Int, message: String) {
    let error = #expect(throws: FileError.self) { try file(header: header, data: data) }
    #expect(error?.reason.contains(message) == true, "\(error?.description ?? "")")
  }
}

@Suite struct MutationTests {
  /// Changed files give tensors or a `FileError`; a trap would end the process.
  @Test func changedFilesNeverTrap() throws {
    let count = ProcessInfo.processInfo.environment["PASSBOOK_FUZZ"].flatMap(Int.init) ?? 3000
    var state: UInt64 = 1
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % max(bound, 1)
    }
    var (accepted, refused) = (0, 0)
    for round in 0..<max(count, 100) {
      var bytes = round % 2 == 0 ? PythonFiles.ours : PythonFiles.everyType
      for _ in 0...random(3) where !bytes.isEmpty {
        let position = random(bytes.count)
        switch random(5) {
        case 0: bytes[position] = UInt8(random(256))
        case 1: bytes.remove(at: position)
        case 2: bytes.insert(Array("0123456789[]{}\",:-.e\\u".utf8)[random(22)], at: position)
        case 3: bytes[position] ^= 1 << UInt8(random(8))
        default: bytes.removeLast(random(min(8, bytes.count)))
        }
      }
      do {
        let file = try Safetensors.File(FileReader(bytes: bytes, name: "x"))
        for name in file.names { _ = try file.floats(name) }
        accepted += 1
      } catch is FileError {
        refused += 1
      }
    }
    #expect(accepted > 0 && refused > accepted)
  }
}
