import Testing

@testable import HDF5

/// Files that h5py wrote, through the tool in its role as the reader.
@Suite(.enabled(if: Tool.isBuilt, Tool.absence)) struct ReadingTests {
  let reader: HDF5Reader

  init() throws { reader = try Tool.reader() }

  @Test func cloudsAsTheReleasesHaveThem() throws {
    let arrays = try reader.arrays(["data", "label"], in: fixture("clouds.h5"))
    #expect(arrays.map(\.name) == ["data", "label"])
    #expect(arrays[0].element == .float32 && arrays[0].shape == [2, 5, 3])
    #expect(arrays[0].floats() == (0..<30).map { Float($0) / 8 })
    #expect(arrays[1].element == .uint8 && arrays[1].shape == [2, 1])
    #expect(arrays[1].integers() == [30, 8])
  }

  @Test(arguments: ["f4", "f8", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8"])
  func typesOfBothByteOrders(code: String) throws {
    let first = code.hasPrefix("u") ? 2 : -2
    for array in try reader.arrays(["little_" + code, "big_" + code], in: fixture("types.h5")) {
      #expect(array.integers() == [first, 100])
      #expect(array.floats() == [Float(first), 100])
      #expect(array.element.isFloat == code.hasPrefix("f"))
      #expect("\(array.element.size)" == code.suffix(1))
    }
  }

  @Test func filtersAndEmptyArrays() throws {
    let arrays = try reader.arrays(["packed", "empty"], in: fixture("types.h5"))
    #expect(arrays[0].shape == [10, 10] && arrays[0].integers() == Array(0..<100))
    #expect(arrays[1].shape == [0, 3] && arrays[1].floats().isEmpty)
  }

  @Test(arguments: [
    ("soft", "'soft' is a link, and links are not followed"),
    ("external", "'external' is a link, and links are not followed"),
    ("group", "'group' is no dataset"),
    ("nothing", "there is no dataset 'nothing'"),
    ("text", "the elements of 'text' are neither whole numbers of 8 to 64 bits nor floats of 32 or 64"),
    ("half", "the elements of 'half' are neither whole numbers of 8 to 64 bits nor floats of 32 or 64"),
    ("complex", "the elements of 'complex' are neither whole numbers of 8 to 64 bits nor floats of 32 or 64"),
    ("record", "the elements of 'record' are neither whole numbers of 8 to 64 bits nor floats of 32 or 64"),
    ("scalar", "'scalar' must have 1 to 4 axes"),
    ("five", "'five' must have 1 to 4 axes"),
    ("bomb", "'bomb' with its shape [1099511627776] is larger than 268435456 bytes, the most that is read"),
    ("overflow",
     "'overflow' with its shape [2147483648, 2147483648, 4] is larger than 268435456 bytes, the most that is read"),
    ("lzf", "'lzf' is packed with other filters than deflate, shuffle and fletcher32"),
    ("chunk", "the chunks of 'chunk' have 536870912 bytes"),
    ("outside", "'outside' has its elements in other files, which are not read"),
    ("virtual", "'virtual' has its elements in other files, which are not read"),
  ])
  func refused(name: String, reason: String) throws {
    let file = try fixture("hostile.h5")
    #expect(failure { try reader.arrays([name], in: file) } == .refused(reason))
  }

  @Test func theLimitIsForAllTogether() throws {
    let file = try fixture("clouds.h5")
    #expect(try reader.arrays(["data", "label"], in: file, limit: 122).count == 2)
    #expect(
      failure { try reader.arrays(["data", "label"], in: file, limit: 121) }
        == .refused("'label' with its shape [2, 1] is larger than 1 bytes, the most that is read"))
  }

  @Test func noHDF5() throws {
    for bytes in [[], [UInt8](repeating: 0, count: 5000), Array(try fixture("clouds.h5").prefix(3000))] {
      let text = failure { try reader.arrays(["data"], in: bytes) }.map { "\($0)" } ?? "no error"
      #expect(text.hasPrefix("it is no HDF5 file, or a damaged one ("), "\(text)")
    }
  }

  @Test func ctrlCEndsTheReader() throws {
    struct Stop: Error {}
    let file = try fixture("clouds.h5")
    #expect(throws: Stop.self) { try reader.arrays(["data"], in: file) { throw Stop() } }
  }
}
