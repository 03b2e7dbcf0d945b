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
      try array(of: required(name)) { try read(name, into: $0) }
    }

    /// Writes the elements of a tensor of any type, from element `first` on, as `Float` into `target`, which they fill.
    ///
    /// Elements of type F32 go from the file into their place. Several threads may read at a time.
    public func read(_ name: String, from first: Int = 0, into target: UnsafeMutableBufferPointer<Float>) throws {
      let part = Part(entry: try required(name), first: first)
      switch part.entry.type {
      case .float32:
        try reader.read(into: UnsafeMutableRawBufferPointer(target), at: offset(of: part))
        if Int(littleEndian: 1) != 1 {
          for index in target.indices { target[index] = Float(bitPattern: target[index].bitPattern.byteSwapped) }
        }
      case .float64: try read(part, into: target) { (bits: UInt64) in Float(Double(bitPattern: bits)) }
      case .float16: try read(part, into: target) { (bits: UInt16) in Float(Float16(bitPattern: bits)) }
      case .brainFloat16: try read(part, into: target) { (bits: UInt16) in Float(bitPattern: UInt32(bits) << 16) }
      case .int64, .int32, .int16, .int8, .uint8, .boolean: try readIntegers(part, into: target) { Float($0) }
      }
    }

    /// The elements of a tensor of whole numbers, or of truth values as 0 and 1; throws for the other types.
    public func integers(_ name: String) throws -> [Int64] {
      let entry = try required(name)
      guard entry.type.isInteger else {
        throw failure("tensor '\(name)' holds \(entry.type.rawValue); expected whole numbers")
      }
      return try array(of: entry) { try readIntegers(Part(entry: entry, first: 0), into: $0) { $0 } }
    }

    /// The elements of a tensor of type U8 as they are; throws for the other types.
    public func bytes(_ name: String) throws -> [UInt8] {
      let entry = try required(name)
      guard entry.type == .uint8 else {
        throw failure("tensor '\(name)' holds \(entry.type.rawValue); expected U8")
      }
      return try reader.bytes(at: offset(of: Part(entry: entry, first: 0)), count: entry.count)
    }

    /// A tensor's elements from one on.
    private struct Part {
      let entry: Entry
      let first: Int
    }

    /// Byte of the file at which a part starts.
    private func offset(of part: Part) -> Int {
      dataStart + part.entry.range.lowerBound + part.first * part.entry.type.size
    }

    private func array<Element>(
      of entry: Entry, filledBy fill: (UnsafeMutableBufferPointer<Element>) throws -> Void
    ) throws -> [Element] {
      let count = entry.count
      guard count <= FileReader.memoryLimit / MemoryLayout<Element>.stride else {
        throw failure("tensor '\(entry.name)' with its \(count) elements needs more than half of this machine's memory")
      }
      return try [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
        try fill(UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
        initialized = count
      }
    }

    private func readIntegers<Result>(
      _ part: Part, into target: UnsafeMutableBufferPointer<Result>, _ convert: (Int64) -> Result
    ) throws {
      switch part.entry.type {
      case .int64: try read(part, into: target) { (bits: UInt64) in convert(Int64(bitPattern: bits)) }
      case .int32: try read(part, into: target) { (bits: UInt32) in convert(Int64(Int32(bitPattern: bits))) }
      case .int16: try read(part, into: target) { (bits: UInt16) in convert(Int64(Int16(bitPattern: bits))) }
      case .int8: try read(part, into: target) { (bits: UInt8) in convert(Int64(Int8(bitPattern: bits))) }
      case .boolean: try read(part, into: target) { (bits: UInt8) in convert(bits == 0 ? 0 : 1) }
      case .uint8, .float64, .float32, .float16, .brainFloat16:
        try read(part, into: target) { (bits: UInt8) in convert(Int64(bits)) }
      }
    }

    /// Reads a piece at a time, so that a wide type needs no second copy of all its bytes.
    private func read<Bits: FixedWidthInteger, Result>(
      _ part: Part, into target: UnsafeMutableBufferPointer<Result>, _ convert: (Bits) -> Result
    ) throws {
      let piece = 1 << 16
      var bits = [Bits](repeating: 0, count: min(target.count, piece))
      for start in stride(from: 0, to: target.count, by: piece) {
        let length = min(piece, target.count - start)
        try bits.withUnsafeMutableBytes {
          try reader.read(
            into: .init(rebasing: $0[..<(length * MemoryLayout<Bits>.size)]),
            at: offset(of: part) + start * MemoryLayout<Bits>.size)
        }
        for index in 0..<length {
          target.initializeElement(at: start + index, to: convert(Bits(littleEndian: bits[index])))
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
