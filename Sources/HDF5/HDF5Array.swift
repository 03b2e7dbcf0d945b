import CHDF5

/// One dataset of an HDF5 file: a name, a type, a shape, and the elements in little-endian byte order.
public struct HDF5Array: Sendable, Equatable {
  /// The types that are read; the raw values are those of the messages.
  public enum Element: UInt8, Sendable, CaseIterable {
    case float32 = 1
    case float64, int8, uint8, int16, uint16, int32, uint32, int64, uint64

    /// Bytes of one element.
    public var size: Int {
      switch self {
      case .int8, .uint8: 1
      case .int16, .uint16: 2
      case .float32, .int32, .uint32: 4
      case .float64, .int64, .uint64: 8
      }
    }

    public var isFloat: Bool { self == .float32 || self == .float64 }
  }

  public let name: String
  public let element: Element
  /// One to four axes, the last one running fastest; an axis may be empty.
  public let shape: [Int]
  /// As many as shape and type ask for.
  public let bytes: [UInt8]

  /// Nil where the bytes do not fill the shape.
  init?(name: String, element: Element, shape: [Int], bytes: [UInt8]) {
    guard Self.byteCount(element, shape) == bytes.count else { return nil }
    self.name = name
    self.element = element
    self.shape = shape
    self.bytes = bytes
  }

  public var count: Int { bytes.count / element.size }

  /// All elements as float32; those of 64 bits are rounded.
  public func floats() -> [Float] {
    switch element {
    case .float32: loaded(UInt32.self).map { Float(bitPattern: UInt32(littleEndian: $0)) }
    case .float64: loaded(UInt64.self).map { Float(Double(bitPattern: UInt64(littleEndian: $0))) }
    default: integers().map { $0.map(Float.init) ?? .infinity }
    }
  }

  /// All elements as whole numbers; nil for those that are none, or beyond 64 bits with sign.
  public func integers() -> [Int?] {
    switch element {
    case .float32, .float64: floats().map { Int(exactly: $0) }
    case .int8: loaded(Int8.self).map(Int.init)
    case .uint8: loaded(UInt8.self).map(Int.init)
    case .int16: loaded(Int16.self).map { Int(Int16(littleEndian: $0)) }
    case .uint16: loaded(UInt16.self).map { Int(UInt16(littleEndian: $0)) }
    case .int32: loaded(Int32.self).map { Int(Int32(littleEndian: $0)) }
    case .uint32: loaded(UInt32.self).map { Int(UInt32(littleEndian: $0)) }
    case .int64: loaded(Int64.self).map { Int(Int64(littleEndian: $0)) }
    case .uint64: loaded(UInt64.self).map { Int(exactly: UInt64(littleEndian: $0)) }
    }
  }

  private func loaded<Number: BitwiseCopyable>(_ type: Number.Type) -> [Number] {
    bytes.withUnsafeBytes { bytes in
      (0..<count).map { bytes.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Number>.size, as: type) }
    }
  }

  /// The bytes of an array; nil where it has no or too many axes, or where the number is beyond all memory.
  static func byteCount(_ element: Element, _ shape: [Int]) -> Int? {
    guard (1...chdf5_most_axes).contains(shape.count) else { return nil }
    return shape.reduce(element.size) { size, axis -> Int? in
      guard let size, axis >= 0, case let (product, overflow) = size.multipliedReportingOverflow(by: axis) else {
        return nil
      }
      return overflow ? nil : product
    }
  }
}
