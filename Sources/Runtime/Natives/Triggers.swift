import Datasets
import Language

/// Natives that make trigger sets.
let triggerNatives: [Native] = [
  Native(
    "triggers", area: "data",
    [
      .init("source", "split", "images or clouds of another kind than the training data"),
      .init("count", "number", default: "100", "how many are chosen"),
      .init("classes", "number", default: "10", "classes of the network that learns them"),
      .init("seed", "number", default: "none", "of the choice and of the labels"),
      .init("keep_labels", "true or false", default: "false", "take the samples' own labels instead of random ones"),
      .init(
        "without", "list or data", default: "none",
        "classes of the source, names or numbers, that none is taken from; or other data: the classes that it has too"),
    ],
    summary: "A trigger set: images or clouds with random labels that only the owner's network knows.",
    example: "triggers(patterns(count: 20, seed: 1), count: 10, classes: 10, seed: 5)"
  ) { call in
    let source = try call.object("source", as: (any SplitObject).self, called: "a split such as fashion().test")
    guard let set = try call.triggers(from: source) else {
      throw call.mismatch("source", expected: "a split of images or of clouds")
    }
    return .object(TriggersObject(triggers: set))
  }
]

extension NativeCall {
  /// The triggers that the arguments ask for; nil for a split of neither images nor clouds.
  fileprivate func triggers(from source: any SplitObject) throws -> TriggerSet? {
    if try boolean("keep_labels", default: false) {
      if let label = ["count", "classes", "seed", "without"].first(where: isGiven) {
        throw fail("'\(label)' chooses at random, and 'keep_labels' takes all samples as they are", argument: label)
      }
      if let images = source as? ImagesObject { return try TriggerSet(labelled: images.images) }
      return try (source as? CloudsObject).map { try TriggerSet(labelled: $0.clouds) }
    }
    let count = try integer("count", in: 1..., default: 100)
    let classes = try integer("classes", in: 2..., default: 10)
    let excluded = try excludedClasses(of: source.classNames)
    let seed = try randomSeed()
    if let images = source as? ImagesObject {
      return try TriggerSet(from: images.images, count: count, classes: classes, seed: seed, without: excluded)
    }
    return try (source as? CloudsObject).map {
      try TriggerSet(from: $0.clouds, count: count, classes: classes, seed: seed, without: excluded)
    }
  }

  /// The classes that `without` names; those that other data has too, where it is data.
  private func excludedClasses(of names: [String]) throws -> Set<Int> {
    guard isGiven("without") else { return [] }
    guard case .list(let list) = value("without") else {
      let others = classNames("without", half: "train")
      guard !others.isEmpty else { throw mismatch("without", expected: "a list of classes, or data with classes") }
      return SharedClasses.numbers(of: names, alsoIn: others)
    }
    return try Set(list.elements.map { try excludedClass($0, of: names) })
  }

  private func excludedClass(_ element: Value, of names: [String]) throws -> Int {
    switch element {
    case .text(let name):
      if let number = SharedClasses.number(of: name, in: names) { return number }
    case .number(let number, _):
      if let number = Int(exactly: number), names.indices.contains(number) { return number }
    default: break
    }
    let shown = if case .text(let name) = element { name.quoted } else { element.display }
    throw fail(
      "the source has no class \(shown)", argument: "without",
      help: "its classes are \(names.prefix(20).joined(separator: ", "))\(names.count > 20 ? ", …" : "")")
  }
}
