import Attacks
import Language
import Ownership
import Passports
import Tensors
import Training

/// Attacks on a protected model; the originals stay as they are.
let attackNatives: [Native] = [
  Native(
    "prune", area: "attacks",
    [
      netParameter, .init("rate", "number", "share of the parameters, 0% to 100%"),
      .init("fc", "text", default: "\"spared\"", "\"spared\": FC blocks count for the threshold only; or \"pruned\""),
    ],
    summary: "A copy whose smallest weights are zero: one threshold for the whole network, no retraining.",
    example: "prune(alexnet(10, widths: [16, 16, 16, 16, 16]), 30%)"
  ) { call in
    let blocks = try call.choice("fc", of: ["spared", "pruned"], default: "spared")
    return .object(
      ModelObject(
        try Pruning(rate: call.number("rate"), prunesBlocks: blocks == "pruned").apply(to: call.network("net"))))
  },
  Native(
    "prune_curve", area: "attacks",
    [
      netParameter, .init("rates", "list", "the rates to try: 0%..90% by 10%"),
      .init("claim", "claim", "what the owner kept"),
      .init("data", "split", default: "none", "to measure both branches"),
      .init("triggers", "trigger set", default: "none", "to ask the pruned model"),
    ],
    summary: "What pruning leaves of accuracy, signature and triggers, as a table with one row a rate.",
    example: """
      net = input([1, 28, 28]) |> conv(16, 3, stride: 2) |> norm(passport: true)
        |> relu |> flatten |> dense(10) |> model_of()
      owner = passport("me", seed: 1)
      log = train(net, fashion().train |> take(128), epochs: 1, passport: owner)
      prune_curve(release(net), [0%, 50%], claim: log.claim)
      """
  ) { call in
    let network = try call.network("net")
    let rates = try call.numbers("rates")
    let found = try call.examine(network, settings: rates, called: "prune") { rate in
      try Pruning(rate: rate).apply(to: network)
    }
    return .object(try Table([("rate", rates.map(Value.rate))] + survivalColumns(found)))
  },
]

/// Statistics that decide a dispute.
let statisticsNatives: [Native] = [
  Native(
    "binomial_tail", area: "statistics",
    [
      .init("matches", "number", "bits that match"), .init("bits", "number", "bits in all"),
      .init("p", "number", default: "50%", "the chance of one match"),
    ],
    summary: "log10 of the exact chance of at least so many matches; never underflows.",
    example: "binomial_tail(1152, 1152)"
  ) { call in
    .number(
      try BinomialTail.log10(
        matches: call.integer("matches", in: 0...), trials: call.integer("bits", in: 1...),
        probability: call.number("p", default: 0.5)))
  },
  Native(
    "interval", area: "statistics",
    [
      .init("successes", "number", "how often it happened"), .init("trials", "number", "how often it could have"),
      .init("confidence", "number", default: "95%", "of the interval"),
      .init("method", "text", default: "\"wilson\"", "\"wilson\", or \"exact\" (Clopper-Pearson)"),
    ],
    summary: "The confidence interval of a rate, as [low, high].", example: "interval(90, 100)"
  ) { call in
    let (successes, trials) = (try call.integer("successes", in: 0...), try call.integer("trials", in: 1...))
    let confidence = try call.number("confidence", default: 0.95)
    let method = try call.choice("method", of: ["wilson", "exact"], default: "wilson")
    let interval =
      method == "wilson"
      ? try Wilson.interval(successes: successes, trials: trials, confidence: confidence)
      : try ClopperPearson.interval(successes: successes, trials: trials, confidence: confidence)
    return try .list([.rate(interval.lowerBound), .rate(interval.upperBound)])
  },
  Native(
    "median", area: "statistics", [.init("values", "list", "numbers")],
    summary: "The middle of the sorted numbers.", example: "median([3, 1, 2])"
  ) { call in
    let numbers = try call.numbers("values").sorted()
    guard !numbers.isEmpty else { throw call.fail("there are no numbers", argument: "values") }
    let middle = numbers.count / 2
    let median = numbers.count % 2 == 1 ? numbers[middle] : (numbers[middle - 1] + numbers[middle]) / 2
    if case .number(_, let style)? = try call.list("values").first { return .number(median, style) }
    return .number(median)
  },
]
