import Attacks
import Language
import Networks
import Ownership
import Passports
import Training

/// Claims on another's model, and how far emulated scales get; model and owner's claim stay as they are.
let forgeryNatives: [Native] = [
  Native(
    "forge", area: "attacks",
    [
      netParameter,
      .init(
        "method", "text", default: "\"random\"",
        "\"random\", \"reverse\" (attack I), \"flip\" (II), \"closed\", \"linear\", \"cerb\", \"ierb\""),
      .init(
        "claim", "claim", default: "none",
        "the owner's: random, reverse and flip are given its FC blocks and statistics"),
      .init("data", "data or split", default: "none", "what he trains on; a data record gives its .train"),
    ] + forgerTrainingParameters + [
      .init("rate", "number", default: "10%", "flip: share of each layer's bits that are to differ from the owner's"),
      .init("passport", "passport", default: "none", "closed, cerb, ierb: the forger's own; by the seed if none"),
      .init("layers", "text or list", default: "\"all\"", "closed, linear, cerb, ierb: which normalisations he claims"),
      .init("seed", "number", default: "none", "of the forger's draws"),
    ],
    summary: "A forger's claim on a model: \"closed\" and \"linear\" need neither claim nor data.",
    example: forgeryExampleSetting + """

      thief = release(net)
      forged = forge(thief, method: "closed", seed: 1)
      verify(thief, claim: forged, data: data.test)
      """
  ) { call in
    let methods = ["random", "reverse", "flip", "closed", "linear"] + EmulationBlock.allCases.map(\.rawValue)
    let method = try call.choice("method", of: methods, default: "random")
    if let block = EmulationBlock(rawValue: method) { return try forgeByEmulation(call, block) }
    switch method {
    case "closed": return try forgeInClosedForm(call, call.network("net"), layers: call.layerSelection())
    case "linear": return try forgeByLinearSolve(call, call.network("net"), layers: call.layerSelection())
    default: return try forgeFromOwner(call, method)
    }
  },
  Native(
    "emulation_curve", area: "attacks",
    [
      netParameter, .init("claim", "claim", "what the owner kept"),
      .init("data", "data or split", "forgers learn from shares of its .train, and are measured on its .test"),
      .init("test", "split", default: "none", "where they are measured instead"),
      .init("method", "text", default: "\"cerb\"", "\"cerb\": a block over all channels; \"ierb\": one for each"),
      .init("shares", "list", default: "[10%, 5%, 2%]", "of the samples that a forger has: a row each"),
      .init("epochs", "number", default: "100", "how often a forger goes through his samples"),
      .init("batch", "number", default: "64", "samples of one step"),
      .init("augment", "true or false", default: "none", "crop and flip; as the split says if none"),
      .init("seed", "number", default: "none", "of the forgers' draws"),
    ],
    summary: "Scales and shifts trained without a passport (CERB, IERB): accuracy, and how many bits differ.",
    example: forgeryExampleSetting + """

      thief = release(net)
      emulation_curve(thief, log.claim, data, shares: [50%, 20%], epochs: 1)
      """
  ) { call in try emulationCurve(call) },
]

/// The owner's claim with other passports: random ones, or trained ones.
private func forgeFromOwner(_ call: NativeCall, _ method: String) throws -> Value {
  let owner = try call.forgeableClaim("claim")
  let suspect = try call.network("net")
  _ = try suspect.attaching(owner)
  if method == "random" {
    return .object(ClaimObject(claim: try RandomForgery(seed: call.randomSeed()).forge(owner)))
  }
  try call.requireForgersData()
  let rate = try call.number("rate", default: 0.1)
  var training = try PassportTraining(
    suspect, owner: owner, forgery: call.forgery(method, rate: rate), settings: call.forgerySettings())
  try training.run(
    on: call.samples("data", half: "train"), poll: call.session.checkInterrupt,
    observe: { call.session.report($0) })
  return .object(ClaimObject(claim: try training.claim()))
}

private func forgeInClosedForm(_ call: NativeCall, _ suspect: Network, layers: LayerSelection) throws -> Value {
  let passport = try call.optionalObject("passport", as: PassportObject.self, called: "a passport")?.passport
  let found = try ClosedFormForgery(seed: call.randomSeed()).forge(
    suspect, layers: layers, passport: passport, poll: call.session.checkInterrupt)
  return .object(ClaimObject(claim: found.claim))
}

private func forgeByLinearSolve(_ call: NativeCall, _ suspect: Network, layers: LayerSelection) throws -> Value {
  let found = try LinearSolveForgery().forge(suspect, layers: layers, poll: call.session.checkInterrupt)
  return .object(ClaimObject(claim: found.claim, unsolved: found.unsolved.map { "\($0.path): \($0.reason)" }))
}

/// Emulated scales and shifts as a claim: by the closed form, or as passports where the owner's form has no FC block.
private func forgeByEmulation(_ call: NativeCall, _ block: EmulationBlock) throws -> Value {
  try call.requireForgersData()
  let owner = call.isGiven("claim") ? try call.forgeableClaim("claim") : nil
  let suspect = try call.network("net").released(passports: owner?.passports ?? [])
  var layers = try call.layerSelection()
  if let owner { layers = .named(owner.passports.map(\.path)) }
  let hasBlocks = owner?.layers.allSatisfy(\.form.hasBlock) ?? true
  if !hasBlocks {
    // The branch is one of the solved layers alone: a layer that must keep its scale is not to be emulated.
    let solvable = try LinearSolveForgery().forge(suspect, layers: layers, poll: call.session.checkInterrupt)
    layers = .named(solvable.claim.passports.map(\.path))
  }
  var training = try EmulationTraining(suspect, layers: layers, block: block, settings: call.forgerySettings())
  try training.run(
    on: call.samples("data", half: "train"), poll: call.session.checkInterrupt,
    observe: { call.session.report($0) })
  let emulated = try training.network()
  return hasBlocks
    ? try forgeInClosedForm(call, emulated, layers: layers) : try forgeByLinearSolve(call, emulated, layers: layers)
}

/// A row of the table for each share of the data.
private func emulationCurve(_ call: NativeCall) throws -> Value {
  let name = try call.choice("method", of: EmulationBlock.allCases.map(\.rawValue), default: "cerb")
  let block = EmulationBlock(rawValue: name) ?? .collective
  let owner = try call.forgeableClaim("claim")
  let suspect = try call.network("net").released(passports: owner.passports)
  _ = try suspect.attaching(owner)
  let (train, test) = try (call.samples("data", half: "train"), call.forgeryTestSamples())
  let options = call.session.execution
  let shares = call.isGiven("shares") ? try call.numbers("shares") : [0.1, 0.05, 0.02]
  guard !shares.isEmpty else {
    throw call.fail("there is no share to try", argument: "shares", help: "shares: [10%, 5%, 2%]")
  }
  if let share = shares.first(where: { !($0 > 0 && $0 <= 1) }) {
    throw call.fail(
      "a share of the samples is above 0% and up to 100%, not \(Value.rate(share).display)", argument: "shares",
      help: "shares: [10%, 5%, 2%]")
  }
  let settings = try call.forgerySettings()
  let before = try Predictor(suspect, options: options).accuracy(test)
  var columns: [(name: String, values: [Value])] = [
    (name: "share", values: []), (name: "before", values: []), (name: "after", values: []),
    (name: "dissimilarity", values: []),
  ]
  do {
    for share in shares {
      var own = settings
      own.share = share
      var training = try EmulationTraining(
        suspect, layers: .named(owner.passports.map(\.path)), block: block, settings: own)
      try training.run(
        on: train, poll: call.session.checkInterrupt,
        observe: { call.session.report($0, of: Value.rate(share).display) })
      let emulated = try training.network()
      let after = try Predictor(emulated, options: options).accuracy(test)
      let bits = try ForgeryMeasurement.BitCount(of: owner, inScalesOf: emulated)
      for (column, value) in [share, before, after, 1 - bits.share].enumerated() {
        columns[column].values.append(.rate(value))
      }
    }
  } catch let stop as Interrupted {
    // The rows that are there are worth keeping.
    guard !columns[0].values.isEmpty else { throw stop }
    call.session.noteCutTable()
  }
  return .object(try Table(columns))
}

extension NativeCall {
  /// Refuses a training without samples.
  fileprivate func requireForgersData() throws {
    guard isGiven("data") else {
      throw fail("whoever trains needs samples", argument: "data", help: "data: fashion()")
    }
  }
}
