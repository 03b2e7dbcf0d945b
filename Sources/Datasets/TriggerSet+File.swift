import Files

// A trigger set in a safetensors file: `images` U8 [count, channels, height, width] or `points` F32 [count, points, 3],
// `labels` I64 [count], and the rest as JSON under the metadata key `passbook`.

extension TriggerSet {
  static let format = "triggers/1"
  private static let metadataKey = "passbook"

  /// Whether a file says that it holds a trigger set.
  public static func isTriggerSet(_ file: Safetensors.File) -> Bool {
    file.metadata[metadataKey].flatMap { try? JSON(parsing: $0) }?["format"] == .string(format)
  }

  /// Writes the set; readable by its owner alone, since triggers that are known can be trained away.
  public func save(to path: String) throws {
    var record: [JSON.Member] = [
      .init("classes", .array(classNames.map { .string($0) })), .init("format", .string(Self.format)),
      .init("sha256", .string(sha256)),
    ]
    let samples: Safetensors.Tensor
    switch content {
    case .images(let images):
      samples = .bytes("images", shape: [images.count] + images.shape, images.pixels)
    case .clouds(let clouds):
      record.append(.init("up", .string(clouds.up.rawValue)))
      samples = .floats("points", shape: [clouds.count] + clouds.shape, clouds.coordinates.values)
    }
    try Safetensors.write(
      [samples, .integers("labels", shape: [count], labels.map(Int64.init))],
      metadata: [Self.metadataKey: JSON.object(record).text()], to: path, permissions: 0o600)
  }

  /// Reads a set that `save` wrote.
  ///
  /// - Throws: `DatasetError` where parts do not fit each other, or are not those whose SHA-256 the file names;
  ///   `FileError`.
  public init(_ file: Safetensors.File) throws {
    guard let text = file.metadata[Self.metadataKey], let record = try? JSON(parsing: text),
      record["format"] == .string(Self.format), case .array(let names)? = record["classes"],
      case .string(let checksum)? = record["sha256"]
    else { throw DatasetError.request("the file holds no trigger set; save(triggers, path) writes one") }
    let classNames = try names.map { name in
      guard case .string(let name) = name else { throw DatasetError.request("a class of the trigger set has no name") }
      return name
    }
    let set = try TriggerSet(
      content: Self.content(of: file, record, labels: Self.labels(in: file), classNames: classNames))
    guard set.count > 0 else { throw DatasetError.request("the trigger set is empty") }
    guard set.sha256 == checksum else {
      throw DatasetError.request(
        "the trigger set was changed after it was saved: its SHA-256 is \(set.sha256.prefix(12))…, "
          + "and the file names \(checksum.prefix(12).filter(\.isASCII))…; take a copy that is sound")
    }
    self = set
  }

  private init(content: Content) { self.content = content }

  private static func content(
    of file: Safetensors.File, _ record: JSON, labels: [Int32], classNames: [String]
  ) throws -> Content {
    if let shape = file.entry("images")?.shape {
      guard shape.count == 4, shape[0] == labels.count else {
        throw DatasetError.request("the images of the trigger set are not [\(labels.count), channels, height, width]")
      }
      return .images(
        try ImageSet(
          pixels: file.bytes("images"), labels: labels, channels: shape[1], height: shape[2], width: shape[3],
          classNames: classNames))
    }
    guard let entry = file.entry("points"), entry.shape.count == 3, entry.shape[0] == labels.count, entry.shape[2] == 3,
      entry.type == .float32, case .string(let name)? = record["up"], let up = UpAxis(rawValue: name)
    else {
      throw DatasetError.request("the trigger set has neither images nor points [\(labels.count), points, 3]")
    }
    let coordinates = try file.floats("points")
    guard coordinates.allSatisfy(\.isFinite) else {
      throw DatasetError.request("a point of the trigger set is no number")
    }
    return .clouds(
      try PointSet(
        coordinates: coordinates, labels: labels, pointCount: entry.shape[1], classNames: classNames, up: up))
  }

  private static func labels(in file: Safetensors.File) throws -> [Int32] {
    guard file.entry("labels")?.shape.count == 1 else {
      throw DatasetError.request("the labels of the trigger set are no list of whole numbers")
    }
    return try file.integers("labels").map { label in
      guard let label = Int32(exactly: label) else { throw DatasetError.request("label \(label) names no class") }
      return label
    }
  }
}
