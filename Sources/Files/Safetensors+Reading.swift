extension Safetensors {
  /// An opened file: its header is checked, and tensors are read when asked for.
  public struct File: Sendable {
    /// The tensors in the order of their data.
    public let entries: [Entry]
    /// The strings under `__metadata__`.
    public let metadata: [String: String]
    private let reader: FileReader
    private let dataStart: Int
    private let indices: [String: Int]

    /// Opens the file at `path`; throws `FileError`.
    public init(path: String) throws { try self.init(FileReader(path: path)) }

    /// Opens what `reader` reads; throws `FileError`.
    public init(_ reader: FileReader) throws {
      let header = try Header(reader)
      self.reader = reader
      entries = header.entries
      metadata = header.metadata
      dataStart = header.dataStart
      // The header's parser has refused a name that stands twice.
      indices = Dictionary(entries.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The names in the order of the data.
    public var names: [String] { entries.map(\.name) }

    /// The header's line on one tensor; `nil` where there is none of that name.
    public func entry(_ name: String) -> Entry? { indices[name].map { entries[$0] } }

    /// The elements of a tensor of any type as `Float`; what `Float` does not hold exactly is rounded.
    public func floats(_ name: String) throws -> [Float] {
      let entry = try required(name)
      switch entry.type {
      case .float32: return try elements(of: entry) { (bits: UInt32) in Float(bitPattern: bits) }
      case .float64: return try elements(of: entry) { (bits: UInt64) in Float(Double(bitPattern: bits)) }
      case .float16: return try elements(of: entry) { (bits: UInt16) in Float(Float16(bitPattern: bits)) }
      case .brainFloat16: return try elements(of: entry) { (bits: UInt16) in Float(bitPattern: UInt32(bits) << 16) }
      case .int64, .int32, .int16, .int8, .uint8, .boolean: return try integers(of: entry) { Float($0) }
      }
    }

    /// The elements of a tensor of whole numbers, or of truth values as 0 and 1; throws for the other types.
    public func integers(_ name: String) throws -> [Int64] {
      let entry = try required(name)
      guard entry.type.isInteger else {
        throw failure("tensor '\(name)' holds \(entry.type.rawValue); expected whole numbers")
      }
      return try integers(of: entry) { $0 }
    }

    private func integers<Result>(of entry: Entry, _ convert: (Int64) -> Result) throws -> [Result] {
      switch entry.type {
      case .int64: return try elements(of: entry) { (bits: UInt64) in convert(Int64(bitPattern: bits)) }
      case .int32: return try elements(of: entry) { (bits: UInt32) in convert(Int64(Int32(bitPattern: bits))) }
      case .int16: return try elements(of: entry) { (bits: UInt16) in convert(Int64(Int16(bitPattern: bits))) }
      case .int8: return try elements(of: entry) { (bits: UInt8) in convert(Int64(Int8(bitPattern: bits))) }
      case .boolean: return try elements(of: entry) { (bits: UInt8) in convert(bits == 0 ? 0 : 1) }
      case .uint8, .float64, .float32, .float16, .brainFloat16:
        return try elements(of: entry) { (bits: UInt8) in convert(Int64(bits)) }
      }
    }

    /// Reads an entry a piece at a time, so that a wide type needs no second copy of all its bytes.
    private func elements<Bits: FixedWidthInteger, Result>(
      of entry: Entry, _ convert: (Bits) -> Result
    ) throws -> [Result] {
      let count = entry.range.count / MemoryLayout<Bits>.size
      guard count <= FileReader.memoryLimit / MemoryLayout<Result>.stride else {
        throw failure("tensor '\(entry.name)' with its \(count) elements needs more than half of this machine's memory")
      }
      let piece = 1 << 16
      var bits = [Bits](repeating: 0, count: min(count, piece))
      return try [Result](unsafeUninitializedCapacity: count) { result, initialized in
        while initialized < count {
          let length = min(piece, count - initialized)
          let offset = dataStart + entry.range.lowerBound + initialized * MemoryLayout<Bits>.size
          try bits.withUnsafeMutableBytes {
            try reader.read(into: .init(rebasing: $0[..<(length * MemoryLayout<Bits>.size)]), at: offset)
          }
          for index in 0..<length {
            result.initializeElement(at: initialized + index, to: convert(Bits(littleEndian: bits[index])))
          }
          initialized += length
        }
      }
    }

    private func required(_ name: String) throws -> Entry {
      guard let entry = entry(name) else {
        let some = names.prefix(8).map { "'\($0)'" }.joined(separator: ", ")
        throw failure("there is no tensor '\(name)'; it holds \(names.isEmpty ? "none" : some)")
      }
      return entry
    }

    private func failure(_ reason: String) -> FileError { FileError(path: reader.path, reason: reason) }
  }
}
