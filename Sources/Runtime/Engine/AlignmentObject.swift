import Language
import Ownership

/// What `realign` found: the aligned suspect, and how near it is beside independent models.
///
/// `.net` and `.claim` are refused by name while the alignment is no nearer than theirs: nothing may be read of it.
struct AlignmentObject: ObjectValue {
  let alignment: Realignment
  let null: AlignmentNull

  var kindName: String { "an alignment" }
  var fieldNames: [String] {
    ["net", "claim", "cosine", "null", "bit_chance", "accepted", "layers", "independents", "emptied_biases", "left_over"]
  }

  var summary: String { (null.accepts(alignment) ? "accepted" : "refused") + ", mean |cosine| \(cosineText)" }

  private var cosineText: String { alignment.cosine.trimmed(decimals: 4) }

  func describe() -> String {
    let matched = alignment.layers.reduce(0) { $0 + $1.matched }
    let channels = alignment.layers.reduce(0) { $0 + $1.channels }
    var lines = ["cosine     \(cosineText)  (\(matched) of \(channels) rows are each other's nearest)"]
    if let largest = null.largest {
      let count = null.entries.count
      lines.append(
        "null       \(largest.trimmed(decimals: 4)) at most in \(count) independent model\(count == 1 ? "" : "s")")
    } else {
      lines.append("null       no independent models: nothing can be concluded")
    }
    lines.append("verdict    " + (null.accepts(alignment) ? "accepted" : refusal))
    if let signature = null.signature {
      lines.append("chance     independent models match \(Value.rate(signature).display) of the bits, aligned likewise")
      if let chance = try? null.bitChance {
        lines.append("           a bit of an innocent's has chance \(Value.rate(chance).display) (best of them, or upper 95 % end)")
      }
    }
    if !alignment.emptiedBiases.isEmpty {
      lines.append("biases     moved, so read without: \(alignment.emptiedBiases.joined(separator: ", "))")
    }
    return lines.joined(separator: "\n")
  }

  private var refusal: String {
    null.entries.isEmpty ? "refused: there is nothing to compare with" : "refused: not nearer than independent models"
  }

  func field(_ name: String) throws -> Value? {
    switch name {
    case "net":
      try null.check(alignment)
      return .object(ModelObject(alignment.network))
    case "claim":
      try null.check(alignment)
      return .object(ClaimObject(claim: alignment.claim))
    case "cosine": return .number(alignment.cosine)
    case "null": return null.largest.map { .number($0) } ?? Value.none
    case "bit_chance": return .rate(try null.bitChance)
    case "accepted": return .boolean(null.accepts(alignment))
    case "layers": return .object(try layers())
    case "independents":
      return .object(
        try Table([
          ("cosine", null.entries.map { .number($0.cosine) }), ("matches", null.entries.map { .integer($0.matches) }),
          ("bits", null.entries.map { .integer($0.bits) }),
        ]))
    case "emptied_biases": return try .list(alignment.emptiedBiases.map(Value.text))
    case "left_over": return .integer(alignment.leftOver)
    default: return nil
    }
  }

  private func layers() throws -> Table {
    let layers = alignment.layers
    return try Table([
      ("layer", layers.map { .text($0.path) }), ("channels", layers.map { .integer($0.channels) }),
      ("matched", layers.map { .integer($0.matched) }), ("cosine", layers.map { .number($0.cosine) }),
      ("bits", layers.map { .boolean($0.carriesBits) }),
    ])
  }
}
