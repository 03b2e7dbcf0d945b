import Foundation
import Testing

@testable import HDF5

/// Damaged files end in arrays or in an error, whatever they do to the library: PASSBOOK_FUZZ sets how many are tried.
@Suite(.enabled(if: Tool.isBuilt, Tool.absence)) struct MutationTests {
  /// Each costs a process, so fewer are tried unless more are asked for.
  private let rounds = ProcessInfo.processInfo.environment["PASSBOOK_FUZZ"].flatMap(Int.init) ?? 100

  @Test(arguments: [("clouds.h5", ["data", "label"]), ("types.h5", ["packed", "big_f8"])])
  func files(name: String, datasets: [String]) throws {
    let (whole, reader) = (try fixture(name), try Tool.reader())
    var generator = LinearGenerator(state: 11)
    var outcomes = (arrays: 0, errors: 0)
    for _ in 0..<rounds {
      var bytes = whole
      for _ in 0...generator.below(3) {
        // Zeros tell nothing: what is changed is a byte that says something.
        let places = bytes.indices.filter { bytes[$0] != 0 }
        let place = places.isEmpty ? 0 : places[generator.below(places.count)]
        switch generator.below(4) {
        case 0: bytes[place] ^= 1 << UInt8(generator.below(8))
        case 1: bytes[place] = UInt8(generator.below(256))
        case 2: bytes[place] = 255
        default: if generator.below(8) == 0 { bytes.removeLast(generator.below(bytes.count)) }
        }
      }
      do {
        let arrays = try reader.arrays(datasets, in: bytes)
        #expect(arrays.count == datasets.count)
        outcomes.arrays += 1
      } catch is HDF5Error {
        outcomes.errors += 1
      }
    }
    #expect(outcomes.arrays > 0 && outcomes.errors > 0, "\(outcomes)")
  }

  @Test func replies() {
    let array = Message.array(element: .float32, shape: [2, 1], bytes: [1, 2, 3, 4, 5, 6, 7, 8])
    let whole = array.encoded + Message.end.encoded
    var generator = LinearGenerator(state: 5)
    var errors = 0
    for _ in 0..<max(rounds, 2000) {
      var bytes = whole
      for _ in 0...generator.below(3) { bytes[generator.below(bytes.count)] = UInt8(generator.below(256)) }
      if (try? HDF5Reader.arrays(["data"], in: bytes)) == nil { errors += 1 }
    }
    #expect(errors > 0)
  }
}

/// Knuth's MMIX generator: the same mutations on every machine.
private struct LinearGenerator {
  var state: UInt64

  mutating func below(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(max(bound, 1)))
  }
}
