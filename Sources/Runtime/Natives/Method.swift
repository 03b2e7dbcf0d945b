import Datasets
import Figures
import Language
import Networks
import Ownership
import Passports
import Tensors
import Training

/// Natives of the method itself: passports, training, prediction and verification.
let methodNatives: [Native] = [
  Native(
    "passport", area: "method",
    [
      .init("text", "text", default: "none", "signed into the first bits, 8 a byte; the other bits are random"),
      .init("seed", "number", default: "none", "of passports and random bits: the owner's secret"),
      .init("texts", "record", default: "none", "texts for single layers: {\"features.4\": \"...\"}"),
      .init("images", "split", default: "none", "passports from these pictures instead of random ones"),
      .init("net", "model", default: "none", "the trained plain model that the pictures go through"),
    ],
    summary: "What an owner decides before training; the same passport serves any model.",
    example: "passport(\"(c) Lab 26\", seed: 42)"
  ) { call in
    var origin = Passport.Origin.random
    if let images = try call.optionalObject("images", as: ImagesObject.self, called: "a split") {
      guard call.isGiven("net") else {
        throw call.fail(
          "pictures become passports inside a trained network", argument: "images",
          help: "give it: passport(..., images: data.test, net: plain)")
      }
      let batch = try images.samples.batch(Array(0..<images.images.count), draws: nil)
      origin = .images(batch, network: try call.network("net"))
    } else if call.isGiven("net") {
      throw call.fail(
        "a network is for passports from pictures, and there are none", argument: "net", help: "images: data.test")
    }
    var texts: [String: String] = [:]
    if call.isGiven("texts") {
      for field in try call.record("texts").fields {
        guard case .text(let text) = field.value else {
          throw call.mismatch("texts", expected: "a record of texts by layer")
        }
        texts[field.name] = text
      }
    }
    return .object(
      PassportObject(
        passport: Passport(
          text: call.isGiven("text") ? try call.text("text") : nil, texts: texts, seed: try call.randomSeed(),
          origin: origin)))
  },
  Native(
    "train", area: "method",
    [
      netParameter,
      .init(
        "data", "data or split", "what to learn from; a data record gives its .train; or {images | points, labels}"),
      .init("epochs", "number", "how often to go through it"),
      .init("batch", "number", default: "64", "samples of one step"),
      .init("passport", "passport", default: "none", "of the owner; needs a model with passport layers"),
      .init("triggers", "trigger set", default: "none", "added to every batch"),
      .init("triggers_per_batch", "number", default: "2", "how many at a time"),
      .init(
        "scheme", "text", default: "\"passport-aware\"",
        "the method, or a baseline beside it: \"deepipr-v1\", \"deepipr-v2\", \"deepipr-v3\", \"uchida\" or \"adi\""),
      .init(
        "layers", "text or list", default: "\"all\"",
        "where a scheme puts its passports if the model has none yet; \"uchida\": the layer that carries the bits"),
      .init("bits", "number", default: "256", "\"uchida\": how many bits the watermark has"),
      .init("branches", "text", default: "\"together\"", "\"together\", or \"alternate\": one branch a step"),
      .init("ratio", "number", default: "50%", "alternate: share of passport-aware steps"),
      .init("optimizer", "optimizer", default: "sgd(0.01)", "sgd(...) or adam(...)"),
      .init("schedule", "schedule", default: "none", "when the rate falls: steps(...)"),
      .init("lambda_trigger", "number", default: "none", "weight of the triggers; none mixes them into the batch mean"),
      .init("lambda_sign", "number", default: "0.1", "weight of the sign loss"),
      .init("margin", "number", default: "0.1", "how far beyond zero a sign should stand"),
      .init("lambda_reading", "number", default: "1e-5", "weight of the squares of what passports read in the weights"),
      .init("sign_on", "text", default: "\"scale\"", "\"scale\", or \"both\" for the shift too"),
      .init("lambda_transform", "number", default: "0.001", "weight of the regulariser of a PointNet's transforms"),
      .init("augment", "true or false", default: "none", "crop and flip; as the split says if none"),
      .init("validation", "split", default: "none", "where the log's accuracies are measured; the batches if none"),
      .init("budget", "duration", default: "none", "time after which it stops: 5min"),
      .init("checkpoint", "text", default: "none", "a file that is written after every epoch"),
      .init(
        "resume", "text", default: "none", "a checkpoint to go on from; the same path as checkpoint: may not exist yet"),
      .init("seed", "number", default: "none", "of order, augmentation and dropout"),
    ],
    summary: "Trains a model in place, both branches if it carries passports, and returns the log with the claim.",
    example: """
      net = input([1, 28, 28]) |> conv(16, 3, stride: 2) |> norm(passport: true)
        |> relu |> flatten |> dense(10) |> model_of()
      owner = passport("me", seed: 1)
      train(net, fashion().train |> take(128), epochs: 1, passport: owner).epochs
      """
  ) { call in try train(call) },
  Native(
    "sgd", area: "method",
    [
      .init("rate", "number", default: "0.01", "the learning rate"),
      .init("momentum", "number", default: "0.9", "kept of the last step"),
      .init("decay", "number", default: "5e-4", "weight decay, added to the gradient"),
    ],
    summary: "Stochastic gradient descent with momentum, as PyTorch has it.", example: "sgd(0.01, momentum: 0.9)"
  ) { call in
    let rate = try call.number("rate", default: 0.01)
    let settings = OptimizerSettings.sgd(
      rate: rate, momentum: try call.number("momentum", default: 0.9), decay: try call.number("decay", default: 5e-4))
    return .object(
      SettingsObject(settings: settings, kindName: "an optimizer", text: "sgd, rate \(rate.shown(as: .plain))"))
  },
  Native(
    "adam", area: "method",
    [
      .init("rate", "number", default: "0.001", "the learning rate"),
      .init("beta1", "number", default: "0.9", "of the mean"),
      .init("beta2", "number", default: "0.999", "of the square"),
      .init("epsilon", "number", default: "1e-8", "below the root"),
      .init("decay", "number", default: "0", "weight decay, added to the gradient"),
    ],
    summary: "Adam, as PyTorch has it.", example: "adam(0.001)"
  ) { call in
    let rate = try call.number("rate", default: 1e-3)
    let settings = OptimizerSettings.adam(
      rate: rate, beta1: try call.number("beta1", default: 0.9), beta2: try call.number("beta2", default: 0.999),
      epsilon: try call.number("epsilon", default: 1e-8), decay: try call.number("decay", default: 0))
    return .object(
      SettingsObject(settings: settings, kindName: "an optimizer", text: "adam, rate \(rate.shown(as: .plain))"))
  },
  Native(
    "steps", area: "method",
    [
      .init("at", "list", default: "none", "the epochs after which the rate falls: [100, 150]"),
      .init("every", "number", default: "none", "or: after every so many epochs"),
      .init("factor", "number", default: "0.1", "what the rate is multiplied by"),
    ],
    summary: "A schedule for `train`: the learning rate falls in steps.", example: "steps([100, 150], factor: 0.1)"
  ) { call in
    let factor = try call.number("factor", default: 0.1)
    if call.isGiven("every") {
      let schedule = Schedule.every(epochs: try call.integer("every", in: 1...), factor: factor)
      return .object(
        SettingsObject(
          settings: schedule, kindName: "a schedule", text: "steps every \(try call.integer("every")) epochs"))
    }
    guard call.isGiven("at") else { throw call.fail("say when: steps([3, 5]) or steps(every: 20)", argument: "at") }
    let epochs = try call.integers("at")
    return .object(
      SettingsObject(
        settings: Schedule.milestones(epochs, factor: factor), kindName: "a schedule", text: "steps at \(epochs)"))
  },
  Native(
    "predict", area: "method",
    [netParameter, .init("data", "split", "what to look at")] + branchParameters,
    summary: "The class of each sample, as a list.",
    example: """
      net = input([1, 28, 28]) |> flatten |> dense(10) |> model_of()
      predict(net, fashion().test |> take(3)) |> len
      """
  ) { call in
    let predictor = try predictor(call)
    return try .list(predictor.predictions(call.samples("data", half: "test")).map { .integer(Int($0)) })
  },
  Native(
    "accuracy", area: "method",
    [netParameter, .init("data", "split", "what to look at; a data record gives its .test")] + branchParameters,
    summary:
      "The share of samples that a branch recognises: the passport-free one unless a passport or claim is given.",
    example: """
      net = input([1, 28, 28]) |> flatten |> dense(10) |> model_of()
      accuracy(net, fashion().test |> take(100)) < 50%
      """
  ) { call in
    .rate(try predictor(call).accuracy(call.samples("data", half: "test")))
  },
  Native(
    "confusion", area: "method",
    [netParameter, .init("data", "split", "what to look at")] + branchParameters,
    summary: "Counts [true class, predicted class]: a tensor that shows itself as a figure.",
    example: """
      net = input([1, 28, 28]) |> flatten |> dense(10) |> model_of()
      shape(confusion(net, fashion().test |> take(50)))
      """
  ) { call in
    let predictor = try predictor(call)
    let samples = try call.samples("data", half: "test")
    let classes = predictor.network.outputShape.last ?? 1
    var counts = [Float](repeating: 0, count: classes * classes)
    for (label, prediction) in zip(samples.labels, try predictor.predictions(samples)) {
      guard (0..<Int32(classes)).contains(label) else {
        throw call.fail("label \(label) does not fit \(classes) classes", argument: "data")
      }
      counts[Int(label) * classes + Int(prediction)] += 1
    }
    let rows = (0..<classes).map { row in counts[row * classes..<(row + 1) * classes].map(Double.init) }
    let names = call.classNames("data", half: "test")
    let matrix = ConfusionMatrix(counts: rows, classNames: names.count == classes ? names : [])
    return .object(
      TensorObject(try Tensor(counts, shape: [classes, classes]), figure: Figure(.confusion(matrix))))
  },
  Native(
    "verify", area: "method",
    [
      .init("net", "model", "the suspect, usually without the branch"),
      .init("owner", "passport", default: "none", "the owner's passport, with which the claim must agree"),
      .init("claim", "claim", default: "none", "what the owner kept, log.claim; never left out"),
      .init("data", "split", default: "none", "to measure both branches"),
      .init("triggers", "trigger set", default: "none", "to ask the suspect"),
    ],
    summary:
      "Puts the owner's branch back around a suspect's weights: signature, accuracies, triggers and their chances.",
    example: """
      net = input([1, 28, 28]) |> conv(16, 3, stride: 2) |> norm(passport: true)
        |> relu |> flatten |> dense(10) |> model_of()
      owner = passport("me", seed: 1)
      log = train(net, fashion().train |> take(256), epochs: 1, passport: owner)
      verify(release(net), owner, claim: log.claim).bits
      """
  ) { call in try verify(call) },
]

private let branchParameters: [Native.Parameter] = [
  .init("passport", "passport", default: "none", "the passport-aware branch of a model that carries it"),
  .init("claim", "claim", default: "none", "the passport-aware branch that this claim puts back"),
]

/// The branch that `passport:` and `claim:` choose.
private func predictor(_ call: NativeCall) throws -> Predictor {
  let network = try call.network("net")
  let options = call.session.execution
  if let claim = try call.optionalObject("claim", as: ClaimObject.self, called: "a claim")?.claim {
    return try Predictor(network.attaching(claim), passports: claim.passports, options: options)
  }
  guard let owner = try call.optionalObject("passport", as: PassportObject.self, called: "a passport")?.passport else {
    return try Predictor(network, options: options)
  }
  guard network.carriesPassports else {
    throw call.fail(
      "this model carries no passport-aware branch: it is plain or released", argument: "passport",
      help: "put the branch back with claim: log.claim")
  }
  return try Predictor(network, passports: owner.issue(for: network), options: options)
}

private func verify(_ call: NativeCall) throws -> Value {
  let claim = try call.object("claim", as: ClaimObject.self, called: "a claim such as log.claim").claim
  let suspect = try call.network("net")
  if let owner = try call.optionalObject("owner", as: PassportObject.self, called: "a passport")?.passport {
    // The claim must be what this owner's passport gives, or it proves nothing about the owner.
    guard claim.watermark != nil || !claim.layers.isEmpty else {
      throw call.fail(
        "the claim is by triggers alone, which no passport made", argument: "owner",
        help: "leave the passport out: verify(net, claim: ..., triggers: ...)")
    }
    guard try agrees(claim, with: owner, on: suspect) else {
      throw call.fail("the claim was made with another passport than this owner's", argument: "claim")
    }
  }
  let triggers = try call.optionalObject("triggers", as: TriggersObject.self, called: "a trigger set")?.triggers
  guard claim.bits > 0 || triggers != nil || call.isGiven("data") else {
    throw call.fail(
      "the claim is by triggers alone, and shows nothing without them", argument: "claim", help: "triggers: marks")
  }
  return .object(
    VerificationObject(
      verification: try Verification(
        suspect, claim: claim, data: call.isGiven("data") ? call.samples("data", half: "test") : nil,
        triggers: triggers,
        options: call.session.execution)))
}

/// Whether a claim is what this passport gives on the network.
private func agrees(_ claim: Claim, with owner: Passport, on suspect: Network) throws -> Bool {
  if let watermark = claim.watermark {
    let length = watermark.signature.signs.count
    guard Signature.signs(of: owner.text ?? "").count <= length else { return false }
    let issued = try Watermark(
      owner, source: watermark.source, bits: length, length: watermark.projection.shape[1])
    return issued.signature == watermark.signature && issued.projection.elements == watermark.projection.elements
  }
  let room = claim.passports.reduce(0) { $0 + $1.signature.signs.count }
  // A longer text than there is room for was not signed into it.
  guard Signature.signs(of: owner.text ?? "").count <= room else { return false }
  let issued = try owner.issue(for: suspect.attaching(claim))
  return issued.count == claim.passports.count
    && zip(issued, claim.passports).allSatisfy {
      $0.signature == $1.signature && $0.scale.elements == $1.scale.elements && $0.shift.elements == $1.shift.elements
    }
}
