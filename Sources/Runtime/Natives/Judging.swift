import Language
import Networks
import Ownership
import Passports
import Services

// `judge(...)`: reads suspect and claimants from the arguments.

func judge(_ call: NativeCall) throws -> Value {
  let rule = try call.choice("rule", of: Judge.Rule.allCases.map(\.rawValue), default: Judge.Rule.bound.rawValue)
  let judge = try Judge(
    Judge.Rule(rawValue: rule) ?? .bound, suspects: call.integer("suspects", in: 1...1_000_000_000, default: 1),
    data: call.isGiven("data") ? call.samples("data", half: "test") : nil, independents: call.models("independents"),
    since: call.isGiven("since") ? OutsideDate.day(call.text("since")) : nil,
    options: call.session.execution)
  return .object(JudgementObject(judgement: try judge.judge(call.suspect(), call.claimants())))
}

extension Suspect {
  /// What answers at an address.
  ///
  /// - Throws: `ServiceError` for what is no address. Triggers that the service does not take are an `OwnershipError` when
  ///   it is asked, held against whoever brings them; a service that does not answer ends the judgement.
  public static func service(at address: String, isInterrupted: @escaping @Sendable () -> Bool) throws -> Suspect {
    let service = try PredictionService(address)
    return .service { triggers in
      do {
        return try service.predictions(of: triggers, poll: { if isInterrupted() { throw Interrupted() } })
      } catch let error as ServiceError where error.isOfTheRequest {
        throw OwnershipError(error.message, help: error.help)
      }
    }
  }
}

extension NativeCall {
  fileprivate func suspect() throws -> Suspect {
    switch value("suspect") {
    case .object(let model as ModelObject): .network(model.network)
    case .none: .service(nil)
    case .text(let address):
      if ServiceAddress.isAddress(address) {
        try .service(at: address, isInterrupted: session.options.isInterrupted)
      } else {
        throw fail(
          "\(address.quoted) is no address of a service", argument: "suspect",
          help: "a model: load(path); answers in a file: judge(none, {claim: ..., answers: \"answers.csv\"})")
      }
    default:
      throw mismatch("suspect", expected: "a model, the address of a service, or none where claims bring answers")
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
    let name = "claimant \(number)"
    if case .object(let object as ClaimObject) = element { return Claimant(name, claim: object.claim) }
    if case .text(let folder) = element { return try dossier(folder) }
    guard case .record(let record) = element else {
      throw mismatch(
        "claims", expected: "claims, folders, or records such as {claim: log.claim, owner: owner, commitment: it}")
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
        var help: String?
        if case .text(let path) = value { help = "open a file first: \(field): load(\(path.quoted))" }
        throw fail("\(name): '\(field)' must be \(called), not \(value.kindName)", argument: "claims", help: help)
      }
      return wanted
    }
    guard let claim = try part("claim", ClaimObject.self, "a claim such as log.claim")?.claim else {
      throw fail("\(name) has no 'claim'", argument: "claims", help: "{claim: log.claim, owner: owner, ...}")
    }
    var claimant = Claimant(name, claim: claim)
    if let given = record["name"] {
      guard case .text(let text) = given, !text.isEmpty, !text.unicodeScalars.contains(where: { $0.value < 32 }) else {
        throw fail("\(name): 'name' is a text of one line", argument: "claims")
      }
      claimant.name = text
    }
    if let owner = try part("owner", PassportObject.self, "a keypair")?.passport {
      claimant.key = owner.key
      if owner.key == nil {
        claimant.flaws[.derivation] = Claimant.Flaw(
          outcome: .refused, text: "the passport is free: only a keypair's follows from a secret")
      }
    }
    claimant.commitment = try part("commitment", CommitmentObject.self, "a commitment")?.commitment
    claimant.triggers = try part("triggers", TriggersObject.self, "a trigger set")?.triggers
    claimant.date = try part("date", DateObject.self, "what timestamp(...) returned")?.date
    claimant.answers = try record["answers"].flatMap { try answers($0, of: claimant) }
    claimant.model = try part("net", ModelObject.self, "a model")?.network
    return claimant
  }

  /// Predictions on a claimant's triggers: a list of classes, or a CSV file.
  private func answers(_ value: Value, of claimant: Claimant) throws -> [Int32]? {
    if value.isNone { return nil }
    guard let triggers = claimant.triggers else {
      throw fail("\(claimant.name) has answers, and no triggers that they are to", argument: "claims")
    }
    switch value {
    case .text(let path):
      return try PredictionFile.read(path, count: triggers.count, classes: triggers.classNames.count)
    default:
      let classes = triggers.classNames.count
      let answers = try value.elements().map { element in
        guard case .number(let number, _) = element, let label = Int32(exactly: number), 0..<classes ~= Int(label) else {
          throw fail(
            "\(claimant.name): 'answers' holds \(element.display), which is none of the \(classes) classes",
            argument: "claims")
        }
        return label
      }
      guard answers.count == triggers.count else {
        throw fail("\(claimant.name): \(answers.count) answers to \(triggers.count) triggers", argument: "claims")
      }
      return answers
    }
  }

  private func dossier(_ folder: String) throws -> Claimant {
    let trusted = isGiven("trusted") ? try text("trusted") : nil
    return try Dossier.read(folder, trusted: trusted) { path in
      guard let source = session.options.passphrases else {
        throw fail("a sealed key needs a pass phrase, and this session has nobody to ask", argument: "claims")
      }
      return try source.open(path)
    }
  }
}
