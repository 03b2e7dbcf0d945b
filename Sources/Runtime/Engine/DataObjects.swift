import Datasets
import Language
import Tensors
import Training

/// Labelled samples as a script holds them: one half of a data set, or a part of it.
protocol SplitObject: ObjectValue {
  var classNames: [String] { get }
  /// Whether training augments.
  var augments: Bool { get }
  /// What training and prediction read.
  var samples: any Samples { get }
  /// How many samples there are.
  var sampleCount: Int { get }

  /// The samples at these positions, in that order.
  func selecting(_ positions: [Int]) throws -> Self
  /// One sample as a record.
  func sample(_ position: Int) throws -> Value
}

extension SplitObject {
  var count: Int? { sampleCount }

  /// A record for a number, a split for anything that stands for several samples.
  func element(at indices: [IndexValue]) throws -> Value? {
    guard indices.count == 1 else { return nil }
    if case .value(.number(let number, _)) = indices[0] {
      return try sample(Value.position(number, in: sampleCount, of: .object(self)))
    }
    return .object(try selecting(Value.positions(indices[0], in: sampleCount, of: .object(self))))
  }
}

/// Labelled images as a script holds them.
struct ImagesObject: SplitObject {
  let images: ImageSet
  /// Values 0…1 instead of normalised ones.
  var isRaw = false
  /// Whether training crops and flips.
  var augments = false

  var kindName: String { "a split" }
  var fieldNames: [String] { ["images", "labels", "classes", "counts"] }
  var sampleCount: Int { images.count }
  var classNames: [String] { images.classNames }
  var shapeText: String { "\([images.count] + images.shape)" }
  var byteCount: Int? { images.pixels.count }

  func describe() -> String {
    let note = (isRaw ? ", raw" : "") + (augments ? ", augmented" : "")
    return "\(images.count.grouped) images \(images.sampleShape) of \(images.classNames.count) classes\(note)"
  }

  func field(_ name: String) throws -> Value? {
    switch name {
    case "images": .object(TensorObject(try samples.batch(Array(0..<images.count), draws: nil)))
    case "labels": try .list(images.labels.map { .integer(Int($0)) })
    case "classes": try .list(images.classNames.map(Value.text))
    case "counts": try .list(images.classCounts.map(Value.integer))
    default: nil
    }
  }

  func sample(_ position: Int) throws -> Value {
    try .record([
      "image": .object(TensorObject(try samples.batch([position], draws: nil).reshaped(to: images.sampleShape))),
      "label": .integer(Int(images.labels[position])),
    ])
  }

  func selecting(_ positions: [Int]) throws -> ImagesObject {
    ImagesObject(images: try images.selecting(positions), isRaw: isRaw, augments: augments)
  }

  var samples: any Samples { isRaw ? RawImages(images: images) : images }
}

/// Images as values 0…1.
private struct RawImages: Samples {
  let images: ImageSet

  var count: Int { images.count }
  var sampleShape: Shape { images.sampleShape }
  var labels: [Int32] { images.labels }

  func write(
    _ positions: [Int], draws: [AugmentationDraw]?, to destination: UnsafeMutablePointer<Float>
  ) throws {
    try images.fill(positions, into: destination, draws: draws, raw: true)
  }
}

extension Dataset {
  /// The record that data natives give: `{train, test, classes, provenance}`.
  func value(isRaw: Bool) throws -> Value {
    try .record([
      "train": .object(ImagesObject(images: train, isRaw: isRaw)),
      "test": .object(ImagesObject(images: test, isRaw: isRaw)),
      "classes": try .list(classNames.map(Value.text)),
      "provenance": try provenance.value(),
    ])
  }
}

extension PointDataset {
  /// The record that data natives give: `{train, test, classes, provenance}`.
  func value() throws -> Value {
    try .record([
      "train": .object(CloudsObject(clouds: train, provenance: provenance)),
      "test": .object(CloudsObject(clouds: test, provenance: provenance)),
      "classes": try .list(classNames.map(Value.text)), "provenance": try provenance.value(),
    ])
  }
}

extension Provenance {
  /// The record `{source, official, sha256, counts, note}`.
  func value() throws -> Value {
    let files = try files.map { file in
      try Value.record([
        "name": .text(file.name), "bytes": .integer(file.length), "sha256": .text(file.sha256),
      ])
    }
    return try .record([
      "source": .text(source), "official": .boolean(official), "sha256": try .list(files),
      "counts": try .record(["train": .integer(counts.train), "test": .integer(counts.test)]), "note": .text(note),
    ])
  }
}

extension NativeCall {
  /// The samples that an argument stands for: a split, a data record's half, triggers, or `{images, labels}`; also
  /// `{points, labels}` with points [clouds, points, 3], which networks take as [clouds, 3, points].
  func samples(_ label: String, half: String) throws -> any Samples {
    switch value(label) {
    case .object(let object as any SplitObject): return object.samples
    case .object(let object as TriggersObject): return object.triggers.samples
    case .record(let record):
      if let part = record[half], case .object(let object as any SplitObject) = part { return object.samples }
      if case .record(let part)? = record[half], let samples = try samples(of: part, argument: label) { return samples }
      if let samples = try samples(of: record, argument: label) { return samples }
      fallthrough
    default:
      throw mismatch(label, expected: "data, a split such as data.\(half), {images, labels} or {points, labels}")
    }
  }

  /// The names of the classes where the data has names, else none.
  func classNames(_ label: String, half: String) -> [String] {
    switch value(label) {
    case .object(let object as any SplitObject): return object.classNames
    case .object(let object as TriggersObject): return object.triggers.classNames
    case .record(let record):
      if case .object(let object as any SplitObject)? = record[half] { return object.classNames }
      guard case .list(let names)? = record["classes"] else { return [] }
      return names.elements.map(\.display)
    default: return []
    }
  }

  private func samples(of record: Record, argument: String) throws -> TensorSamples? {
    guard let labels = record["labels"] else { return nil }
    if let images = record["images"], let tensor = try TensorObject.tensor(from: images) {
      return try TensorSamples(tensor, labels: classLabels(labels, argument: argument))
    }
    guard let points = record["points"], let tensor = try TensorObject.tensor(from: points) else { return nil }
    guard tensor.rank == 3, tensor.shape[2] == 3 else {
      throw fail("points have the shape [clouds, points, 3], not \(tensor.shape)", argument: argument)
    }
    return try TensorSamples(tensor.transposed([0, 2, 1]), labels: classLabels(labels, argument: argument))
  }

  private func classLabels(_ value: Value, argument: String) throws -> [Int32] {
    try value.elements().map { element in
      guard case .number(let number, _) = element, let label = Int32(exactly: number) else {
        throw fail("labels are whole numbers, not \(element.display)", argument: argument)
      }
      return label
    }
  }
}
