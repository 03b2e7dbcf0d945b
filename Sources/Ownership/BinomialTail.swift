import Glibc

/// The exact one-sided binomial tail in log space: how likely chance alone matches at least so many bits.
public enum BinomialTail {
  /// The most trials: the sum then has at most some hundred thousand terms that count.
  public static let mostTrials = 1_000_000_000

  /// log10 of P[X ≥ matches] for X ~ Bin(trials, probability), with a relative error of at most 1e-12.
  ///
  /// Never underflows: 1152 of 1152 at 1/2 is -346.79. More matches than trials give -infinity, none or fewer give 0.
  /// Throws `StatisticsError` for trials outside 0…1e9 and a probability not strictly between 0 and 1.
  public static func log10(matches: Int, trials: Int, probability: Double = 0.5) throws -> Double {
    guard 0...mostTrials ~= trials else {
      throw StatisticsError("expected 0 to \(mostTrials) trials, found \(trials)")
    }
    guard probability > 0, probability < 1 else {
      throw StatisticsError("expected a probability between 0 and 1, found \(probability)")
    }
    return naturalLogarithm(matches, trials, probability) / Glibc.log(10)
  }

  /// P[X ≥ matches] as a p-value: at least 5e-324, the smallest positive `Double`, unless it is impossible.
  public static func pValue(matches: Int, trials: Int, probability: Double = 0.5) throws -> Double {
    let exponent = try log10(matches: matches, trials: trials, probability: probability)
    return exponent == -.infinity ? 0 : max(Glibc.pow(10, exponent), .leastNonzeroMagnitude)
  }

  private static func naturalLogarithm(_ matches: Int, _ trials: Int, _ probability: Double) -> Double {
    if matches <= 0 { return 0 }
    if matches > trials { return -.infinity }
    if Double(matches) > Double(trials) * probability {
      let upper = upperSum(from: matches, trials, probability)
      if upper < -0.6 { return upper }
    }
    // Near 1 the tail says little about its own logarithm; its complement, which is small, says it all.
    return log1p(-exp(lowerSum(to: matches - 1, trials, probability)))
  }

  /// ln P[X ≥ first], for `first` above the mean, where every term is smaller than the one before it.
  private static func upperSum(from first: Int, _ trials: Int, _ probability: Double) -> Double {
    let odds = probability / (1 - probability)
    var sum = 1.0
    var term = 1.0
    for matches in first..<trials {
      term *= Double(trials - matches) / Double(matches + 1) * odds
      sum += term
      if term < sum * 1e-18 { break }
    }
    return logMass(first, trials, probability) + log(sum)
  }

  /// ln P[X ≤ last], for `last` at most the mean.
  private static func lowerSum(to last: Int, _ trials: Int, _ probability: Double) -> Double {
    let odds = (1 - probability) / probability
    var sum = 1.0
    var term = 1.0
    for matches in stride(from: last, to: 0, by: -1) {
      term *= Double(matches) / Double(trials - matches + 1) * odds
      sum += term
      if term < sum * 1e-18 { break }
    }
    return logMass(last, trials, probability) + log(sum)
  }

  /// ln P[X = matches] by C. Loader's saddle-point expansion (2000), which subtracts no large logarithms of factorials.
  private static func logMass(_ matches: Int, _ trials: Int, _ probability: Double) -> Double {
    let (x, n) = (Double(matches), Double(trials))
    if matches == 0 { return n * log1p(-probability) }
    if matches == trials { return n * log(probability) }
    let correction = stirlingError(trials) - stirlingError(matches) - stirlingError(trials - matches)
    let deviance = deviance(x, n * probability) + Self.deviance(n - x, n * (1 - probability))
    return correction - deviance - 0.5 * log(2 * Double.pi * x * ((n - x) / n))
  }

  /// x ln(x / mean) + mean - x, by a series where x and mean are close and the formula would cancel.
  private static func deviance(_ x: Double, _ mean: Double) -> Double {
    let difference = x - mean
    guard abs(difference) < 0.1 * (x + mean) else { return x * log(x / mean) - difference }
    let ratio = difference / (x + mean)
    var sum = difference * ratio
    var power = 2 * x * ratio
    var divisor = 3.0
    while true {
      power *= ratio * ratio
      let next = sum + power / divisor
      if next == sum { return sum }
      sum = next
      divisor += 2
    }
  }

  /// ln n! minus Stirling's formula for it.
  private static func stirlingError(_ count: Int) -> Double {
    let n = Double(count)
    if count < 16 {
      // 15! and all below it are exact in a Double.
      let factorial = (1...max(count, 1)).reduce(1.0) { $0 * Double($1) }
      return log(factorial) - (n + 0.5) * log(n) + n - 0.5 * log(2 * Double.pi)
    }
    let square = n * n
    return (1 / 12.0 - (1 / 360.0 - (1 / 1260.0 - (1 / 1680.0 - 1 / 1188.0 / square) / square) / square) / square) / n
  }
}

/// An argument that a statistic is not defined for.
public struct StatisticsError: Error, Equatable, CustomStringConvertible, Sendable {
  public let description: String

  init(_ description: String) { self.description = description }

  /// Requires counts and a confidence that an interval is defined for.
  static func checkInterval(_ successes: Int, _ trials: Int, _ confidence: Double) throws {
    guard 1...BinomialTail.mostTrials ~= trials, 0...trials ~= successes else {
      throw StatisticsError("expected 0 to n successes of n ≥ 1 trials, found \(successes) of \(trials)")
    }
    guard confidence > 0, confidence < 1 else {
      throw StatisticsError("expected a confidence between 0 and 1, found \(confidence)")
    }
  }
}
