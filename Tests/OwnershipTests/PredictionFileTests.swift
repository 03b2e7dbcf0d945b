import Datasets
import Files
import Foundation
import Testing

@testable import Ownership

private let expected = "expected a trigger and a class as two whole numbers, \"0,3\", found "

@Suite struct PredictionFileTests {
  private func read(_ text: String, count: Int = 4, classes: Int = 3) throws -> [Int32] {
    try PredictionFile.read(Array(text.utf8), path: "answers.csv", count: count, classes: classes)
  }

  @Test(arguments: [
    "trigger,predicted\n0,2\n1,0\n2,1\n3,2\n", "3,2\n1,0\n0,2\n2,1",
    "\u{FEFF}Trigger, Predicted\r\n 2 ,1\r\n\r\n3,2\r\n0,2\r\n1,\t0\r\n",
  ])
  func linesInAnyOrder(text: String) throws {
    #expect(try read(text) == [2, 0, 1, 2])
  }

  @Test(arguments: [
    ("0,1\n1,1\n1,2\n", "line 3: trigger 1 stands twice, first in line 2"),
    ("0,1\n4,1\n", "line 2: there is no trigger 4; they are 0 to 3"),
    ("trigger,predicted\n0,3\n", "line 2: 3 is no class; they are 0 to 2"),
    ("0,1\n1,cat\n", "line 2: \(expected)\"1,cat\""),
    ("0,-1\n", "line 1: \(expected)\"0,-1\""),
    ("predicted,trigger\n", "line 1: \(expected)\"predicted,trigger\""),
    ("0,1,0.9\n", "line 1: \(expected)\"0,1,0.9\""),
    ("0,1\n2,1\n", "trigger 1 and 1 more is missing; expected a line for each of 4 triggers, found 2"),
    ("", "trigger 0 and 3 more is missing; expected a line for each of 4 triggers, found 0"),
    ("0,99999999999999999999\n", "line 1: \(expected)\"0,99999999999999999999\""),
  ])
  func mistakesAreNamedWithTheirLine(text: String, reason: String) {
    #expect(throws: FileError(path: "answers.csv", reason: reason)) { try read(text) }
  }

  /// PASSBOOK_FUZZ sets how many damaged files are read.
  @Test func mutationsAreReadOrRefused() throws {
    let whole = Array("trigger,predicted\n0,2\n1,0\r\n2,1\n3,2\n".utf8)
    var bits = PredictionBits(state: 5)
    var outcomes = (values: 0, errors: 0)
    for _ in 0..<(ProcessInfo.processInfo.environment["PASSBOOK_FUZZ"].flatMap(Int.init) ?? 2000) {
      var bytes = whole
      for _ in 0...bits.below(2) {
        let position = bits.below(bytes.count)
        switch bits.below(4) {
        case 0: bytes[position] ^= 1 << UInt8(bits.below(8))
        case 1: bytes[position] = UInt8(48 + bits.below(10))
        case 2: bytes.remove(at: position)
        default: bytes.insert(bytes[bits.below(bytes.count)], at: position)
        }
      }
      do {
        let found = try PredictionFile.read(bytes, path: "answers.csv", count: 4, classes: 3)
        #expect(found.count == 4 && found.allSatisfy { 0..<3 ~= $0 })
        outcomes.values += 1
      } catch is FileError {
        outcomes.errors += 1
      }
    }
    #expect(outcomes.values > 0 && outcomes.errors > 0, "\(outcomes)")
  }
}

/// Random bits that are the same for every run.
private struct PredictionBits {
  var state: UInt64

  mutating func below(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % max(bound, 1)
  }
}

@Suite struct BlackBoxTests {
  private func triggers(_ labels: [Int32], classes: Int = 4) throws -> TriggerSet {
    try TriggerSet(
      labelled: ImageSet(
        pixels: [UInt8](repeating: 7, count: labels.count), labels: labels, channels: 1, height: 1, width: 1,
        classNames: (0..<classes).map(String.init)))
  }

  @Test func bothTailsOfASmallSet() throws {
    // Of the 30 orders of these labels, 5!/(2! 2!), one matches all five, and none four.
    let found = try BlackBox(predictions: [0, 0, 1, 1, 2], triggers: triggers([0, 0, 1, 1, 2]))
    #expect(found.matches == 5 && found.count == 5 && found.chance == 0.4 && found.share == 1)
    #expect(abs(found.binomialLog10P - 5 * -0.3979400086720376) < 1e-14)
    #expect(abs((found.permutationLog10P ?? 0) - -1.4771212547196624) < 1e-14)
  }

  @Test func aModelThatKnowsOneClassOnlyShowsNothing() throws {
    let found = try BlackBox(predictions: [1, 1, 1, 1], triggers: triggers([1, 1, 1, 0]))
    #expect(found.matches == 3 && found.permutationLog10P == 0)
    let constant = try BlackBox(predictions: [1, 1], triggers: triggers([1, 1]))
    #expect(constant.chance == 1 && constant.binomialLog10P == 0 && constant.permutationLog10P == 0)
  }

  @Test func classesThatNoTriggerHasMatchNothing() throws {
    let found = try BlackBox(predictions: [9, 9], triggers: triggers([0, 1]))
    #expect(found.matches == 0 && found.permutationLog10P == 0)
  }

  @Test func aVeryLargeSetGoesWithoutThePermutationTest() throws {
    let labels = [Int32](repeating: 0, count: 2001) + [Int32](repeating: 1, count: 2000)
    let found = try BlackBox(predictions: labels, triggers: triggers(labels))
    #expect(found.permutationLog10P == nil && found.binomialLog10P < -1000)
    #expect(found.assumptions.contains { $0.hasPrefix("permutation: refused") })
  }

  @Test func predictionsThatDoNotFitAreNamed() throws {
    #expect(throws: StatisticsError("1 predictions of 2 triggers; expected one for each")) {
      try BlackBox(predictions: [0], triggers: triggers([0, 1]))
    }
    #expect(throws: StatisticsError.self) { try BlackBox(predictions: [0, -1], triggers: triggers([0, 1])) }
  }
}
