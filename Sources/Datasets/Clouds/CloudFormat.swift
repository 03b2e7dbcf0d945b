import Tensors

/// The formats of one cloud or mesh in a file, told by the ending of its name.
enum CloudFormat: CaseIterable {
  case off, obj, rows, array

  /// More than any published mesh has; what is larger is refused before it is read.
  static let longestFile = 1 << 27

  var endings: [String] {
    switch self {
    case .off: ["off"]
    case .obj: ["obj"]
    case .rows: ["txt", "pts", "xyz"]
    case .array: ["npy"]
    }
  }

  init?(ofFile path: String) {
    let name = path.lowercased()
    guard let format = Self.allCases.first(where: { $0.endings.contains { name.hasSuffix("." + $0) } }) else {
      return nil
    }
    self = format
  }

  /// The cloud in the bytes of a file.
  func cloud(_ bytes: [UInt8], path: String, _ sampling: Sampling, _ stream: inout RandomStream) throws -> [Point] {
    switch self {
    case .off: try Self.sample(OFF.read(bytes, path: path), path, sampling, &stream)
    case .obj: try Self.sample(OBJ.read(bytes, path: path), path, sampling, &stream)
    case .rows: sampling.choose(from: try PointRows.read(bytes, path: path, limit: sampling.rowLimit), &stream)
    case .array: sampling.choose(from: try NPY.read(bytes, path: path, limit: sampling.rowLimit), &stream)
    }
  }

  private static func sample(
    _ mesh: Mesh, _ path: String, _ sampling: Sampling, _ stream: inout RandomStream
  ) throws -> [Point] {
    do {
      return try sampling.choose(from: mesh, &stream)
    } catch let DatasetError.request(reason) {
      throw DatasetError.unreadable(path: path, reason: reason)
    }
  }
}
