extension Safetensors {
  /// What stands before the data.
  struct Header: Equatable, Sendable {
    /// The tensors in the order of their data.
    var entries: [Entry]
    var metadata: [String: String]
    /// Byte of the file at which the data starts.
    var dataStart: Int

    /// Reads and checks the header; throws `FileError` that names file, tensor and what was expected.
    init(_ reader: FileReader) throws {
      func failure(_ reason: String) -> FileError { FileError(path: reader.path, reason: reason) }

      guard reader.count >= 8 else {
        throw failure("the file has \(reader.count) bytes; a safetensors file starts with 8 bytes of length")
      }
      let length = try reader.bytes(at: 0, count: 8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      guard length <= largestHeader else {
        throw failure("the header would have \(length) bytes, over \(largestHeader); is this a safetensors file?")
      }
      guard length <= reader.count - 8 else {
        throw failure("the header has \(length) bytes, but only \(reader.count - 8) follow; the file is cut short")
      }
      dataStart = 8 + Int(length)
      let json: JSON
      do {
        json = try JSON(parsing: reader.bytes(at: 8, count: Int(length)))
      } catch let error as JSON.Failure {
        throw failure("the safetensors header is not as expected; \(error)")
      }
      guard case .object(let members) = json else { throw failure("the safetensors header is no JSON object") }
      entries = []
      metadata = [:]
      for member in members {
        if member.name == metadataName {
          metadata = try Self.metadata(member.value, failure)
        } else {
          entries.append(try Self.entry(member, failure))
        }
      }
      entries.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
      try checkData(size: reader.count - dataStart, failure)
    }

    /// Requires that the tensors cover the data one after the other, without gap or overlap.
    private func checkData(size: Int, _ failure: (String) -> FileError) throws {
      var end = 0
      for entry in entries {
        guard entry.range.lowerBound == end else {
          let fault = entry.range.lowerBound < end ? "overlaps the tensor before it" : "leaves a gap before it"
          throw failure(
            "tensor '\(entry.name)' \(fault); expected its data at byte \(end), found \(entry.range.lowerBound)")
        }
        end = entry.range.upperBound
        guard end <= size else {
          throw failure(
            "tensor '\(entry.name)' ends at byte \(end) of the data, which has \(size); the file is cut short")
        }
      }
      guard end == size else { throw failure("\(size - end) bytes follow the last tensor; expected none") }
    }

    private static func metadata(_ value: JSON, _ failure: (String) -> FileError) throws -> [String: String] {
      guard case .object(let members) = value else { throw failure("\(metadataName) is no JSON object") }
      var metadata: [String: String] = [:]
      for member in members {
        guard case .string(let text) = member.value else {
          throw failure("\(metadataName): expected a string for '\(member.name)'")
        }
        metadata[member.name] = text
      }
      return metadata
    }

    /// entry = { "dtype": string, "shape": [ count … ], "data_offsets": [ start, end ] }
    private static func entry(_ member: JSON.Member, _ failure: (String) -> FileError) throws -> Entry {
      func tensorFailure(_ reason: String) -> FileError { failure("tensor '\(member.name)': \(reason)") }

      guard case .object(let fields) = member.value, fields.count == 3,
        case .string(let typeName)? = member.value["dtype"],
        let shape = counts(member.value["shape"]), let offsets = counts(member.value["data_offsets"])
      else { throw tensorFailure("expected dtype and lists of whole numbers as shape and data_offsets") }
      guard let type = ElementType(rawValue: typeName) else {
        let known = ElementType.allCases.map(\.rawValue).joined(separator: ", ")
        throw tensorFailure("the dtype \(typeName) is not read; expected one of \(known)")
      }
      guard let size = size(of: shape, type) else {
        throw tensorFailure("the shape \(shape) is too large for any machine, or has over \(mostAxes) axes")
      }
      guard offsets.count == 2, offsets[0] <= offsets[1] else {
        throw tensorFailure("expected data_offsets [start, end], found \(offsets)")
      }
      guard offsets[1] - offsets[0] == size.bytes else {
        throw tensorFailure(
          "shape \(shape) of \(typeName) needs \(size.bytes) bytes; data_offsets give \(offsets[1] - offsets[0])")
      }
      return Entry(name: member.name, type: type, shape: shape, range: offsets[0]..<offsets[1])
    }

    private static func counts(_ value: JSON?) -> [Int]? {
      guard case .array(let values)? = value else { return nil }
      var counts: [Int] = []
      for value in values {
        guard case .integer(let count) = value, count >= 0 else { return nil }
        counts.append(count)
      }
      return counts
    }
  }
}
