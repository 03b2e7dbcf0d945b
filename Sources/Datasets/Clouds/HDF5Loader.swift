import Files
import HDF5
import Tensors

/// Reads HDF5 files of clouds, `data` [clouds, points, 3 or more] and `label` [clouds] or [clouds, 1].
///
/// The clouds are taken as they are: whoever made the releases has moved and scaled them.
struct HDF5Loader {
  private let reader: HDF5Reader
  private let tree: FileTree
  private let sampling: Sampling
  private let classNames: [String]
  /// Clouds of the release: what progress is measured against.
  private let expected: Int
  private let progress: LoadingProgress
  private var done = 0
  /// The files that were read from a folder, in their order.
  private(set) var files: [Provenance.File] = []
  /// The MD5 sum of each file by its base name.
  private(set) var md5: [String: String] = [:]

  /// Clouds that are sampled between two looks at Ctrl-C.
  private static let block = 64

  init(
    _ reader: HDF5Reader, _ tree: FileTree, _ sampling: Sampling, classNames: [String], expected: Int,
    progress: @escaping LoadingProgress
  ) {
    self.reader = reader
    self.tree = tree
    self.sampling = sampling
    self.classNames = classNames
    self.expected = expected
    self.progress = progress
  }

  /// The clouds of these files in their order; a file of more than `limit` bytes throws.
  mutating func load(_ paths: [String], limit: Int) throws -> PointSet {
    var parts = [(coordinates: [Float], labels: [Int32])?](repeating: nil, count: paths.count)
    var count = 0
    try tree.forEachBatch(of: paths, limit: limit, poll: report) { batch in
      for (position, bytes) in batch {
        let file = try FileContents(paths[position], bytes, reader, tree, poll: report)
        count += file.labels.count
        try PointSet.check(count: count, pointCount: sampling.points)
        parts[position] = (try sampled(file), try file.labels(below: classNames.count))
        let name = FilePath.baseName(paths[position])
        md5[name] = Checksum.md5(of: bytes)
        files.append(.init(name: paths[position], length: bytes.count, sha256: Checksum.sha256(of: bytes)))
      }
    }
    var coordinates: [Float] = []
    var labels: [Int32] = []
    coordinates.reserveCapacity(3 * count * sampling.points)
    for position in parts.indices {
      guard let part = parts[position] else { continue }
      parts[position] = nil
      coordinates.append(contentsOf: part.coordinates)
      labels.append(contentsOf: part.labels)
    }
    return PointSet(
      checked: coordinates, labels: labels, pointCount: sampling.points, classNames: classNames, up: .y)
  }

  private func report() throws { try progress(done, max(done, expected)) }

  /// As many points of each cloud as are wanted, [clouds, points, 3].
  private mutating func sampled(_ file: FileContents) throws -> [Float] {
    let length = 3 * sampling.points
    var coordinates = [Float](repeating: 0, count: file.labels.count * length)
    for start in stride(from: 0, to: file.labels.count, by: Self.block) {
      let clouds = start..<min(start + Self.block, file.labels.count)
      try coordinates.withUnsafeMutableBufferPointer { coordinates in
        // Each cloud writes to its own part.
        try Parallelism.forEachBlock(clouds.count, of: 1) { block in
          let cloud = clouds.lowerBound + block.lowerBound
          var stream = sampling.stream(of: "\(FilePath.baseName(file.path))/\(cloud)")
          for (index, point) in sampling.choose(from: file.points(of: cloud), &stream).enumerated() {
            for axis in 0..<3 { coordinates[cloud * length + 3 * index + axis] = point[axis] }
          }
        }
      }
      done += clouds.count
      try report()
    }
    return coordinates
  }
}

/// One file of clouds, its shapes and numbers checked.
private struct FileContents {
  let path: String
  let labels: [Int?]
  private let name: String
  private let numbers: [Float]
  private let pointCount: Int
  private let columns: Int

  init(_ path: String, _ bytes: [UInt8], _ reader: HDF5Reader, _ tree: FileTree, poll: () throws -> Void) throws {
    self.path = path
    name = tree.name(of: path)
    let arrays: [HDF5Array]
    do {
      arrays = try reader.arrays(["data", "label"], in: bytes, poll: poll)
    } catch let error as HDF5Error {
      throw DatasetError.unreadable(path: name, reason: "\(error)")
    }
    let (data, label) = (arrays[0], arrays[1])
    guard data.element.isFloat, data.shape.count == 3, data.shape[1] >= 1, data.shape[2] >= 3 else {
      throw DatasetError.unreadable(
        path: name, reason: "'data' must be floats of the shape [clouds, points, 3], not \(data.element) \(data.shape)")
    }
    guard !label.element.isFloat, label.count == data.shape[0], label.shape.dropFirst().allSatisfy({ $0 == 1 }) else {
      throw DatasetError.unreadable(
        path: name, reason: "'label' must be \(data.shape[0]) whole numbers, one for each cloud of 'data', not "
          + "\(label.element) \(label.shape)")
    }
    pointCount = data.shape[1]
    columns = data.shape[2]
    numbers = data.floats()
    labels = label.integers()
    if let bad = numbers.firstIndex(where: { !$0.isFinite }) {
      throw DatasetError.unreadable(
        path: name, reason: "cloud \(bad / (pointCount * columns)) of 'data' holds \(numbers[bad]), which is no place")
    }
  }

  func labels(below count: Int) throws -> [Int32] {
    try labels.enumerated().map { cloud, label in
      guard let label, (0..<count).contains(label) else {
        let found = label.map { "\($0)" } ?? "beyond 64 bits"
        throw DatasetError.unreadable(
          path: name, reason: "the label of cloud \(cloud) is \(found); expected 0 to \(count - 1)")
      }
      return Int32(label)
    }
  }

  func points(of cloud: Int) -> [Point] {
    (0..<pointCount).map { point in
      let place = (cloud * pointCount + point) * columns
      return Point(numbers[place], numbers[place + 1], numbers[place + 2])
    }
  }
}
