import Files
import Language
import Ownership

/// What an owner laid down, signed.
struct CommitmentObject: ObjectValue {
  let commitment: Commitment

  var kindName: String { "a commitment" }
  var fieldNames: [String] { ["statement", "identity", "sha256", "model", "triggers", "layers", "thresholds"] }
  var summary: String { "commitment to \(commitment.statement.quoted)" }

  func describe() -> String {
    let bits = commitment.layers.reduce(0) { $0 + $1.channels }
    return """
      commitment to \(commitment.statement.quoted)
      identity   \(commitment.identity.hexadecimal)
      sha-256    \((try? commitment.sha256()) ?? "")
      fixes      \(bits) bits in \(commitment.layers.count) layers, the released model\(commitment.triggersSHA256 == nil ? "" : ", the triggers")
      dated      by nobody yet: the clock of this machine proves nothing
      """
  }

  func field(_ name: String) throws -> Value? {
    switch name {
    case "statement": .text(commitment.statement)
    case "identity": .text(commitment.identity.hexadecimal)
    case "sha256": .text(try commitment.sha256())
    case "model": .text(commitment.modelSHA256)
    case "triggers": commitment.triggersSHA256.map(Value.text) ?? Value.none
    case "layers": try .list(commitment.layers.map { .text($0.path) })
    case "thresholds":
      try .record(
        Record([
          .init(name: "signature", value: .number(commitment.thresholds.signatureLog10)),
          .init(name: "gap", value: .rate(commitment.thresholds.gap)),
          .init(name: "triggers", value: .number(commitment.thresholds.triggersLog10)),
        ]))
    default: nil
    }
  }
}

/// The word of an outside authority on when a commitment existed.
struct DateObject: ObjectValue {
  let date: OutsideDate

  var kindName: String { "a date" }
  var fieldNames: [String] { ["time", "authority", "commitment"] }

  func describe() -> String { date.sentence }

  func field(_ name: String) throws -> Value? {
    switch name {
    case "time": .text(date.text)
    case "authority": .text(date.authority)
    case "commitment": .text(date.commitmentSHA256)
    default: nil
    }
  }
}
