import Language

/// All natives of a session by name; an area is one file that gives `[Native]` and one line in `standard`.
public struct NativeTable: Sendable {
  /// In the order of their areas.
  public let natives: [Native]
  private let byName: [String: Native]

  /// A later native of the same name replaces an earlier one.
  public init(_ areas: [[Native]]) {
    var byName: [String: Native] = [:]
    var order: [String] = []
    for native in areas.joined() {
      if byName.updateValue(native, forKey: native.name) == nil { order.append(native.name) }
    }
    self.byName = byName
    natives = order.compactMap { byName[$0] }
  }

  /// Everything that comes with the language.
  public static let standard = NativeTable([
    dataNatives, pictureNatives, cloudNatives, triggerNatives, layerNatives, setAbstractionNatives, zooNatives,
    modelNatives, methodNatives, predictionNatives, keyNatives, ownershipNatives, attackNatives, removalAttackNatives,
    forgeryNatives, obfuscationNatives, ambiguityNatives, statisticsNatives, tensorNatives, figureNatives,
    numberNatives, listNatives, textNatives, tableNatives,
  ])

  public subscript(name: String) -> Native? { byName[name] }
  public var names: [String] { natives.map(\.name) }

  /// Natives of other areas that whoever reads of this one looks for.
  static let related = [
    "ownership": ["verify", "predictions", "forge", "obfuscate"], "attacks": ["verify", "judge", "realign"],
    "method": ["keypair", "commit", "judge"],
  ]

  /// The natives of each area, in order of first appearance.
  public var areas: [(name: String, natives: [Native])] {
    var areas: [(name: String, natives: [Native])] = []
    for native in natives {
      if let position = areas.firstIndex(where: { $0.name == native.area }) {
        areas[position].natives.append(native)
      } else {
        areas.append((native.area, [native]))
      }
    }
    return areas
  }
}
