extension Safetensors {
  /// A tensor to be written: a name, a shape, and how to produce its bytes.
  public struct Tensor {
    public let name: String
    public let type: ElementType
    public let shape: [Int]
    let body: (AtomicFile.Sink) throws -> Void

    /// A tensor whose `body` writes all elements in row-major order, little-endian, without a copy of the whole.
    public init(_ name: String, _ type: ElementType, shape: [Int], body: @escaping (AtomicFile.Sink) throws -> Void) {
      self.name = name
      self.type = type
      self.shape = shape
      self.body = body
    }

    /// A tensor of type F32.
    public static func floats(_ name: String, shape: [Int], _ values: [Float]) -> Tensor {
      Tensor(name, .float32, shape: shape) { sink in try values.withUnsafeBytes { try sink.write($0) } }
    }

    /// A tensor of type I64.
    public static func integers(_ name: String, shape: [Int], _ values: [Int64]) -> Tensor {
      Tensor(name, .int64, shape: shape) { sink in try values.withUnsafeBytes { try sink.write($0) } }
    }

    /// A tensor of type U8.
    public static func bytes(_ name: String, shape: [Int], _ values: [UInt8]) -> Tensor {
      Tensor(name, .uint8, shape: shape) { try $0.write(values) }
    }
  }

  /// Writes tensors and metadata to `path` atomically; the same contents give the same bytes.
  ///
  /// As the Python package does, wide types go first and names are sorted within a type, so that all data is aligned.
  /// Throws `FileError` for names given twice, and for values that do not fill their shape.
  public static func write(
    _ tensors: [Tensor], metadata: [String: String] = [:], to path: String, permissions: UInt32? = nil
  ) throws {
    let ordered = tensors.sorted { ($1.type.size, $0.name) < ($0.type.size, $1.name) }
    let header = try header(of: ordered, metadata: metadata, path: path)
    try AtomicFile.write(to: path, permissions: permissions) { sink in
      try sink.write(header)
      for tensor in ordered {
        let start = sink.count
        try tensor.body(sink)
        let expected = size(of: tensor.shape, tensor.type)?.bytes
        guard sink.count - start == expected else {
          throw FileError(
            path: path, reason: "tensor '\(tensor.name)' of shape \(tensor.shape) has \(sink.count - start) bytes")
        }
      }
    }
  }

  /// The length and the header, padded with spaces to a multiple of eight bytes.
  private static func header(of tensors: [Tensor], metadata: [String: String], path: String) throws -> [UInt8] {
    var members: [JSON.Member] = []
    if !metadata.isEmpty {
      let strings = metadata.sorted { $0.key < $1.key }.map { JSON.Member($0.key, .string($0.value)) }
      members.append(JSON.Member(metadataName, .object(strings)))
    }
    var names: Set<String> = [metadataName]
    var end = 0
    for tensor in tensors {
      guard names.insert(tensor.name).inserted else {
        throw FileError(path: path, reason: "the name '\(tensor.name)' is taken; give each tensor its own")
      }
      let (next, overflow) = end.addingReportingOverflow(size(of: tensor.shape, tensor.type)?.bytes ?? .max)
      guard !overflow, next < .max else {
        throw FileError(path: path, reason: "tensor '\(tensor.name)': the shape \(tensor.shape) is too large")
      }
      let entry: [JSON.Member] = [
        JSON.Member("dtype", .string(tensor.type.rawValue)),
        JSON.Member("shape", .array(tensor.shape.map { .integer($0) })),
        JSON.Member("data_offsets", .array([.integer(end), .integer(next)])),
      ]
      members.append(JSON.Member(tensor.name, .object(entry)))
      end = next
    }
    var text = Array(try JSON.object(members).text().utf8)
    text += [UInt8](repeating: 0x20, count: -text.count & 7)
    guard text.count <= largestHeader else {
      throw FileError(path: path, reason: "the header would have \(text.count) bytes, the limit is \(largestHeader)")
    }
    return (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text
  }
}
