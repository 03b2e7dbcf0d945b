import Attacks
import Language
import Networks
import Ownership
import Passports

/// Free removal of a signature, and the answer to it. The originals stay as they are.
let obfuscationNatives: [Native] = [
  Native(
    "obfuscate", area: "attacks",
    [
      netParameter,
      .init("flips", "true or false", default: "true", "rows to their negatives, taken back by their normalisation"),
      .init("permute", "true or false", default: "true", "channels in another order, here and where they are read"),
      .init("scale", "true or false", default: "true", "rows and channels times up to 4 either way"),
      .init("fold", "true or false", default: "false", "batch normalisations into the weights"),
      .init("dummies", "number", default: "0", "channels more in each layer, in pairs that cancel out"),
      .init("twins", "true or false", default: "false", "these equal true channels, to be taken for them"),
      .init("seed", "number", default: "none", "of what goes where"),
    ],
    summary: "A model that computes the same, and whose signature reads as noise; what cannot be done is noted.",
    example: exampleSetting + """

      thief = obfuscate(release(net), seed: 2)
      proof = verify(thief, claim: log.claim)
      [accuracy(thief, test) == accuracy(net, test), proof.signature < 90%]
      """
  ) { call in
    let attack = Obfuscation(
      signFlips: try call.boolean("flips", default: true), permutation: try call.boolean("permute", default: true),
      scaling: try call.boolean("scale", default: true), folding: try call.boolean("fold", default: false),
      dummies: try call.integer("dummies", in: 0...Obfuscation.mostDummies, default: 0), twins: try call.boolean("twins", default: false),
      seed: try call.randomSeed())
    let outcome = try attack.apply(to: call.network("net"))
    if !call.session.options.isQuiet { outcome.skipped.forEach { call.session.output.note($0) } }
    return .object(ModelObject(outcome.network))
  },
  Native(
    "plant", area: "attacks",
    [netParameter, .init("passport", "passport", "whose bits the copy is to show")],
    summary: "A copy that computes the same and shows anybody's bits: rows are negated, no data, no training.",
    example: exampleSetting + """

      thief = keypair(statement: "all mine", seed: 66)
      copy = plant(release(net), thief)
      accuracy(copy, test) == accuracy(net, test)
      """
  ) { call in
    let passport = try call.object("passport", as: PassportObject.self, called: "a passport").passport
    let outcome = try SignPlanting(passport).apply(to: call.network("net"))
    if !call.session.options.isQuiet { outcome.skipped.forEach { call.session.output.note($0) } }
    return .object(ModelObject(outcome.network))
  },
  Native(
    "realign", area: "ownership",
    [
      .init("suspect", "model", "what may be an obfuscated copy, of the owner's topology"),
      .init("like", "model", "the owner's own released copy"),
      .init("claim", "claim", "what the owner kept"),
      .init(
        "independents", "list", default: "none",
        "models of others, of the same topology: the suspect has to be nearer than all"),
    ],
    summary: "The suspect in the owner's channel order, signs and scales; its .net is for verify, with its .claim.",
    example: exampleSetting + """

      others = [model_like(k) for k in 1..2]
      thief = obfuscate(release(net), seed: 2)
      found = realign(thief, release(net), log.claim, independents: others)
      [found.accepted, verify(found.net, claim: found.claim).bits]
      """
  ) { call in
    let claim = try call.object("claim", as: ClaimObject.self, called: "a claim such as log.claim").claim
    guard claim.bits > 0 else {
      throw call.fail("the claim is by triggers alone, which need no re-alignment", argument: "claim")
    }
    let (suspect, reference) = (try call.network("suspect"), try call.network("like"))
    let independents = try call.models("independents")
    let poll = call.session.checkInterrupt
    let alignment = try Realignment(of: suspect, to: reference, claim: claim, poll: poll)
    let null = try AlignmentNull(
      reference: reference, claim: claim, independents: independents, poll: poll,
      observe: { call.session.reportAligned($0, of: independents.count) })
    return .object(AlignmentObject(alignment: alignment, null: null))
  },
]

private let exampleSetting = """
  fn model_like(seed) {
    input([1, 28, 28]) |> conv(16, 5, stride: 4) |> norm() |> relu
      |> flatten |> dense(10) |> model_of(seed: seed)
  }
  net = protect(model_like(7), layers: "all")
  test = fashion().test |> take(99)
  owner = passport("me", seed: 1)
  log = train(net, fashion().train |> take(99), epochs: 1, passport: owner)
  """

extension NativeCall {
  /// A list of models; empty where it was left out.
  func models(_ label: String) throws -> [Network] {
    guard isGiven(label) else { return [] }
    if case .object(let model as ModelObject) = value(label) { return [model.network] }
    return try list(label).map { element in
      guard case .object(let object) = element, let model = object as? ModelObject else {
        throw fail("'\(label)' must hold models only, not \(element.kindName)", argument: label)
      }
      return model.network
    }
  }
}

extension Session {
  fileprivate func reportAligned(_ done: Int, of count: Int) {
    guard !options.isQuiet else { return }
    output.progress(ProgressReport("independent model \(done) of \(count)", completed: done, total: count))
  }
}
