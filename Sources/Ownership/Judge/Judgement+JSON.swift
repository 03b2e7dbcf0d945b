import Files

// What `passbook verify --json` and `passbook judge --json` print; names as in the language, shares of 1, chances as log10.

extension Judgement {
  public var json: JSON {
    .object([
      .init("ruling", .string(ruling)), .init("rule", .string(rule.rawValue)),
      .init("winner", winner.map { .string(verdicts[$0].claimant.name) } ?? .null),
      .init("suspect_sha256", suspectSHA256.map(JSON.string) ?? .null), .init("suspects", .integer(suspects)),
      .init("since", since.map { .string(OutsideDate.text(of: $0)) } ?? .null),
      .init("claims", .array(verdicts.map(\.json))), .init("tool", .string(tool)),
    ])
  }
}

extension Verdict {
  fileprivate var json: JSON {
    .object([
      .init("name", .string(claimant.name)), .init("accepted", .boolean(isAccepted)), .init("reason", .string(reason)),
      .init("tests", .array(findings.map(\.json))), .init("verification", verification?.json ?? .null),
    ])
  }
}

extension Finding {
  fileprivate var json: JSON {
    .object([
      .init("test", .string(test.rawValue)), .init("outcome", .string(outcome.rawValue)), .init("finding", .string(text)),
      .init("log10_p", .finite(log10P)), .init("corrected_log10_p", .finite(correctedLog10P)),
      .init("assumption", assumption.map(JSON.string) ?? .null),
    ])
  }
}

extension Verification {
  public var json: JSON {
    .object([
      .init("matches", .integer(matches)), .init("bits", .integer(bits)), .init("signature", .number(signature)),
      .init("log10_p", .finite(log10P)), .init("free", .finite(free)), .init("aware", .finite(aware)),
      .init("gap", .finite(gap)), .init("trigger", .finite(trigger)), .init("trigger_log10_p", .finite(triggerLog10P)),
      .init(
        "layers",
        .array(
          layers.map { layer in
            .object([
              .init("layer", .string(layer.path)), .init("matches", .integer(layer.matches)),
              .init("bits", .integer(layer.bits)), .init("log10_p", .finite(layer.log10P)),
            ])
          })),
      .init("assumptions", .array(assumptions.map(JSON.string))),
    ])
  }
}

extension JSON {
  /// JSON has no infinity: what cannot be by chance has no chance.
  fileprivate static func finite(_ number: Double?) -> JSON {
    number.flatMap { $0.isFinite ? .number($0) : nil } ?? .null
  }
}
