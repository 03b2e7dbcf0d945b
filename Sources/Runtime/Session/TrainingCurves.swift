import Figures
import Training

/// The course of a training so far, as figures to look at while it runs: the loss, and the accuracy of each branch.
public struct TrainingCurves: Sendable {
  private var loss = Curve()
  private var free = Curve()
  private var aware = Curve()

  mutating func add(_ step: TrainingProgress.Step) {
    loss.add(step.loss)
    step.free.map { free.add($0) }
    step.aware.map { aware.add($0) }
  }

  /// The loss, then the accuracies; what has no point yet is left out.
  public var figures: [Figure] {
    let accuracies = [("passport-free", free), ("passport-aware", aware)].filter { !$0.1.values.isEmpty }
    return [
      loss.values.isEmpty ? nil : Self.figure("loss, mean of about 20 steps", [("", loss)], .plain),
      accuracies.isEmpty ? nil : Self.figure("accuracy of the same batches", accuracies, .percent),
    ].compactMap { $0 }
  }

  private static func figure(
    _ title: String, _ curves: [(name: String, curve: Curve)], _ style: AxisStyle
  ) -> Figure {
    let series = curves.map { LineChart.Series(name: $0.name, values: $0.curve.values) }
    return Figure(title: title, .lines(LineChart(series: series, yStyle: style)))
  }
}

/// A running mean over about twenty steps, at even distances; when there are too many points to see, every second one
/// stays, and from then on only every second one that comes.
struct Curve: Sendable {
  static let mostPoints = 256
  private static let smoothing = 0.95

  private(set) var values: [Double] = []
  /// Weighted sums of what came, and of the weights: early values are means of the few there are.
  private var sum = 0.0
  private var weight = 0.0
  private var stride = 1
  private var skipped = 0

  mutating func add(_ value: Double) {
    sum = Self.smoothing * sum + value
    weight = Self.smoothing * weight + 1
    skipped += 1
    guard skipped >= stride else { return }
    skipped = 0
    values.append(sum / weight)
    guard values.count == Self.mostPoints else { return }
    values = values.indices.filter { $0 % 2 == 1 }.map { values[$0] }
    stride *= 2
  }
}
