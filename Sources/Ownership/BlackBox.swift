import Datasets

/// What predictions on the triggers show of a model that one cannot open.
public struct BlackBox: Equatable, Sendable {
  /// How many predictions are the trigger's label.
  public let matches: Int
  public let count: Int
  /// The share of the most frequent label, which a model gets right that calls everything that.
  public let chance: Double
  /// log10 of P[X ≥ matches], X ~ Bin(count, chance).
  public let binomialLog10P: Double
  /// log10 of the share of all orders of the labels that match the predictions as often; none where there are more
  /// triggers than `PermutationTest` takes.
  public let permutationLog10P: Double?
  /// What the figures rest on, in plain words.
  public let assumptions: [String]

  /// The share of triggers that are taken for their label.
  public var share: Double { Double(matches) / Double(count) }

  /// Compares one prediction a trigger, in the order of the triggers, with their labels.
  ///
  /// - Parameter poll: Called now and then; what it throws ends the work.
  /// - Throws: `StatisticsError` where there is not one class for each trigger.
  public init(predictions: [Int32], triggers: TriggerSet, poll: () throws -> Void = {}) throws {
    let labels = triggers.labels
    guard !labels.isEmpty, predictions.count == labels.count else {
      throw StatisticsError("\(predictions.count) predictions of \(labels.count) triggers; expected one for each")
    }
    if let bad = predictions.first(where: { $0 < 0 || $0 >= Self.mostClasses }) {
      throw StatisticsError("the prediction \(bad) is no class; expected 0 to \(Self.mostClasses - 1)")
    }
    let classes = Int(max(labels.max() ?? 0, predictions.max() ?? 0)) + 1
    let labelCounts = Self.counts(labels, classes: classes)
    matches = zip(labels, predictions).count { $0 == $1 }
    count = labels.count
    chance = Double(labelCounts.max() ?? 0) / Double(count)
    binomialLog10P =
      chance < 1 ? try BinomialTail.log10(matches: matches, trials: count, probability: chance) : 0
    var assumptions = [
      "triggers: they were not shown to the model, and its predictions were not made up",
      "binomial: chance gets at most the share of the most frequent label right, each trigger by itself",
    ]
    if count <= PermutationTest.mostLabels {
      permutationLog10P = try PermutationTest.log10(
        matches: matches, labels: labelCounts, predictions: Self.counts(predictions, classes: classes), poll: poll)
      assumptions.append("permutation: the labels were dealt out at random, each order as likely as any other")
    } else {
      permutationLog10P = nil
      assumptions.append(
        "permutation: refused, since \(count) triggers are more than the \(PermutationTest.mostLabels) it takes")
    }
    self.assumptions = assumptions
  }

  private static let mostClasses = 100_000

  private static func counts(_ labels: [Int32], classes: Int) -> [Int] {
    labels.reduce(into: [Int](repeating: 0, count: classes)) { $0[Int($1)] += 1 }
  }
}
