import Glibc

/// The score interval of a share (Wilson, 1927): narrower than the exact one, and right on average.
public enum Wilson {
  /// The two-sided interval for `successes` of `trials`; throws `StatisticsError` for impossible counts.
  public static func interval(successes: Int, trials: Int, confidence: Double = 0.95) throws -> ClosedRange<Double> {
    try StatisticsError.checkInterval(successes, trials, confidence)
    let n = Double(trials)
    let share = Double(successes) / n
    let z = normalQuantile(outside: 1 - confidence)
    let square = z * z / n
    let centre = (share + square / 2) / (1 + square)
    let reach = z * ((share * (1 - share) + square / 4) / n).squareRoot() / (1 + square)
    return max(centre - reach, 0)...min(centre + reach, 1)
  }

  /// The z for which a standard normal lies outside ±z with this probability.
  static func normalQuantile(outside probability: Double) -> Double {
    var (low, high) = (0.0, 40.0)
    while true {
      let middle = (low + high) / 2
      if middle <= low || middle >= high { return low }
      if erfc(middle / 2.0.squareRoot()) > probability { low = middle } else { high = middle }
    }
  }
}
