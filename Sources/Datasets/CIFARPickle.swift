/// The dictionaries of the Python version: `data`, an array [records, 3072], and lists of labels; or class names.
enum CIFARPickle {
  /// The pixels and the kept labels of a file, which holds at most `limit` records.
  static func records(
    _ bytes: [UInt8], of release: CIFARRelease, path: String, limit: Int
  ) throws -> (pixels: [UInt8], labels: [Int32]) {
    let dictionary = try dictionary(bytes, path: path)
    guard case .array(let data)? = dictionary["data"], data.shape.count == 2,
      data.shape[1] == CIFARRecords.pixelLength
    else { throw unexpected(path, "an array 'data' of \(CIFARRecords.pixelLength) values a record") }
    guard (1...limit).contains(data.shape[0]) else {
      throw unexpected(path, "1 to \(limit) records, not \(data.shape[0])")
    }
    guard case .list(let values)? = dictionary[release.labelsKey], values.count == data.shape[0] else {
      throw unexpected(path, "a list '\(release.labelsKey)' of \(data.shape[0]) labels, one for each record")
    }
    let classes = release.labelBytes[release.keptLabel].classes
    let labels = try values.enumerated().map { index, value in
      guard case .integer(let label) = value, (0..<classes).contains(label) else {
        throw unexpected(path, "numbers of 0 to \(classes - 1) as '\(release.labelsKey)'; number \(index) is none")
      }
      return Int32(label)
    }
    return (Array(data.bytes), labels)
  }

  /// The class names of a file of them.
  static func names(_ bytes: [UInt8], of release: CIFARRelease, path: String) throws -> [String] {
    guard case .list(let values)? = try dictionary(bytes, path: path)[release.namesKey],
      values.count == release.classNames.count
    else { throw unexpected(path, "a list '\(release.namesKey)' of \(release.classNames.count) class names") }
    return try values.map { value in
      guard case .text(let text) = value, text.count <= 100 else {
        throw unexpected(path, "texts of at most 100 bytes as class names")
      }
      return String(decoding: text, as: UTF8.self)
    }
  }

  private static func dictionary(_ bytes: [UInt8], path: String) throws -> [String: Pickle.Value] {
    guard case .dictionary(let dictionary) = try Pickle.read(bytes, path: path) else {
      throw unexpected(path, "a dictionary")
    }
    return dictionary
  }

  private static func unexpected(_ path: String, _ expected: String) -> DatasetError {
    .unreadable(path: path, reason: "expected \(expected); the file is damaged or of another data set")
  }
}
