import Testing

@testable import Datasets

@Suite struct FurnitureTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  @Test func foldsAreDisjointAndTogetherAllShapes() throws {
    let folds = try (1...5).map { try Furniture.load(points: 16, fold: $0) }
    let tested = try folds.flatMap { set in try (0..<set.test.count).map { try set.test.cloud($0) } }
    #expect(tested.count == folds[0].train.count + folds[0].test.count)
    #expect(Set(tested).count == tested.count)
    for fold in folds {
      #expect(fold.classNames.count == 14 && fold.classNames.contains("chair"))
      let all = zip(fold.train.classCounts, fold.test.classCounts)
      // A class is spread as evenly as its groups allow.
      #expect(all.allSatisfy { abs(Double($1) / Double($0 + $1) - 0.2) < 0.11 })
    }
    #expect(try Furniture.load(points: 16, fold: 2, seed: 9).test != folds[1].test)
    #expect(try Furniture.load(points: 16, fold: 2).test == folds[1].test)
  }

  @Test func noGroupIsDivided() throws {
    let credits = try FurnitureCredits(Resources.path("furniture") + "/CREDITS.tsv")
    for (seed, count) in [(UInt64(0), 5), (1, 10), (2, 2)] {
      let folds = credits.folds(count, seed: seed)
      let places = Dictionary(grouping: folds.indices) { credits.groups[$0] }
      #expect(places.values.allSatisfy { Set($0.map { folds[$0] }).count == 1 })
      #expect(Set(folds) == Set(0..<count))
    }
    // Some groups have several shapes, or this would hold for any division.
    #expect(Set(credits.groups).count < credits.groups.count - 20)
  }

  @Test func cloudsAreOnTheUnitSphere() throws {
    let set = try Furniture.load(points: 200).test
    for index in 0..<set.count {
      let points = try set.cloud(index)
      #expect(abs((points.map { ($0 * $0).sum() }.max() ?? 0) - 1) < 1e-5)
      #expect((points.reduce(Point(), +) / 200).max() < 1e-5)
    }
  }

  @Test func everyShapeIsCredited() throws {
    let set = try Furniture.load(points: 1)
    let lines = try String(contentsOfFile: Resources.path("furniture") + "/CREDITS.tsv", encoding: .utf8)
      .split(separator: "\n").dropFirst().map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
    #expect(lines.count == set.train.count + set.test.count)
    #expect(lines.allSatisfy { $0.count == 6 && $0.allSatisfy { !$0.isEmpty } })
    #expect(Set(lines.map { $0[4] }) == ["CC-BY 3.0", "CC0 1.0"])
    #expect(!set.provenance.official)
    #expect(set.provenance.files.map(\.name) == ["clouds-idx4-ubyte.gz", "CREDITS.tsv"])
    #expect(set.provenance.counts == (set.train.count, set.test.count))
  }

  @Test func mistakes() {
    #expect(throws: DatasetError.request("furniture comes in clouds of 1 to 1024 points, not 2048")) {
      try Furniture.load(points: 2048)
    }
    #expect(throws: DatasetError.request("furniture is divided into 2 to 10 folds, not 1")) {
      try Furniture.load(folds: 1)
    }
    #expect(throws: DatasetError.request("there are folds 1 to 5, and no fold 6")) { try Furniture.load(fold: 6) }
  }

  /// A damaged installation is named, and nothing traps.
  @Test func damagedFiles() throws {
    let head = "class\tgroup\tname\tcreator\tlicence\tsource\n"
    func credits(_ text: String) throws -> FurnitureCredits {
      try FurnitureCredits(scratch.write("CREDITS.tsv", bytes(text)))
    }
    for text in ["", "chair\t1\n", head, head + "chair\t1\tStool\n"] {
      #expect(message(scratch) { try credits(text) }.hasPrefix("CREDITS.tsv: at byte 0: expected"))
    }
    let one = try credits(head + "chair\t0\tStool\tme\tCC0 1.0\there\n")
    let path = try scratch.write("clouds", [0, 0, 8, 4, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0, 1] + [0, 0, 0, 1, 1, 1])
    #expect(
      message(scratch) { try Furniture.clouds(path, one, points: 1) }
        == "clouds: at byte 4: expected sizes of [2, 1, 3, 1024], as the credits name shapes, found [2, 1, 3, 1]")
    let planes = [UInt8](repeating: 255, count: 2 * 3 * 1024)
    try scratch.write("clouds", [0, 0, 8, 4, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 4, 0] + planes)
    #expect(
      message(scratch) { try Furniture.clouds(path, one, points: 1) }
        == "clouds: at byte 3092: expected four bits, 0 to 15, found 255")
  }
}
