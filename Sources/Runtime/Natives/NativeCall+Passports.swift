import Passports

// What natives that put passports into a network have in common.

/// `statistics:` of what makes passport layers.
let statisticsParameter = Native.Parameter(
  "statistics", "text", default: "\"separate\"",
  "of passport layers: running statistics \"separate\" for each branch, or \"shared\" as in the released PointNet")

/// `fc:` of what makes passport layers.
let blockParameter = Native.Parameter(
  "fc", "true or false", default: "true", "whether an FC block stands between passport and scale (without: an ablation)")

extension NativeCall {
  /// `scheme:`.
  func scheme() throws -> Scheme {
    let name = try choice("scheme", of: Scheme.allCases.map(\.rawValue), default: Scheme.passportAware.rawValue)
    return Scheme(rawValue: name) ?? .passportAware
  }

  /// What `scheme:`, `statistics:` and `fc:` ask passport layers to be made of.
  func passportForm() throws -> PassportForm {
    let scheme = try scheme()
    guard var form = scheme.form else {
      throw fail(
        "\(scheme.rawValue) needs no passport layers", argument: "scheme",
        help: "train the plain model with it: train(net, data, scheme: \"\(scheme.rawValue)\", ...)")
    }
    if scheme == .passportAware {
      form.sharesStatistics =
        try choice("statistics", of: ["separate", "shared"], default: "separate") == "shared"
      form.hasBlock = try boolean("fc", default: true)
    } else if let label = ["statistics", "fc"].first(where: isGiven) {
      throw fail("'\(label)' is settled by \(scheme.rawValue)", argument: label)
    }
    return form
  }

  /// `layers:`: "all", a name, a number, or a list of either.
  func layerSelection() throws -> LayerSelection {
    switch value("layers") {
    case .none, .text("all"): return .all
    case .text(let name): return .named([name])
    case .number: return .numbered([try integer("layers")])
    default:
      let elements = try list("layers")
      if case .number? = elements.first { return .numbered(try integers("layers")) }
      return .named(
        try elements.map { element in
          guard case .text(let name) = element else {
            throw mismatch("layers", expected: "\"all\", names or numbers")
          }
          return name
        })
    }
  }
}
