import Files

/// How long a kernel took, and how much of what the machine can do at best that was.
public struct Measurement: Sendable {
  public enum Unit: String, Sendable { case operations = "GFLOP/s", bytes = "GB/s" }

  public let name: String
  /// The median of several runs.
  public let milliseconds: Double
  /// Of operations or bytes, in 10⁹ a second. Operations are those of the definition: a transform that needs fewer can
  /// come above the machine's peak.
  public let rate: Double
  public let unit: Unit

  /// Times `body`, which does `work` operations or moves `work` bytes: once to warm up, then for about a quarter of a
  /// second, three times at least.
  init(_ name: String, _ unit: Unit, work: Double, _ body: () -> Void) {
    self.name = name
    self.unit = unit
    let clock = ContinuousClock()
    body()
    var times: [Duration] = []
    let start = clock.now
    while times.count < 3 || clock.now - start < .milliseconds(250) { times.append(clock.measure(body)) }
    let median = times.sorted()[times.count / 2]
    milliseconds = median / .milliseconds(1)
    rate = work / (median / .seconds(1)) / 1e9
  }

  var json: JSON {
    .object([
      .init("name", .string(name)), .init("milliseconds", .number(milliseconds)), .init("rate", .number(rate)),
      .init("unit", .string(unit.rawValue)),
    ])
  }
}
