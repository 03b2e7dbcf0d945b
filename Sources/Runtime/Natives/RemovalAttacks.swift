import Attacks
import Language
import Networks
import Passports
import Training

/// Attacks that try to remove what an owner wrote into a released model, each as the attacked model and as a table of
/// what the owner still finds. The originals stay as they are.
let removalAttackNatives: [Native] = [
  Native(
    "quantize", area: "attacks",
    [netParameter, .init("bits", "number", "of each weight, 2 to 16")],
    summary: "A copy whose weights took few bits: symmetric levels for each output channel, computed with as floats.",
    example: "quantize(alexnet(10, widths: [16, 16, 16, 16, 16]), 4)"
  ) { call in
    .object(ModelObject(try Quantization(bits: call.integer("bits")).apply(to: call.network("net"))))
  },
  Native(
    "quantize_curve", area: "attacks",
    [netParameter, .init("bits", "list", "the numbers of bits to try: [8, 6, 4, 2]"), claimParameter]
      + [dataParameter, triggersParameter],
    summary: "What quantisation leaves of accuracy, signature and triggers, as a table with one row a number of bits.",
    example: protectedExample + "quantize_curve(release(net), [8, 2], claim: log.claim)"
  ) { call in
    let network = try call.network("net")
    let bits = try call.integers("bits")
    let found = try call.examine(network, settings: bits, called: "quantize") { bits in
      try Quantization(bits: bits).apply(to: network)
    }
    return .object(try Table([("bits", bits.map(Value.integer))] + survivalColumns(found)))
  },
  Native(
    "fine_tune", area: "attacks",
    retrainingParameters + [methodParameter, statisticsLossParameter] + thiefParameters,
    summary: "A copy that a thief has trained on, by the loss of the task alone.",
    example: protectedExample + "fine_tune(release(net), part, epochs: 1, method: \"rtll\")"
  ) { call in
    try attacked(call, FineTuning(call.fineTuningMethod("method"), losesStatistics: call.losesStatistics()))
  },
  Native(
    "fine_tune_curve", area: "attacks",
    retrainingParameters + [claimParameter]
      + [
        .init("methods", "text or list", default: "\"ftal\"", "some of \"ftll\", \"ftal\", \"rtll\", \"rtal\""),
        statisticsLossParameter,
      ] + examinationParameters + thiefParameters,
    summary: "What fine-tuning leaves of accuracy, signature and triggers, as a table with one row an epoch.",
    example: protectedExample + "fine_tune_curve(release(net), part, epochs: 1, claim: log.claim)"
  ) { call in
    let methods = try call.fineTuningMethods()
    var curves: [RetrainingCurve] = []
    for method in methods {
      let curve = try retrainingCurve(call, FineTuning(method, losesStatistics: call.losesStatistics()))
      curves.append(curve)
      if curve.isInterrupted { break }
    }
    let names = zip(methods, curves).flatMap { method, curve in curve.epochs.map { _ in Value.text(method.rawValue) } }
    let epochs = curves.flatMap(\.epochs).map(Value.integer)
    return .object(
      try Table([("method", names), ("epoch", epochs)] + survivalColumns(curves.flatMap(\.found))))
  },
  Native(
    "transfer", area: "attacks",
    retrainingParameters + transferParameters + [statisticsLossParameter] + thiefParameters,
    summary: "A copy that a thief has taught another task: a new head, trained with all layers or alone.",
    example: protectedExample + "transfer(release(net), part, epochs: 1, layers: \"last\")"
  ) { call in try attacked(call, call.transfer()) },
  Native(
    "transfer_curve", area: "attacks",
    retrainingParameters + [claimParameter] + transferParameters + [statisticsLossParameter] + examinationParameters
      + thiefParameters,
    summary:
      "What transfer leaves, one row an epoch; triggers are asked with the old head, and bits of lost layers are gone.",
    example: protectedExample + "transfer_curve(release(net), part, epochs: 1, claim: log.claim)"
  ) { call in try call.epochTable(retrainingCurve(call, call.transfer()), losesLayers: true) },
  Native(
    "distill", area: "attacks", retrainingParameters + distillationParameters + thiefParameters,
    summary: "A student that learns, from nothing, what the model says of samples; their own labels are not used.",
    example: protectedExample + "distill(release(net), part, epochs: 1, answers: \"labels\")"
  ) { call in try attacked(call, call.distillation()) },
  Native(
    "distill_curve", area: "attacks",
    retrainingParameters + [claimParameter] + distillationParameters + examinationParameters + thiefParameters,
    summary: "What is found in a student, one row an epoch; bits of layers that it does not have are gone.",
    example: protectedExample + "distill_curve(release(net), part, epochs: 1, claim: log.claim)"
  ) { call in try call.epochTable(retrainingCurve(call, call.distillation()), losesLayers: true) },
  Native(
    "overwrite", area: "attacks", overwritingParameters + thiefParameters,
    summary: "What a second owner makes of a model: {net, claim}, protected anew, trained in both branches, released.",
    example: protectedExample + "overwrite(release(net), part, epochs: 1, passport: passport(seed: 2)).claim"
  ) { call in
    let attack = Overwriting(layers: try call.layerSelection())
    let trainer = try finished(call, attack)
    return try .record([
      "net": .object(ModelObject(try attack.result(of: trainer))),
      "claim": trainer.claim().map { .object(ClaimObject(claim: $0)) } ?? .none,
    ])
  },
  Native(
    "overwrite_curve", area: "attacks",
    Array(overwritingParameters.prefix(4)) + [claimParameter] + overwritingParameters.dropFirst(4)
      + examinationParameters + thiefParameters,
    summary: "What overwriting leaves to the first owner, one row an epoch, and what the second one has in second_*.",
    example: protectedExample
      + "thief = passport(seed: 2)\n"
      + "overwrite_curve(net, part, epochs: 1, passport: thief, claim: log.claim)"
  ) { call in
    var second: [Survival] = []
    let found = try retrainingCurve(call, Overwriting(layers: call.layerSelection())) { trainer, attacked in
      guard let claim = try trainer.claim() else { return }
      // The triggers are the first owner's.
      second.append(try call.examination(claim: claim, asksTriggers: false).survival(in: attacked))
    }
    let columns = survivalColumns(second).filter { $0.name != "free" }
    return .object(
      try Table(
        [("epoch", found.epochs.map(Value.integer))] + survivalColumns(found.found)
          + columns.map { ("second_" + $0.name, $0.values) }))
  },
]

// MARK: Parameters

/// An owner's net and claim, for examples to attack.
private let protectedExample = """
  net = input([1, 28, 28]) |> conv(16, 3, stride: 2) |> norm(passport: true)
    |> relu |> flatten |> dense(10) |> model_of()
  part = fashion().train |> take(128)
  log = train(net, part, epochs: 1, passport: passport("me", seed: 1))

  """

private let claimParameter = Native.Parameter("claim", "claim", "what the owner kept")
private let dataParameter = Native.Parameter("data", "split", default: "none", "to measure both branches")
private let triggersParameter = Native.Parameter(
  "triggers", "trigger set", default: "none", "to ask the attacked model")

/// What every attack that trains needs.
private let retrainingParameters: [Native.Parameter] = [
  netParameter,
  .init("data", "data or split", "what the thief has; a data record gives its .train"),
  .init("epochs", "number", "how often to go through it"),
]

/// What an owner brings along, beside the claim.
private let examinationParameters: [Native.Parameter] = [
  .init("test", "split", default: "none", "to measure both branches; data.test if data is a record"),
  triggersParameter,
]

/// How the thief trains.
private let thiefParameters: [Native.Parameter] = [
  .init("batch", "number", default: "64", "samples of one step"),
  .init(
    "optimizer", "optimizer", default: "none", "the paper's: sgd(...) for images, adam(0.001, decay: 1e-4) for clouds"),
  .init("schedule", "schedule", default: "none", "when the rate falls: steps(...)"),
  .init("augment", "true or false", default: "none", "crop and flip; as the split says if none"),
  .init("budget", "duration", default: "none", "time after which it stops: 5min"),
  .init("checkpoint", "text", default: "none", "a file that is written after every epoch"),
  .init("resume", "text", default: "none", "a checkpoint to go on from"),
  .init("seed", "number", default: "none", "of new layers, order, augmentation and dropout"),
]

private let methodParameter = Native.Parameter(
  "method", "text", default: "\"ftal\"",
  "fine-tune (ft) or restart (rt) the last layer, and train the last layer (ll) or all (al)")

private let statisticsLossParameter = Native.Parameter(
  "statistics", "text", default: "\"kept\"", "running statistics; \"lost\" restarts them, as the released code does")

private let transferParameters: [Native.Parameter] = [
  .init("classes", "number", default: "none", "of the new task; as many as the data has"),
  .init("layers", "text", default: "\"all\"", "what is trained: \"all\", or \"last\" for the new head alone"),
]

private let distillationParameters: [Native.Parameter] = [
  .init("student", "model", default: "none", "what learns; a new model of the same architecture if none"),
  .init("answers", "text", default: "\"probabilities\"", "what the model gives away: \"probabilities\" or \"labels\""),
  .init("temperature", "number", default: "4", "of the probabilities; higher shows more of the unlikely classes"),
]

private let overwritingParameters: [Native.Parameter] =
  retrainingParameters + [
    .init("passport", "passport", "of the second owner"),
    .init("layers", "text or list", default: "\"all\"", "where he writes, as for protect"),
  ]

extension NativeCall {
  fileprivate func fineTuningMethod(_ label: String) throws -> FineTuning.Method {
    let name = try choice(label, of: FineTuning.Method.allCases.map(\.rawValue), default: "ftal")
    return FineTuning.Method(rawValue: name) ?? .ftal
  }

  /// One method, or a list; a checkpoint belongs to one.
  fileprivate func fineTuningMethods() throws -> [FineTuning.Method] {
    guard case .list(let list) = value("methods") else { return [try fineTuningMethod("methods")] }
    let methods = try list.elements.map { element -> FineTuning.Method in
      guard case .text(let name) = element, let method = FineTuning.Method(rawValue: name) else {
        let known = FineTuning.Method.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
        throw fail("'methods' holds some of \(known), not \(element.display)", argument: "methods")
      }
      return method
    }
    guard !methods.isEmpty else { throw fail("name at least one method", argument: "methods") }
    for label in ["checkpoint", "resume"] where isGiven(label) && methods.count > 1 {
      throw fail("a checkpoint belongs to one method, not to \(methods.count)", argument: label)
    }
    return methods
  }

  fileprivate func losesStatistics() throws -> Bool {
    try choice("statistics", of: ["kept", "lost"], default: "kept") == "lost"
  }

  fileprivate func transfer() throws -> Transfer {
    let layers = try choice("layers", of: ["all", "last"], default: "all")
    let named = classNames("data", half: "train").count
    let labelled = try samples("data", half: "train").labels.max().map { Int($0) + 1 } ?? 0
    let classes = try integer("classes", default: max(named, labelled))
    guard (2...100_000).contains(classes) else {
      throw fail("a task has 2 to 100000 classes, not \(classes)", argument: isGiven("classes") ? "classes" : "data")
    }
    return Transfer(classes: classes, trainsHeadAlone: layers == "last", losesStatistics: try losesStatistics())
  }

  fileprivate func distillation() throws -> Distillation {
    let answers = try choice("answers", of: ["probabilities", "labels"], default: "probabilities")
    let temperature = Float(try number("temperature", default: 4))
    return Distillation(
      answers == "labels" ? .labels : .probabilities(temperature: temperature),
      student: isGiven("student") ? try network("student") : nil)
  }
}
