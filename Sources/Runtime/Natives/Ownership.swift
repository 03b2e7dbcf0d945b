import Datasets
import Keys
import Language
import Networks
import Ownership
import Passports
import Timestamps
import Training

/// Natives that lay down a claim, and decide between claims.
let ownershipNatives: [Native] = [
  Native(
    "commit", area: "ownership",
    [
      .init("net", "model", "the trained model, with its passport layers"),
      .init("owner", "passport", "the keypair that it was trained with"),
      .init("path", "text", default: "none", "the file to write; another commitment there is never replaced"),
      .init("triggers", "trigger set", default: "none", "the triggers that it was trained with"),
      .init(
        "thresholds", "record", default: "none",
        "declared beforehand: {signature: -20, triggers: -6, gap: 5%}, log10 of chances; stricter, not looser"),
    ],
    summary: "Fixes and signs everything that an owner could otherwise choose after the fact; have it dated by others.",
    example: boundExample + "commit(net, owner, thresholds: {gap: 20%}).statement"
  ) { call in
    let key = try call.ownerKey("owner")
    let triggers = try call.optionalObject("triggers", as: TriggersObject.self, called: "a trigger set")?.triggers
    let commitment = try Commitment(
      to: call.network("net"), by: key, triggers: triggers, thresholds: call.thresholds())
    try triggers.map { try call.noteUnlearned($0, by: key) }
    if call.isGiven("path") {
      try commitment.save(to: call.text("path"))
      call.session.noteWritten(try call.text("path"))
    }
    return .object(CommitmentObject(commitment: commitment))
  },
  Native(
    "timestamp_request", area: "ownership",
    [
      .init("commitment", "commitment", "what is to be dated"),
      .init("path", "text", "the file to write: *.tsq, to be sent to a time-stamping authority"),
    ],
    summary: "Writes what somebody else signs with a date (RFC 3161): curl or openssl ts sends it; nothing here does.",
    example: "fn ask(commitment) { timestamp_request(commitment, \"commitment.tsq\") }"
  ) { call in
    let commitment = try call.commitment("commitment")
    try TimestampRequest(sha256: commitment.digest()).write(to: call.text("path"))
    call.session.noteWritten(try call.text("path"))
    return .none
  },
  Native(
    "timestamp", area: "ownership",
    [
      .init("commitment", "commitment", "what was dated"),
      .init("reply", "text", default: "none", "the authority's answer: *.tsr"),
      .init("trusted", "text", default: "none", "PEM file of the certificates that you trust"),
      .init("request", "text", default: "none", "the request, whose nonce the answer must repeat"),
      .init("practice", "text", default: "none", "instead of an answer: a day such as \"2026-03-01\", which proves nothing"),
    ],
    summary: "Checks, without a network, that an authority dated a commitment; gives the date for judge(...).",
    example: "fn date(it) { timestamp(it, \"it.tsr\", trusted: \"tsa.pem\").time }"
  ) { call in
    let commitment = try call.commitment("commitment")
    if call.isGiven("practice") {
      guard !call.isGiven("reply"), !call.isGiven("trusted"), !call.isGiven("request") else {
        throw call.fail("a practice date has no answer of an authority", argument: "practice")
      }
      return .object(DateObject(date: try OutsideDate(commitment, practice: call.text("practice"))))
    }
    guard call.isGiven("reply"), call.isGiven("trusted") else {
      throw call.fail(
        "an outside date is an authority's answer, and the certificates that you trust", argument: "reply",
        help: "timestamp(it, \"it.tsr\", trusted: \"tsa.pem\"); or practice: \"2026-03-01\" in a lesson")
    }
    let nonce = call.isGiven("request") ? try TimestampRequest(contentsOf: call.text("request")).nonce : nil
    return .object(
      DateObject(
        date: try OutsideDate(commitment, reply: call.text("reply"), nonce: nonce, trusted: call.text("trusted"))))
  },
  Native(
    "judge", area: "ownership",
    [
      .init("suspect", "model or text", "a model, the http:// address of a service, or none if claims bring answers"),
      .init(
        "claims", "list",
        "claims, folders (dossiers), or records {name, claim, owner, commitment, date, triggers, answers, net}"),
      .init("rule", "text", default: "\"bound\"", "\"bound\": what was committed to; \"naive\": whatever is brought"),
      .init("data", "split", default: "none", "samples that the suspect was not trained on"),
      .init("suspects", "number", default: "1", "how many suspects were looked at before this one, and it"),
      .init(
        "independents", "list", default: "none", "models that nobody claims: what re-alignment makes of the innocent"),
      .init("trusted", "text", default: "none", "PEM file of the time-stamping authorities whose dates in folders count"),
      .init(
        "since", "text", default: "none",
        "when the suspect was first seen, \"2026-05-01\": re-alignment and answers need an older outside date"),
    ],
    summary: "Who owns a suspect: a verdict on every claim with every test, exact chances, and what is refused.",
    example: boundExample + "judge(release(net), [log.claim], rule: \"naive\").rule"
  ) { call in try judge(call) },
  Native(
    "certificate", area: "ownership",
    [
      .init("judgement", "judgement", "what judge(...) returned"),
      .init("path", "text", "the file: *.html, which prints on one page, or *.md"),
      .init("command", "text", default: "none", "the command line that repeats the judgement"),
    ],
    summary: "Writes a judgement as a page for an expert: what was tested, on what, the chances, and the limits.",
    example: "fn page(judgement) { certificate(judgement, \"certificate.html\") }"
  ) { call in
    let judgement = try call.object("judgement", as: JudgementObject.self, called: "a judgement, as judge(...) returns it")
    try Certificate(judgement.judgement, command: call.isGiven("command") ? call.text("command") : nil)
      .write(to: call.text("path"))
    call.session.noteWritten(try call.text("path"))
    return .none
  },
  Native(
    "falseclaims", area: "ownership",
    [
      .init("net", "model or list", "models with passport layers, none trained with the secrets that are tried"),
      .init("n", "number", default: "1000", "how many secrets a model"),
      .init("threshold", "number", default: "-20", "log10 of the chance from which on a claim is believed"),
      .init("seed", "number", default: "none", "of the secrets"),
    ],
    summary: "How often strangers are convicted: fresh secrets against models, with the 95 % bound of the rate.",
    example: "net = protect(alexnet(10, widths: [16, 16, 16, 16, 16]))\nfalseclaims(net, 20, seed: 1).convicted"
  ) { call in try falseClaims(call) },
]

private let boundExample = """
  net = input([1, 28, 28]) |> conv(80, 5, stride: 4) |> norm(passport: true)
    |> relu |> flatten |> dense(10) |> model_of()
  owner = keypair(statement: "mine", seed: 1)
  data = fashion().train |> take(640)
  log = train(net, data, epochs: 1, batch: 16, passport: owner,
              lambda_sign: 10)

  """

extension NativeCall {
  func commitment(_ label: String) throws -> Commitment {
    try object(label, as: CommitmentObject.self, called: "a commitment, as commit(...) returns it").commitment
  }

  /// Warns of triggers that the model does not know, before somebody relies on them.
  fileprivate func noteUnlearned(_ triggers: TriggerSet, by key: OwnerKey) throws {
    let network = try network("net")
    let released = try network.released(passports: Passport(key).issue(for: network))
    let known = try Predictor(released, options: session.execution).accuracy(triggers.samples)
    guard known < 0.5 else { return }
    session.output.note(
      "the model knows \(Value.rate(known).display) of these triggers, which then show little: "
        + "were these the triggers: of its training?")
  }

  /// The key of an owner.
  func ownerKey(_ label: String) throws -> OwnerKey {
    guard let key = try object(label, as: PassportObject.self, called: "a keypair").passport.key else {
      throw fail(
        "a free passport has no secret to commit with", argument: label,
        help: "make a bound one before training: keypair(\"owner.key\", statement: \"...\")")
    }
    return key
  }

  /// `thresholds:`.
  fileprivate func thresholds() throws -> Thresholds {
    var thresholds = Thresholds()
    guard isGiven("thresholds") else { return thresholds }
    for field in try record("thresholds").fields {
      guard case .number(let number, _) = field.value else {
        throw fail(
          "'thresholds': '\(field.name)' must be a number, not \(field.value.kindName)", argument: "thresholds",
          help: "{signature: -20, triggers: -6, gap: 5%}")
      }
      switch field.name {
      case "signature": thresholds.signatureLog10 = number
      case "triggers": thresholds.triggersLog10 = number
      case "gap": thresholds.gap = number
      default:
        throw fail(
          "there is no threshold named '\(field.name)'", argument: "thresholds",
          help: "the thresholds are signature, triggers and gap")
      }
    }
    return thresholds
  }
}

private func falseClaims(_ call: NativeCall) throws -> Value {
  let networks = try call.models("net")
  let count = try call.integer("n", in: 1...1_000_000, default: 1000)
  let threshold = try call.number("threshold", default: -20)
  let session = call.session
  let found = try FalseClaims(
    against: networks, count: count, seed: call.randomSeed(), threshold: threshold, poll: session.checkInterrupt
  ) { done in
    guard !session.options.isQuiet, done % 16 == 0 else { return }
    session.output.progress(
      ProgressReport("strangers", completed: done, total: count * networks.count, isMilestone: false))
  }
  return .object(FalseClaimsObject(found: found))
}
