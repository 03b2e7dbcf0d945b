import Files
import Keys
import Language
import Ownership
import Passports
import Tensors
import Training

/// What an owner signs with; belongs to no model yet.
struct PassportObject: ObjectValue {
  let passport: Passport

  var kindName: String { "a passport" }
  var fieldNames: [String] { passport.key == nil ? ["text", "seed", "bits"] : ["statement", "identity", "practice"] }

  func describe() -> String {
    if let key = passport.key {
      return "owner \(key.identity.hexadecimal.prefix(16))…, bound to \(key.statement.quoted)"
        + (key.isPractice ? "\na practice key, which proves nothing" : "")
    }
    let text = passport.text.map { " \($0.quoted), \(Signature.signs(of: $0).count) bits of text" } ?? ""
    if case .images(let pictures, _) = passport.origin {
      return "passport\(text) from \(pictures.shape[0]) pictures, seed \(passport.seed)"
    }
    return "passport\(text), seed \(passport.seed)"
  }

  func field(_ name: String) throws -> Value? {
    if let key = passport.key {
      return switch name {
      case "statement": .text(key.statement)
      case "identity": .text(key.identity.hexadecimal)
      case "practice": .boolean(key.isPractice)
      default: nil
      }
    }
    return switch name {
    case "text": passport.text.map(Value.text) ?? Value.none
    case "seed": .number(Double(passport.seed))
    case "bits": .integer(Signature.signs(of: passport.text ?? "").count)
    default: nil
    }
  }
}

/// What an owner keeps of a trained model.
struct ClaimObject: ObjectValue {
  let claim: Claim
  /// Layers that a forger had to leave out, and why.
  var unsolved: [String] = []

  var kindName: String { "a claim" }
  var fieldNames: [String] { ["layers", "bits", "triggers", "passports", "signs", "blocks", "largest", "unsolved", "sha256"] }

  func describe() -> String {
    (claim.watermark.map { "claim by a watermark in \($0.source), \(claim.bits) bits" }
      ?? (claim.layers.isEmpty
        ? "claim by triggers alone"
        : "claim on \(claim.layers.count) layer\(claim.layers.count == 1 ? "" : "s"), \(claim.bits) signature bits"))
      + (claim.triggerHash.map { ", triggers \($0.prefix(12))…" } ?? "")
      + unsolved.map { "\nunsolved \($0)" }.joined()
  }

  func field(_ name: String) throws -> Value? {
    switch name {
    case "layers": try .list(claim.layers.map { .text($0.passport.path) })
    case "bits": .integer(claim.bits)
    case "triggers": claim.triggerHash.map(Value.text) ?? Value.none
    case "passports": try byLayer { ["scale": $0.passport.scale, "shift": $0.passport.shift] }
    case "signs":
      try byLayer { layer in
        let signs = layer.passport.signature.signs
        return .object(TensorObject(try Tensor(signs, shape: [signs.count])))
      }
    case "largest": .number(Double(largest))
    case "sha256": .text(claim.sha256)
    case "unsolved": try .list(unsolved.map { .text($0) })
    case "blocks": try byLayer { ["first": $0.block["fc.0.weight"], "second": $0.block["fc.2.weight"]] }
    default: nil
    }
  }

  /// The largest absolute value of all passports: below 1 for random ones, and of any size for solved ones.
  private var largest: Float {
    claim.passports.flatMap { [$0.scale, $0.shift] }.reduce(0) { most, passport in
      passport.elements.reduce(most) { max($0, abs($1)) }
    }
  }

  /// A record with one field for each layer, named by its path.
  private func byLayer(_ value: (Claim.Layer) throws -> Value) throws -> Value {
    try .record(Record(claim.layers.map { .init(name: $0.passport.path, value: try value($0)) }))
  }

  private func byLayer(_ tensors: (Claim.Layer) -> KeyValuePairs<String, Tensor?>) throws -> Value {
    try byLayer { layer in
      try .record(
        Record(tensors(layer).compactMap { name, tensor in
          tensor.map { .init(name: name, value: .object(TensorObject($0))) }
        }))
    }
  }
}

/// What a training left in writing, with the owner's claim.
struct LogObject: ObjectValue {
  let log: TrainingLog
  let claim: Claim?

  var kindName: String { "a training log" }
  var fieldNames: [String] {
    [
      "loss", "task_loss", "trigger_loss", "sign_loss", "free", "aware", "trigger", "signature", "epochs", "stopped",
      "claim",
    ]
  }

  func describe() -> String {
    guard let table = try? table(), log.epochs > 0 else { return "no complete epoch" + stopText }
    return table.describe() + stopText
  }

  var summary: String { "training log of \(log.epochs) epochs" }

  private var stopText: String { log.stop.map { "\nstopped: \($0.rawValue)" } ?? "" }

  private func table() throws -> Table {
    let epochs = (1...max(log.epochs, 1)).map(Value.integer)
    let series: [(String, [Value])] = [
      ("epoch", epochs), ("loss", log.loss.map { .number($0) }), ("free", log.free.map(Value.rate)),
      ("aware", log.aware.map(Value.rate)), ("trigger", log.trigger.map(Value.rate)),
      ("signature", log.signature.map(Value.rate)),
    ]
    return try Table(series.filter { $0.1.count == log.epochs }.map { (name: $0.0, values: $0.1) })
  }

  func field(_ name: String) throws -> Value? {
    switch name {
    case "loss": try numbers(log.loss)
    case "task_loss": try numbers(log.taskLoss)
    case "trigger_loss": try numbers(log.triggerLoss)
    case "sign_loss": try numbers(log.signLoss)
    case "free": try .list(log.free.map(Value.rate))
    case "aware": try .list(log.aware.map(Value.rate))
    case "trigger": try .list(log.trigger.map(Value.rate))
    case "signature": try .list(log.signature.map(Value.rate))
    case "epochs": .integer(log.epochs)
    case "stopped":
      switch log.stop {
      case .budget: .text("budget")
      case .interrupt: .boolean(true)
      case nil: .boolean(false)
      }
    case "claim": claim.map { .object(ClaimObject(claim: $0)) } ?? Value.none
    default: nil
    }
  }

  private func numbers(_ series: [Double]) throws -> Value { try .list(series.map { .number($0) }) }
}

/// What a verification found.
struct VerificationObject: ObjectValue {
  let verification: Verification

  var kindName: String { "a verification" }
  var fieldNames: [String] {
    [
      "signature", "matches", "bits", "layers", "signature_mean_of_layers", "p_value", "log10_p", "free", "aware",
      "gap",
      "trigger", "trigger_log10_p", "assumptions",
    ]
  }

  var summary: String {
    verification.bits > 0 ? "signature \(Value.rate(verification.signature).display)" : "triggers only"
  }

  func describe() -> String {
    let found = verification
    var lines: [String] = []
    if found.bits > 0 {
      lines.append(
        "signature  \(Value.rate(found.signature).display)  (\(found.matches) of \(found.bits) bits, log10 p = \(found.log10P.trimmed(decimals: 1)))"
      )
    }
    if let free = found.free, found.aware == nil { lines.append("accuracy   \(Value.rate(free).display)") }
    if let free = found.free, let aware = found.aware, let gap = found.gap {
      lines.append(
        "accuracy   \(Value.rate(free).display) passport-free, \(Value.rate(aware).display) passport-aware, gap \(Value.rate(gap).display)"
      )
    }
    if let trigger = found.trigger, let chance = found.triggerLog10P {
      lines.append("triggers   \(Value.rate(trigger).display)  (log10 p = \(chance.trimmed(decimals: 1)))")
    }
    return (lines + found.assumptions.map { "assumes    \($0)" }).joined(separator: "\n")
  }

  func field(_ name: String) throws -> Value? {
    let found = verification
    switch name {
    case "signature": return found.bits > 0 ? .rate(found.signature) : Value.none
    case "matches": return .integer(found.matches)
    case "bits": return .integer(found.bits)
    case "layers": return .object(try layers())
    case "signature_mean_of_layers": return found.bits > 0 ? .rate(found.signatureMeanOfLayers) : Value.none
    case "p_value": return found.bits > 0 ? .number(found.pValue) : Value.none
    case "log10_p": return found.bits > 0 ? .number(found.log10P) : Value.none
    case "free": return found.free.map(Value.rate) ?? Value.none
    case "aware": return found.aware.map(Value.rate) ?? Value.none
    case "gap": return found.gap.map(Value.rate) ?? Value.none
    case "trigger": return found.trigger.map(Value.rate) ?? Value.none
    case "trigger_log10_p": return found.triggerLog10P.map { .number($0) } ?? Value.none
    case "assumptions": return try .list(found.assumptions.map(Value.text))
    default: return nil
    }
  }

  private func layers() throws -> Table {
    let layers = verification.layers
    return try Table([
      ("layer", layers.map { .text($0.path) }), ("matches", layers.map { .integer($0.matches) }),
      ("bits", layers.map { .integer($0.bits) }), ("signature", layers.map { .rate($0.signature) }),
      ("log10_p", layers.map { .number($0.log10P) }),
    ])
  }
}

/// An optimiser's settings, or when its rate falls.
struct SettingsObject<Settings: Sendable>: ObjectValue {
  let settings: Settings
  let kindName: String
  let text: String

  func describe() -> String { text }
}
