/// IDX files of unsigned bytes, plain or compressed with gzip, as MNIST and Fashion-MNIST come.
///
/// Big-endian: two zero bytes, the type (8: unsigned byte), the number of dimensions, one 32-bit size for each, data.
enum IDX {
  struct Contents {
    let sizes: [Int]
    let bytes: [UInt8]
  }

  private static let mostBytes = 1 << 30

  /// The sizes and the bytes of a file of `dimensions` dimensions.
  static func read(_ path: String, dimensions: Int) throws -> Contents {
    let archive = try ArchiveReader(path: path, format: .stream)
    guard try archive.next() != nil else { throw malformed(path, 0, "an IDX file", "an empty file") }
    let headerLength = 4 + 4 * dimensions
    var bytes: [UInt8] = []
    var sizes: [Int]?
    var expected = mostBytes
    try archive.stream { piece in
      bytes.append(contentsOf: piece)
      if sizes == nil, bytes.count >= headerLength {
        let found = try header(bytes, dimensions: dimensions, path: path)
        expected = found.length
        sizes = found.sizes
        bytes.removeFirst(headerLength)
      }
      guard sizes == nil || bytes.count <= expected else {
        throw malformed(path, headerLength + expected, "the end after \(expected) bytes of data", "more bytes")
      }
    }
    guard let sizes, bytes.count == expected else {
      throw malformed(
        path, bytes.count + (sizes == nil ? 0 : headerLength),
        sizes == nil ? "a header of \(headerLength) bytes" : "\(expected) bytes of data", "the end of the file")
    }
    return Contents(sizes: sizes, bytes: bytes)
  }

  /// Images of [count, height, width] and their labels, as one grey set.
  static func images(_ imagePath: String, labels labelPath: String, classNames: [String]) throws -> ImageSet {
    let images = try read(imagePath, dimensions: 3)
    let labels = try read(labelPath, dimensions: 1)
    guard images.sizes[0] == labels.sizes[0] else {
      throw malformed(
        labelPath, 4, "\(images.sizes[0]) labels, one for each image of \(imagePath)", "\(labels.sizes[0])")
    }
    if let bad = labels.bytes.firstIndex(where: { Int($0) >= classNames.count }) {
      throw DatasetError.badLabel(
        path: labelPath, offset: 8 + bad, record: bad, label: Int(labels.bytes[bad]), kind: "label",
        classes: classNames.count)
    }
    return try ImageSet(
      pixels: images.bytes, labels: labels.bytes.map(Int32.init), channels: 1, height: images.sizes[1],
      width: images.sizes[2], classNames: classNames)
  }

  private static func header(
    _ bytes: [UInt8], dimensions: Int, path: String
  ) throws -> (sizes: [Int], length: Int) {
    guard bytes.starts(with: [0, 0, 8, UInt8(dimensions)]) else {
      throw malformed(
        path, 0, "the bytes 0 0 8 \(dimensions) of an IDX file of unsigned bytes in \(dimensions) dimensions",
        bytes.prefix(4).map(String.init).joined(separator: " "))
    }
    var length = 1
    let sizes = (0..<dimensions).map { dimension in
      bytes[(4 + 4 * dimension)..<(8 + 4 * dimension)].reduce(0) { $0 << 8 | Int($1) }
    }
    for (dimension, size) in sizes.enumerated() {
      let (product, overflow) = length.multipliedReportingOverflow(by: size)
      guard size > 0, !overflow, product <= mostBytes else {
        throw malformed(
          path, 4 + 4 * dimension, "sizes that make 1 to \(mostBytes) bytes of data",
          sizes.map(String.init).joined(separator: " x "))
      }
      length = product
    }
    return (sizes, length)
  }

  private static func malformed(_ path: String, _ offset: Int, _ expected: String, _ found: String) -> DatasetError {
    .malformed(path: path, offset: offset, expected: expected, found: found)
  }
}
