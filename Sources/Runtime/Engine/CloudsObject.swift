import Datasets
import Language
import Tensors
import Training

/// Labelled clouds of points as a script holds them.
struct CloudsObject: SplitObject {
  let clouds: PointSet
  /// What training does to them; none for the clouds as they are.
  var augmentation: PointAugmentation?
  /// Where they come from; none for clouds that a script made.
  var provenance: Provenance?

  var kindName: String { "a split" }
  var fieldNames: [String] { ["points", "labels", "classes", "counts", "provenance"] }
  var sampleCount: Int { clouds.count }
  var classNames: [String] { clouds.classNames }
  var augments: Bool { augmentation != nil }
  var samples: any Samples { CloudSamples(clouds, augmentation: augmentation ?? .released) }
  var shapeText: String { "\([clouds.count] + clouds.shape)" }
  /// A mapped file takes no memory of its own.
  var byteCount: Int? { clouds.coordinates.isMapped ? 0 : clouds.coordinates.count * MemoryLayout<Float>.stride }

  func describe() -> String {
    let note = augments ? ", augmented" : ""
    return "\(clouds.count.grouped) clouds \(clouds.shape) of \(classNames.count) classes\(note)"
  }

  func field(_ name: String) throws -> Value? {
    switch name {
    case "points":
      .object(TensorObject(try Tensor(clouds.coordinates.values, shape: [clouds.count, clouds.pointCount, 3])))
    case "labels": try .list(clouds.labels.map { .integer(Int($0)) })
    case "classes": try .list(classNames.map(Value.text))
    case "counts": try .list(clouds.classCounts.map(Value.integer))
    case "provenance": try provenance?.value() ?? Value.none
    default: nil
    }
  }

  func sample(_ position: Int) throws -> Value {
    let points = try clouds.selecting([position]).coordinates.values
    return try .record([
      "points": .object(TensorObject(try Tensor(points, shape: [clouds.pointCount, 3]))),
      "label": .integer(Int(clouds.labels[position])), "up": .text(clouds.up.rawValue),
    ])
  }

  func selecting(_ positions: [Int]) throws -> CloudsObject {
    CloudsObject(
      clouds: try clouds.selecting(positions), augmentation: augmentation, provenance: provenance)
  }
}

extension Value {
  /// The clouds that this is, if it is any.
  var cloudsObject: CloudsObject? {
    guard case .object(let object) = self else { return nil }
    return object as? CloudsObject
  }
}
