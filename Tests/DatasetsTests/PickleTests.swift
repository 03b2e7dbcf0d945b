import Testing

@testable import Datasets

@Suite struct PickleTests {
  private func failure(_ bytes: [UInt8]) -> String {
    do {
      return "\(try Pickle.read(bytes, path: "file"))"
    } catch {
      return "\(error)"
    }
  }

  /// A pickle of protocol 2 with these operations.
  private func pickle(_ operations: String...) -> [UInt8] {
    [0x80, 2] + operations.joined().unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
  }

  @Test(arguments: [2, 3, 4, 5])
  func protocolsOfPython(version: Int) throws {
    let value = try Pickle.read(fixture("ten.protocol\(version).pickle"), path: "ten")
    guard case .dictionary(let dictionary) = value, case .array(let data)? = dictionary["data"],
      case .list(let labels)? = dictionary["labels"], case .text(let batch)? = dictionary["batch_label"]
    else {
      Issue.record("\(value)")
      return
    }
    #expect(data.shape == [2, 3072])
    #expect(Array(data.bytes.prefix(4)) == [0, 1, 2, 3] && data.bytes.last == 255)
    #expect(labels.count == 2 && dictionary.count == 4)
    #expect(batch.elementsEqual("training batch 1 of 5".utf8))
  }

  @Test func numbers() throws {
    guard
      case .tuple(let values) = try Pickle.read(
        pickle("(K\u{FF}M\u{34}\u{12}J\u{FE}\u{FF}\u{FF}\u{FF}\u{8A}\u{02}\u{00}\u{80}\u{8A}\u{00}t."), path: "file")
    else {
      Issue.record("no tuple")
      return
    }
    let integers = values.map { if case .integer(let number) = $0 { number } else { Int.min } }
    #expect(integers == [255, 0x1234, -2, -32768, 0])
  }

  @Test func everyOtherNameIsRefused() throws {
    #expect(
      failure(try fixture("system.pickle"))
        == "file: at byte 2: expected no other name than those of a NumPy array, found posix system")
    #expect(
      failure(try fixture("codecs.pickle")).hasSuffix(
        "found _codecs encode; save it again with protocol 3 or newer"))
    #expect(failure(pickle("cbuiltins\neval\n.")).hasSuffix("found builtins eval"))
    #expect(failure(pickle("cnumpy\nload\n.")).hasSuffix("found numpy load"))
    #expect(
      failure([0x80, 4] + pickle("\u{8C}\u{02}os\u{8C}\u{06}system\u{93}.").dropFirst(2)).hasSuffix("found os system"))
  }

  @Test(arguments: [
    ("I1\n.", "found 0x49"),  // numbers of protocol 0
    ("Pid\n.", "found 0x50"),  // persistent identifiers
    ("ios\nsystem\n(t.", "found 0x69"),  // instances
    ("\u{82}\u{01}.", "found 0x82"),  // registered extensions
    ("\u{81}.", "found 0x81"),  // objects without a call
    ("cnumpy\nndarray\n)R.", "found ndarray called by itself"),
    ("cnumpy\ndtype\nU\u{02}O8\u{85}R.", "found another type"),
    ("]q\u{00}h\u{00}e.", "found one that is shared"),
    ("h\u{07}.", "found number 7"),
    ("]]a.", "found a container in it"),
    ("}U\u{01}a}s.", "found something else"),
    ("}K\u{01}K\u{02}s.", "found something else"),
    ("(K\u{01}K\u{02}.", "found several"),
    ("(.", "found an empty stack"),
    (".", "found an empty stack"),
    ("t.", "found no mark"),
    ("}(U\u{01}au.", "found a key without one"),
    ("U\u{FF}a.", "found 2 bytes up to the end of the file"),
    ("T\u{FF}\u{FF}\u{FF}\u{FF}a.", "found 2 bytes up to the end of the file"),
    ("\u{8E}\u{FF}\u{FF}\u{FF}\u{FF}\u{FF}\u{FF}\u{FF}\u{FF}.", "found 18446744073709551615"),
    ("\u{8A}\u{09}123456789.", "found one of 9"),
    ("K", "found the end of the file"),
  ])
  func mistakes(operations: String, found: String) {
    #expect(failure(pickle(operations)).hasSuffix(found), "\(failure(pickle(operations)))")
  }

  @Test func protocolsThatAreNoneOfThese() {
    for start: [UInt8] in [[0x80, 1], [0x80, 6], [0x28], []] {
      #expect(failure(start + [0x4E, 0x2E]).contains("at byte 0: expected"))
    }
  }

  /// Values that would be deep, or cost memory or time beyond their length.
  @Test func neitherDepthNorWorkGrows() {
    let deep = [0x80, 2, UInt8(ascii: ")")] + [UInt8](repeating: 0x85, count: 100_000)
    #expect(failure(deep).hasSuffix("found a container in it"))
    let many = [0x80, 2] + [UInt8](repeating: UInt8(ascii: "N"), count: 1 << 21)
    #expect(failure(many).hasSuffix("expected at most 1048576 operations, found more"))
    // One by one to the same list, which must not be copied each time.
    let list = bytes("]" + String(repeating: "Na", count: 400_000) + ".")
    let start = ContinuousClock.now
    #expect(throws: Never.self) { try Pickle.read([0x80, 2] + list, path: "file") }
    #expect(ContinuousClock.now - start < .seconds(20))
  }
}
