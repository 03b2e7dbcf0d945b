import Datasets
import Language

/// A trigger set as a script holds it.
struct TriggersObject: ObjectValue {
  let triggers: TriggerSet

  var kindName: String { "a trigger set" }
  var fieldNames: [String] { [triggers.clouds == nil ? "images" : "points", "labels", "sha256"] }
  var count: Int? { triggers.count }

  func describe() -> String {
    let shape =
      switch triggers.content {
      case .images(let images): images.shape
      case .clouds(let clouds): clouds.shape
      }
    return "\(triggers.count) triggers \(shape), sha256 \(triggers.sha256.prefix(12))…"
  }

  func field(_ name: String) throws -> Value? {
    if name == "sha256" { return .text(triggers.sha256) }
    guard fieldNames.contains(name) else { return nil }
    return switch triggers.content {
    case .images(let images): try ImagesObject(images: images).field(name)
    case .clouds(let clouds): try CloudsObject(clouds: clouds).field(name)
    }
  }
}
