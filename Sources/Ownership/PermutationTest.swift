import Glibc

/// The exact permutation test: how likely predictions match labels so often if the labels were dealt out at random.
///
/// Nothing is assumed of the predictions: a network that calls everything a cat gains nothing by it. What is assumed
/// is that each order of the labels was equally likely when the owner drew them.
public enum PermutationTest {
  /// The most labels: the work grows with the third power of their number, and takes some ten seconds here.
  public static let mostLabels = 4000

  /// log10 of the share of all permutations of the labels with at least `matches` matches; relative error ≤ 1e-12.
  ///
  /// With a and b the counts of one class among labels and predictions, its rook polynomial is Σ C(a,j) C(b,j) j! xʲ.
  /// The product over the classes is Σ rⱼ xʲ, and Σ_{j≥m} (-1)^(j-m) C(j-1, m-1) rⱼ (n-j)! of the n! permutations
  /// have m matches or more (I. Kaplansky and J. Riordan, "The problem of the rooks and its applications", 1946). The
  /// terms cancel almost entirely, so the sum is exact: modulo as many primes as it takes to tell it (`Residues`).
  ///
  /// - Parameters:
  ///   - labels: How often each class stands among the labels.
  ///   - predictions: How often it stands among the predictions; classes beyond the last count as zero in either.
  ///   - poll: Called now and then; what it throws ends the work.
  /// - Returns: 0 for no match or less, -infinity for more than the counts allow.
  /// - Throws: `StatisticsError` for negative counts, unequal sums, and more than `mostLabels`.
  public static func log10(
    matches: Int, labels: [Int], predictions: [Int], poll: () throws -> Void = {}
  ) throws -> Double {
    guard (labels + predictions).allSatisfy({ 0...mostLabels ~= $0 }) else {
      throw StatisticsError("expected counts of 0 to \(mostLabels) a class")
    }
    let count = labels.reduce(0, +)
    guard count == predictions.reduce(0, +) else {
      throw StatisticsError("\(count) labels and \(predictions.reduce(0, +)) predictions; expected one for each")
    }
    guard count <= mostLabels else {
      throw StatisticsError("an exact permutation test of \(count) labels takes too long; at most \(mostLabels)")
    }
    if matches <= 0 { return 0 }
    let classes = zip(labels, predictions).filter { $0.0 > 0 && $0.1 > 0 }
    guard matches <= classes.reduce(0, { $0 + min($1.0, $1.1) }) else { return -.infinity }
    let primes = Residues.primes(above: logFactorial(count) + 1)
    var (reached, all) = (Residues(primes), Residues(primes))
    for prime in primes {
      try poll()
      let table = Factorials(upTo: count, modulo: prime)
      reached.append(table.permutations(withAtLeast: matches, table.rookPolynomial(of: classes)))
      all.append(table.factorials[count])
    }
    return naturalLogarithm(of: reached, over: all) / Glibc.log(10)
  }

  /// ln(reached / all). Near 1 the share says little about its own logarithm; its complement, which is small, says it.
  private static func naturalLogarithm(of reached: Residues, over all: Residues) -> Double {
    let (part, whole, rest) = (reached.value, all.value, all.subtracting(reached).value)
    func ratio(_ top: Residues.Value) -> (logarithm: Double, share: Double) {
      let exponent = Double(top.exponent - whole.exponent)
      let quotient = top.significand / whole.significand
      return (Glibc.log(quotient) + exponent * Glibc.log(2), quotient * exp2(exponent))
    }
    if rest.significand == 0 { return 0 }
    if part.significand == 0 { return -.infinity }
    let missing = ratio(rest).share
    return missing < 0.5 ? log1p(-missing) : ratio(part).logarithm
  }

  /// log2 of n!.
  private static func logFactorial(_ count: Int) -> Double {
    count < 2 ? 0 : (2...count).reduce(0.0) { $0 + Glibc.log2(Double($1)) }
  }
}

/// Factorials and rook polynomials modulo a prime below 2³⁰, which is larger than any number of labels.
private struct Factorials {
  let prime: UInt64
  private(set) var factorials: [UInt64]
  private var inverses: [UInt64]
  /// ⌊(2⁶⁴ - 1) / p⌋, with which a remainder needs no division (P. Barrett, 1986).
  private let reciprocal: UInt64

  init(upTo count: Int, modulo prime: UInt64) {
    self.prime = prime
    reciprocal = .max / prime
    factorials = [1]
    inverses = [1]
    var inverse: [UInt64] = [0, 1]
    for number in 1...UInt64(max(count, 1)) {
      // p = q·n + r gives 1/n = -q/r.
      if number > 1 { inverse.append((prime - prime / number) * inverse[Int(prime % number)] % prime) }
      factorials.append(factorials[Int(number) - 1] * number % prime)
      inverses.append(inverses[Int(number) - 1] * inverse[Int(number)] % prime)
    }
  }

  private func remainder(_ number: UInt64) -> UInt64 {
    // The quotient is short by one at most.
    let rest = number &- number.multipliedFullWidth(by: reciprocal).high &* prime
    return rest >= prime ? rest &- prime : rest
  }

  private func product(_ left: UInt64, _ right: UInt64) -> UInt64 { remainder(left &* right) }

  private func choose(_ count: Int, _ chosen: Int) -> UInt64 {
    product(product(factorials[count], inverses[chosen]), inverses[count - chosen])
  }

  /// Σ rⱼ xʲ of all classes, lowest power first: neighbours are multiplied until one is left.
  func rookPolynomial(of classes: [(Int, Int)]) -> [UInt64] {
    var factors = classes.map { a, b in
      (0...min(a, b)).map { product(product(choose(a, $0), choose(b, $0)), factorials[$0]) }
    }
    while factors.count > 1 {
      factors = stride(from: 0, to: factors.count, by: 2).map {
        $0 + 1 < factors.count ? product(factors[$0], factors[$0 + 1]) : factors[$0]
      }
    }
    return factors.first ?? [1]
  }

  private func product(_ left: [UInt64], _ right: [UInt64]) -> [UInt64] {
    // Backwards, so that both factors of a sum are read forwards.
    let backwards = Array(right.reversed())
    return left.withUnsafeBufferPointer { left in
      backwards.withUnsafeBufferPointer { backwards in
        (0..<left.count + backwards.count - 1).map { power in
          let places = max(0, power - backwards.count + 1)..<min(power + 1, left.count)
          let shift = backwards.count - 1 - power
          var sum: UInt64 = 0
          for start in stride(from: places.lowerBound, to: places.upperBound, by: 8) {
            // Eight products below 2⁶⁰ and a rest fit into 64 bits.
            for place in start..<min(start + 8, places.upperBound) { sum &+= left[place] &* backwards[place + shift] }
            sum = remainder(sum)
          }
          return sum
        }
      }
    }
  }

  /// Σ_{j≥m} (-1)^(j-m) C(j-1, m-1) rⱼ (n-j)!
  func permutations(withAtLeast matches: Int, _ rooks: [UInt64]) -> UInt64 {
    let count = factorials.count - 1
    var sum: UInt64 = 0
    for placed in matches..<max(rooks.count, matches) {
      let term = product(product(choose(placed - 1, matches - 1), rooks[placed]), factorials[count - placed])
      sum = remainder(sum + ((placed - matches).isMultiple(of: 2) ? term : prime - term))
    }
    return sum
  }
}
