import Glibc
import Testing

@testable import Ownership

@Suite struct PermutationTests {
  @Test func tailAgreesWithExactIntegers() throws {
    for (matches, labels, predictions, expected) in permutationReference {
      let (labels, predictions) = (permutationCounts[labels], permutationCounts[predictions])
      let found = try PermutationTest.log10(matches: matches, labels: labels, predictions: predictions)
      #expect(
        found == expected || abs(found - expected) <= 1e-12 * abs(expected),
        "\(matches) of \(labels.reduce(0, +)): \(found), expected \(expected)")
    }
  }

  /// All ways to deal out up to five labels of three classes, against counting every order of them.
  @Test func tailAgreesWithCounting() throws {
    for labels in Self.splits(5) {
      let orders = Self.orders(of: labels.enumerated().flatMap { [Int](repeating: $0, count: $1) })
      for predictions in Self.splits(5) {
        let calls = predictions.enumerated().flatMap { [Int](repeating: $0, count: $1) }
        let matches = orders.map { zip($0, calls).filter { $0 == $1 }.count }
        for least in 0...6 {
          let found = try PermutationTest.log10(matches: least, labels: labels, predictions: predictions)
          let expected = Double(matches.filter { $0 >= least }.count) / Double(orders.count)
          #expect(abs(pow(10, found) - expected) < 1e-14, "\(least) of \(labels) by \(predictions)")
        }
      }
    }
  }

  private static func splits(_ count: Int) -> [[Int]] {
    (0...count).flatMap { first in
      (0...count - first).map { second in [first, second, count - first - second] }
    }
  }

  private static func orders(of elements: [Int]) -> [[Int]] {
    guard let last = elements.last else { return [[]] }
    return orders(of: elements.dropLast()).flatMap { order in
      (0...order.count).map { place in
        var order = order
        order.insert(last, at: place)
        return order
      }
    }
  }

  @Test func noLabelsAndClassesOfOneSideOnly() throws {
    #expect(try PermutationTest.log10(matches: 0, labels: [], predictions: []) == 0)
    #expect(try PermutationTest.log10(matches: 1, labels: [], predictions: []) == -.infinity)
    #expect(try PermutationTest.log10(matches: 1, labels: [2, 0], predictions: [0, 2]) == -.infinity)
    #expect(try PermutationTest.log10(matches: 2, labels: [2], predictions: [2, 0, 0]) == 0)
  }

  @Test func wrongCountsAreNamed() {
    #expect(throws: StatisticsError("3 labels and 2 predictions; expected one for each")) {
      try PermutationTest.log10(matches: 1, labels: [1, 2], predictions: [1, 1])
    }
    #expect(throws: StatisticsError.self) { try PermutationTest.log10(matches: 1, labels: [-1], predictions: [-1]) }
    #expect(throws: StatisticsError.self) {
      try PermutationTest.log10(matches: 1, labels: [4000, 4000], predictions: [4000, 4000])
    }
  }

  @Test func thePollEndsTheWork() {
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      try PermutationTest.log10(matches: 1, labels: [500, 500], predictions: [500, 500]) { throw Stop() }
    }
  }
}
