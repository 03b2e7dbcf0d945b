/// The file format of the Python package `safetensors`: named tensors behind a JSON header.
///
/// Eight bytes with the length of the header (little-endian), the header, then the data without gaps.
public enum Safetensors {
  /// The largest header that is read, in bytes; the Python package has the same limit.
  public static let largestHeader = 100_000_000
  /// The most axes of one tensor.
  public static let mostAxes = 64
  /// The member of the header that maps names to strings and is no tensor.
  static let metadataName = "__metadata__"

  /// The type of a tensor's elements, named as in the header.
  public enum ElementType: String, CaseIterable, Sendable {
    case float64 = "F64"
    case float32 = "F32"
    case float16 = "F16"
    case brainFloat16 = "BF16"
    case int64 = "I64"
    case int32 = "I32"
    case int16 = "I16"
    case int8 = "I8"
    case uint8 = "U8"
    case boolean = "BOOL"

    /// Bytes of one element.
    public var size: Int {
      switch self {
      case .float64, .int64: 8
      case .float32, .int32: 4
      case .float16, .brainFloat16, .int16: 2
      case .int8, .uint8, .boolean: 1
      }
    }

    /// Whether the elements are whole numbers or truth values.
    public var isInteger: Bool {
      switch self {
      case .float64, .float32, .float16, .brainFloat16: false
      case .int64, .int32, .int16, .int8, .uint8, .boolean: true
      }
    }
  }

  /// One line of the header.
  public struct Entry: Equatable, Sendable {
    public let name: String
    public let type: ElementType
    /// Extents, outermost first; empty for a single number.
    public let shape: [Int]
    /// Bytes of the data section that hold the elements, row-major and little-endian.
    public let range: Range<Int>

    /// Number of elements.
    public var count: Int { range.count / type.size }
  }

  /// The elements and bytes that a shape asks for; `nil` where an extent is negative or the product overflows.
  static func size(of shape: [Int], _ type: ElementType) -> (count: Int, bytes: Int)? {
    guard shape.count <= mostAxes, shape.allSatisfy({ $0 >= 0 }) else { return nil }
    if shape.contains(0) { return (0, 0) }
    var count = 1
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      if overflow { return nil }
      count = product
    }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: type.size)
    return overflow ? nil : (count, bytes)
  }
}
