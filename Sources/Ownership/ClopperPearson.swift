import Glibc

/// The exact interval of a share (Clopper and Pearson, 1934): it covers the truth at least as often as it says.
public enum ClopperPearson {
  /// The two-sided interval for `successes` of `trials`; throws `StatisticsError` for impossible counts.
  public static func interval(successes: Int, trials: Int, confidence: Double = 0.95) throws -> ClosedRange<Double> {
    try StatisticsError.checkInterval(successes, trials, confidence)
    let level = Glibc.log10((1 - confidence) / 2)
    let lower = try lowerBound(successes, trials, level)
    let upper = try 1 - lowerBound(trials - successes, trials, level)
    return min(lower, upper)...max(lower, upper)
  }

  /// The one-sided bound: the truth lies below it with this confidence; near 3/trials for no success and 95 %.
  public static func upperBound(successes: Int, trials: Int, confidence: Double = 0.95) throws -> Double {
    try StatisticsError.checkInterval(successes, trials, confidence)
    return try 1 - lowerBound(trials - successes, trials, Glibc.log10(1 - confidence))
  }

  /// The probability at which as many successes or more have the tail 10^`level`, found by bisection to the last bit.
  private static func lowerBound(_ successes: Int, _ trials: Int, _ level: Double) throws -> Double {
    if successes == 0 { return 0 }
    var (low, high) = (0.0, 1.0)
    while true {
      let middle = (low + high) / 2
      if middle <= low || middle >= high { return low }
      let tail = try BinomialTail.log10(matches: successes, trials: trials, probability: middle)
      if tail < level { low = middle } else { high = middle }
    }
  }
}
