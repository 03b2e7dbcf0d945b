import Language
import Networks
import Ownership
import Passports

// `judge(...)`: reads suspect and claimants from the arguments.

func judge(_ call: NativeCall) throws -> Value {
  let rule = try call.choice("rule", of: Judge.Rule.allCases.map(\.rawValue), default: Judge.Rule.bound.rawValue)
  let judge = try Judge(
    Judge.Rule(rawValue: rule) ?? .bound, suspects: call.integer("suspects", in: 1...1_000_000_000, default: 1),
    data: call.isGiven("data") ? call.samples("data", half: "test") : nil, independents: call.independents(),
    options: call.session.execution)
  return .object(JudgementObject(judgement: try judge.judge(call.suspect(), call.claimants())))
}

extension NativeCall {
  fileprivate func independents() throws -> [Network] {
    guard isGiven("independents") else { return [] }
    return try list("independents").map { element in
      guard case .object(let model as ModelObject) = element else {
        throw mismatch("independents", expected: "a list of models")
      }
      return model.network
    }
  }

  fileprivate func suspect() throws -> Suspect {
    switch value("suspect") {
    case .object(let model as ModelObject): .network(model.network)
    case .none: .service(nil)
    default: throw mismatch("suspect", expected: "a model, or none where claims bring answers")
    }
  }

  fileprivate func claimants() throws -> [Claimant] {
    let elements: [Value] =
      switch value("claims") {
      case .list(let list): list.elements.map { $0 }
      case let single: [single]
      }
    return try elements.enumerated().map { try claimant($1, number: $0 + 1) }
  }

  private func claimant(_ element: Value, number: Int) throws -> Claimant {
    let name = "claim \(number)"
    if case .object(let object as ClaimObject) = element { return Claimant(name, claim: object.claim) }
    guard case .record(let record) = element else {
      throw mismatch("claims", expected: "claims, or records such as {claim: log.claim, owner: owner, commitment: it}")
    }
    let known = ["name", "claim", "owner", "commitment", "date", "triggers", "answers", "net"]
    for field in record.names where !known.contains(field) {
      throw fail(
        "\(name) has a field '\(field)' that nobody asks for", argument: "claims",
        help: "the fields are \(known.joined(separator: ", "))")
    }
    func part<Object>(_ field: String, _ type: Object.Type, _ called: String) throws -> Object? {
      guard let value = record[field], !value.isNone else { return nil }
      guard case .object(let object) = value, let wanted = object as? Object else {
        throw fail("\(name): '\(field)' must be \(called), not \(value.kindName)", argument: "claims")
      }
      return wanted
    }
    guard let claim = try part("claim", ClaimObject.self, "a claim such as log.claim")?.claim else {
      throw fail("\(name) has no 'claim'", argument: "claims", help: "{claim: log.claim, owner: owner, ...}")
    }
    var claimant = Claimant(name, claim: claim)
    if let given = record["name"], case .text(let text) = given { claimant.name = text }
    claimant.key = try part("owner", PassportObject.self, "a keypair")?.passport.key
    claimant.commitment = try part("commitment", CommitmentObject.self, "a commitment")?.commitment
    claimant.triggers = try part("triggers", TriggersObject.self, "a trigger set")?.triggers
    claimant.model = try part("net", ModelObject.self, "a model")?.network
    return claimant
  }
}
