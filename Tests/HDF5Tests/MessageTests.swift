import Testing

@testable import HDF5

@Suite struct MessageTests {
  private static let array = Message.array(element: .uint16, shape: [2, 1], bytes: [1, 2, 3, 4])

  @Test func messagesReadBack() throws {
    let all: [Message] = [Self.array, .failure("no"), .end]
    var bytes = all.flatMap(\.encoded)[...]
    for message in all { #expect(Message(takenFrom: &bytes) == message) }
    #expect(bytes.isEmpty)
  }

  @Test func everyCutIsNoticed() {
    let whole = Self.array.encoded + Message.end.encoded
    for length in 0..<whole.count {
      #expect(throws: HDF5Error.self) { try HDF5Reader.arrays(["data"], in: Array(whole.prefix(length))) }
    }
  }

  /// Lengths and shapes that a sum or a product would overflow on.
  @Test func hugeNumbers() {
    let huge = [UInt8](repeating: 255, count: 8)
    let large: [UInt8] = [255, 255, 255, 255, 255, 255, 255, 127]
    for number in [huge, large] {
      var head = (Self.array.encoded[..<1] + number + Self.array.encoded[9...])[...]
      #expect(Message(takenFrom: &head) == nil)
      var axis = (Self.array.encoded[..<11] + number + Self.array.encoded[19...])[...]
      #expect(Message(takenFrom: &axis) == nil)
    }
    #expect(HDF5Array.byteCount(.float64, [.max, 2]) == nil)
    #expect(HDF5Array.byteCount(.float64, [-1]) == nil)
    #expect(HDF5Array.byteCount(.float64, []) == nil)
    #expect(HDF5Array.byteCount(.uint8, [1, 2, 3, 4, 5]) == nil)
    #expect(HDF5Array.byteCount(.uint8, [.max, 0]) == 0)
  }

  @Test func unsignedNumbersBeyondWhatAnIntHolds() throws {
    let bytes = [UInt8](repeating: 255, count: 8) + [5, 0, 0, 0, 0, 0, 0, 0]
    let array = try #require(HDF5Array(name: "a", element: .uint64, shape: [2], bytes: bytes))
    #expect(array.integers() == [nil, 5])
    #expect(HDF5Array(name: "a", element: .uint64, shape: [3], bytes: bytes) == nil)
  }
}
