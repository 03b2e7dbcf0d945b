import Testing

@testable import Ownership

@Suite struct StatisticsTests {
  @Test func tailAgreesWithExactIntegers() throws {
    for (matches, trials, probability, expected) in binomialReference {
      let found = try BinomialTail.log10(matches: matches, trials: trials, probability: probability)
      #expect(abs(found - expected) <= 1e-12 * abs(expected), "\(matches)/\(trials) at \(probability): \(found)")
    }
  }

  @Test func impossibleAndCertainMatches() throws {
    #expect(try BinomialTail.log10(matches: 9, trials: 8) == -.infinity)
    #expect(try BinomialTail.log10(matches: 0, trials: 8) == 0)
    #expect(try BinomialTail.pValue(matches: 5000, trials: 5000) == .leastNonzeroMagnitude)
  }

  @Test func wrongArgumentsAreNamed() {
    #expect(throws: StatisticsError("expected a probability between 0 and 1, found 1.0")) {
      try BinomialTail.log10(matches: 1, trials: 8, probability: 1)
    }
    #expect(throws: StatisticsError.self) { try BinomialTail.log10(matches: 1, trials: -1) }
    #expect(throws: StatisticsError.self) { try Wilson.interval(successes: 3, trials: 2) }
  }

  @Test func clopperPearsonInClosedForm() throws {
    let none = try ClopperPearson.interval(successes: 0, trials: 20)
    #expect(none.lowerBound == 0)
    #expect(abs(none.upperBound - 0.16843347098308536) < 1e-13)
    let half = try ClopperPearson.interval(successes: 5, trials: 10)
    #expect(abs(half.lowerBound - 0.187086028447) < 1e-10)
    #expect(abs(half.upperBound - 0.812913971553) < 1e-10)
  }

  @Test func wilsonOfOneHalf() throws {
    let half = try Wilson.interval(successes: 5, trials: 10)
    #expect(abs(half.lowerBound - 0.236593090512564) < 1e-12)
    #expect(abs(Wilson.normalQuantile(outside: 0.05) - 1.959963984540054) < 1e-13)
  }
}
