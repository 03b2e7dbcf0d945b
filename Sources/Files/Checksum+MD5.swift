import Glibc

extension Checksum {
  /// MD5 (RFC 1321), for releases that were published with nothing better.
  ///
  /// It tells a damaged or changed copy of a known file. Whoever makes both of two files can make them agree, so
  /// nothing of our own is signed or named by it.
  public struct MD5 {
    private var state: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476]
    private var rest: [UInt8] = []
    private var length: UInt64 = 0

    public init() {}

    /// Appends bytes to the message.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
      length &+= UInt64(bytes.count)
      var bytes = bytes[...]
      if !rest.isEmpty {
        let missing = bytes.prefix(64 - rest.count)
        rest.append(contentsOf: missing)
        bytes = bytes.dropFirst(missing.count)
        guard rest.count == 64 else { return }
        rest.withUnsafeBytes { Self.digest($0, into: &state) }
        rest.removeAll(keepingCapacity: true)
      }
      let whole = bytes.count - bytes.count % 64
      Self.digest(UnsafeRawBufferPointer(rebasing: bytes.prefix(whole)), into: &state)
      rest.append(contentsOf: bytes.dropFirst(whole))
    }

    /// Appends bytes to the message.
    public mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

    /// The digest of what was fed so far, as 32 lower-case hexadecimal digits.
    public var hexadecimal: String {
      var end = state
      let zeros = [UInt8](repeating: 0, count: (119 - rest.count) % 64)
      let bits = (length &* 8).littleEndianBytes
      (rest + [0x80] + zeros + bits).withUnsafeBytes { Self.digest($0, into: &end) }
      return end.flatMap { word in withUnsafeBytes(of: word.littleEndian) { Array($0) } }.hexadecimal
    }

    /// T[i] = ⌊2³² |sin i|⌋, i in radians from 1 on.
    private static let sines = (1...64).map { UInt32(abs(sin(Double($0))) * 4_294_967_296) }
    /// The rotation of each step: four of a round, in turn.
    private static let rotations: [UInt32] = [
      [7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21],
    ].flatMap { round in [round, round, round, round].joined() }

    /// Works whole blocks of 64 bytes into the state.
    private static func digest(_ blocks: UnsafeRawBufferPointer, into state: inout [UInt32]) {
      var (a, b, c, d) = (state[0], state[1], state[2], state[3])
      sines.withUnsafeBufferPointer { sines in
        rotations.withUnsafeBufferPointer { rotations in
          for start in stride(from: 0, to: blocks.count, by: 64) {
            let before = (a, b, c, d)
            for step in 0..<64 {
              let (mixed, word) =
                switch step >> 4 {
                case 0: ((b & c) | (~b & d), step)
                case 1: ((d & b) | (~d & c), (5 * step + 1) & 15)
                case 2: (b ^ c ^ d, (3 * step + 5) & 15)
                default: (c ^ (b | ~d), (7 * step) & 15)
                }
              let taken = UInt32(littleEndian: blocks.loadUnaligned(fromByteOffset: start + 4 * word, as: UInt32.self))
              let sum = a &+ mixed &+ sines[step] &+ taken
              (a, d, c, b) = (d, c, b, b &+ (sum << rotations[step] | sum >> (32 - rotations[step])))
            }
            (a, b, c, d) = (a &+ before.0, b &+ before.1, c &+ before.2, d &+ before.3)
          }
        }
      }
      state = [a, b, c, d]
    }
  }

  /// The MD5 sum of bytes in memory.
  public static func md5(of bytes: [UInt8]) -> String {
    var hash = MD5()
    hash.update(bytes)
    return hash.hexadecimal
  }

  /// The MD5 sum of a file, read a megabyte at a time; throws `FileError` where it cannot be read.
  public static func md5(contentsOf path: String) throws -> String {
    var hash = MD5()
    try FileReader(path: path).forEachChunk { hash.update($0) }
    return hash.hexadecimal
  }
}
