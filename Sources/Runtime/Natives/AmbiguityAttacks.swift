import Attacks
import Language
import Networks
import Ownership
import Passports
import Training

/// Attacks by someone who claims another's model; model and owner's claim stay as they are.
let ambiguityNatives: [Native] = [
  Native(
    "ambiguity_curve", area: "attacks",
    [
      netParameter, .init("claim", "claim", "what the owner kept"),
      .init("data", "data or split", "forgers learn from its .train, and are measured on its .test"),
      .init("test", "split", default: "none", "where they are measured instead"),
      .init(
        "method", "text", default: "\"reverse\"",
        "\"random\": a row an attempt; \"reverse\": an epoch; \"flip\", \"scales\": a rate"),
      .init("attempts", "number", default: "10", "random: how many strangers try"),
      .init("rates", "list", default: "0%..100% by 10%", "flip, scales: shares of the bits that are flipped"),
    ] + forgerTrainingParameters + [.init("seed", "number", default: "none", "of the forgers' draws")],
    summary: "How far forged passports get, as a table; a row a rate shows the last epoch, and none is chosen as best.",
    example: forgeryExampleSetting + """

      ambiguity_curve(release(net), log.claim, data, epochs: 1)
      """
  ) { call in try ambiguityCurve(call) },
  Native(
    "flip_scales", area: "attacks",
    [
      netParameter, .init("rate", "number", "share of the passport scales, 0% to 100%"),
      .init("claim", "claim", "what the owner kept"),
      .init("seed", "number", default: "none", "of which are flipped"),
    ],
    summary: "The passport-aware branch as an ordinary model, with signs of its passport scales reversed (DeepIPR).",
    example: forgeryExampleSetting + """

      flipped = flip_scales(release(net), 10%, claim: log.claim, seed: 1)
      accuracy(flipped, data) <= 100%
      """
  ) { call in
    let claim = try call.forgeableClaim("claim")
    let flip = ScaleFlip(rate: try call.number("rate"), seed: try call.randomSeed())
    return .object(ModelObject(try flip.apply(to: call.network("net"), claim: claim).network))
  },
]

/// What every forger takes who trains.
let forgerTrainingParameters: [Native.Parameter] = [
  .init("epochs", "number", default: "100", "how often a forger goes through his samples"),
  .init("batch", "number", default: "64", "samples of one step"),
  .init("share", "number", default: "100%", "of the samples that the forger has"),
  .init("augment", "true or false", default: "none", "crop and flip; as the split says if none"),
  .init("start", "text", default: "\"normal\"", "reverse: passports start as \"normal\" numbers, or \"small\" ones"),
  .init(
    "blocks", "text", default: "\"kept\"",
    "FC blocks: the owner's (\"kept\"), new (\"reset\"), or new and \"trained\" along"),
  .init("lambda_sign", "number", default: "0.1", "flip: weight of the sign loss towards the flipped bits"),
]

/// A model, its owner's claim and some data, which examples attack.
let forgeryExampleSetting = """
  net = input([1, 28, 28]) |> conv(16, 3, stride: 2) |> norm(passport: true)
    |> relu |> flatten |> dense(10) |> model_of()
  images = fashion()
  data = {train: images.train |> take(99), test: images.test |> take(99)}
  log = train(net, data, epochs: 1, passport: passport("me", seed: 1))
  """

/// A row of the table for each attempt, epoch or rate.
private func ambiguityCurve(_ call: NativeCall) throws -> Value {
  let method = try call.choice("method", of: ["random", "reverse", "flip", "scales"], default: "reverse")
  let owner = try call.forgeableClaim("claim")
  let suspect = try call.network("net")
  let test = try call.forgeryTestSamples()
  let options = call.session.execution
  let accuracy = try Predictor(suspect.attaching(owner), passports: owner.passports, options: options).accuracy(test)
  var curve = ForgeryCurve(owner: accuracy)
  func measure(_ forged: Claim) throws -> ForgeryMeasurement {
    try ForgeryMeasurement(of: forged, beside: owner, on: suspect, data: test, options: options)
  }
  do {
    switch method {
    case "random":
      let seed = try call.randomSeed()
      for attempt in 1...(try call.integer("attempts", in: 1...1_000_000, default: 10)) {
        try call.session.checkInterrupt()
        let own = RandomForgery.seed(seed, attempt: attempt)
        curve.add("attempt", .integer(attempt), try measure(RandomForgery(seed: own).forge(owner)))
      }
    case "reverse":
      var training = try PassportTraining(
        suspect, owner: owner, forgery: call.forgery(method, rate: 0), settings: call.forgerySettings())
      curve.add("epoch", .integer(0), try measure(training.claim()))
      try training.run(
        on: call.samples("data", half: "train"), poll: call.session.checkInterrupt,
        observe: { call.session.report($0) },
        endEpoch: { epoch, training in curve.add("epoch", .integer(epoch), try measure(training.claim())) })
    case "flip":
      let settings = try call.forgerySettings()
      for rate in try call.rates() {
        var training = try PassportTraining(
          suspect, owner: owner, forgery: call.forgery(method, rate: rate), settings: settings)
        try training.run(
          on: call.samples("data", half: "train"), poll: call.session.checkInterrupt,
          observe: { call.session.report($0, of: Value.rate(rate).display) })
        curve.add("rate", .rate(rate), try measure(training.claim()))
      }
    default:
      let seed = try call.randomSeed()
      for rate in try call.rates() {
        let flipped = try ScaleFlip(rate: rate, seed: seed).apply(to: suspect, claim: owner)
        curve.add(
          "rate", .rate(rate), accuracy: try Predictor(flipped.network, options: options).accuracy(test),
          ownerBits: flipped.bits)
      }
    }
  } catch let stop as Interrupted {
    // The rows that are there are worth keeping.
    guard !curve.isEmpty else { throw stop }
    call.session.noteCutTable()
  }
  return .object(try curve.table())
}

extension NativeCall {
  fileprivate func rates() throws -> [Double] {
    guard isGiven("rates") else { return (0...10).map { Double($0) / 10 } }
    let rates = try numbers("rates")
    guard !rates.isEmpty else {
      throw fail("there is no rate to try", argument: "rates", help: "rates: [0%, 50%, 100%]")
    }
    return rates
  }
}

/// The columns of `ambiguity_curve` as they grow.
private struct ForgeryCurve {
  /// Accuracy of the passport-aware branch with the owner's passports.
  let owner: Double
  private var columns: [(name: String, values: [Value])] = []

  init(owner: Double) { self.owner = owner }

  var isEmpty: Bool { columns.isEmpty }

  mutating func add(_ key: String, _ place: Value, _ found: ForgeryMeasurement) {
    add(key, place, accuracy: found.accuracy ?? 0, ownerBits: found.ownerBits)
    put("forger_bits", .rate(found.forgerBits.share))
    put("forger_log10_p", .number(found.forgerBits.log10P))
    put("cosine", .number(found.distance.meanCosine))
    put("mse", .number(found.distance.meanSquaredError))
  }

  mutating func add(_ key: String, _ place: Value, accuracy: Double, ownerBits: ForgeryMeasurement.BitCount) {
    put(key, place)
    put("forged", .rate(accuracy))
    put("owner", .rate(owner))
    put("owner_bits", .rate(ownerBits.share))
    put("owner_log10_p", .number(ownerBits.log10P))
  }

  private mutating func put(_ name: String, _ value: Value) {
    if let position = columns.firstIndex(where: { $0.name == name }) {
      columns[position].values.append(value)
    } else {
      columns.append((name, [value]))
    }
  }

  func table() throws -> Table { try Table(columns) }
}
