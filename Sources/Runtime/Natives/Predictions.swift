import Datasets
import Language
import Ownership
import Services

/// Natives for suspects that one can ask and not open.
let predictionNatives: [Native] = [
  Native(
    "predictions", area: "method",
    [
      .init("source", "text", "a CSV file of \"trigger,predicted\", or the http:// address of a service"),
      .init("triggers", "trigger set", "what the suspect was asked about"),
      .init("classes", "number", default: "none", "classes of the suspect; the trigger set's own if none"),
      .init("batch", "number", default: "32", "service: triggers sent at once"),
      .init("timeout", "duration", default: "30s", "service: how long one batch may take"),
      .init(
        "layout", "text", default: "\"channels_first\"",
        "service: \"channels_first\" as networks here take it, or \"channels_last\""),
      .init(
        "values", "text", default: "\"normalised\"",
        "service: pixels \"normalised\" as here, \"unit\" (0 to 1), or \"bytes\" (0 to 255)"),
    ],
    summary: "What a model that one cannot open says of each trigger: its classes, from a file or a service.",
    example: "fn ask(it) { predictions(\"http://localhost:8501/v1/models/a:predict\", it) }"
  ) { call in
    let source = try call.text("source")
    let triggers = try call.object("triggers", as: TriggersObject.self, called: "a trigger set").triggers
    let classes = try call.integer("classes", in: 2...100_000, default: triggers.classNames.count)
    let found =
      ServiceAddress.isAddress(source)
      ? try call.askedPredictions(source, triggers, classes: classes)
      : try call.readPredictions(source, triggers, classes: classes)
    return try .list(found.map { .integer(Int($0)) })
  }
]

extension NativeCall {
  fileprivate func readPredictions(_ path: String, _ triggers: TriggerSet, classes: Int) throws -> [Int32] {
    if let label = ["batch", "timeout", "layout", "values"].first(where: isGiven) {
      throw fail("'\(label)' is for a service, and \(path.quoted) is a file", argument: label)
    }
    return try PredictionFile.read(path, count: triggers.count, classes: classes)
  }

  fileprivate func askedPredictions(_ address: String, _ triggers: TriggerSet, classes: Int) throws -> [Int32] {
    var service = try PredictionService(address)
    service.batch = try integer("batch", in: 1...100_000, default: service.batch)
    if isGiven("timeout") { service.timeout = .seconds(try number("timeout", in: 0.001...86_400)) }
    let layouts = PredictionService.Layout.allCases.map(\.rawValue)
    let layout = try choice("layout", of: layouts, default: service.layout.rawValue)
    service.layout = PredictionService.Layout(rawValue: layout) ?? service.layout
    if isGiven("values"), triggers.clouds != nil {
      throw fail("'values' is for pixels, and these are clouds", argument: "values")
    }
    let values = try choice(
      "values", of: PredictionService.Values.allCases.map(\.rawValue), default: service.values.rawValue)
    service.values = PredictionService.Values(rawValue: values) ?? service.values
    return try service.predictions(of: triggers, classes: classes, poll: session.checkInterrupt) { done in
      guard !session.options.isQuiet else { return }
      session.output.progress(ProgressReport("asking", completed: done, total: triggers.count))
    }
  }
}
