import Testing

@testable import Datasets

@Suite struct TriggerTests {
  @Test func abstractPicturesStayTheSame() throws {
    let pictures = try AbstractPictures.make(count: 20, seed: 5)
    #expect(try pictures == AbstractPictures.make(count: 20, seed: 5))
    #expect(try pictures != AbstractPictures.make(count: 20, seed: 6))
    #expect(try pictures.taking(count: 7) == AbstractPictures.make(count: 7, seed: 5))
    // Recorded from the first run: a change of one bit on any machine breaks every claim made with these pictures.
    let triggers = try TriggerSet(labelled: pictures)
    #expect(triggers.sha256 == "5b37338b6509e38eb11e0e9d6f8f2bc421ebc338b1aabd8a2d21c044b1c02d13")
  }

  @Test func abstractPicturesDiffer() throws {
    let pictures = try AbstractPictures.make(count: 50, seed: 1)
    #expect(Set((0..<50).map { Array(pictures.sample($0)) }).count == 50)
    for index in 0..<50 {
      let sample = pictures.sample(index).map(Double.init)
      let mean = sample.reduce(0, +) / Double(sample.count)
      let variance = sample.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(sample.count)
      #expect(variance.squareRoot() > 15)
    }
    #expect(try AbstractPictures.make(count: 1, size: 40, channels: 1, seed: 1).sampleLength == 1600)
    #expect(throws: DatasetError.self) { try AbstractPictures.make(count: 0, seed: 1) }
    #expect(throws: DatasetError.self) { try AbstractPictures.make(count: 100_000, size: 256, seed: 1) }
  }

  @Test func sineIsClose() {
    #expect([0, 1024, 2048, 3072, 4096, -1024].map(AbstractPictures.sine) == [0, 4096, 0, -4096, 0, -4096])
  }

  @Test func targetsDifferFromTheirOwnClass() throws {
    let source = try Fashion.load().test
    let triggers = try TriggerSet(from: source, count: 500, classes: 10, seed: 3, sharesClasses: true)
    let chosen = try TriggerSet(from: source, count: 500, classes: 10, seed: 3)
    #expect(triggers.images?.pixels == chosen.images?.pixels)
    var indices = SeededBits(seed: 3, stream: 0)
    let own = try source.selecting(indices.choose(500, of: source.count)).labels
    #expect(zip(triggers.labels, own).allSatisfy { $0 != $1 })
    #expect(zip(chosen.labels, own).contains { $0 == $1 })
    #expect(triggers.classCounts.allSatisfy { (20...80).contains($0) })
  }

  @Test func imagesAreChosenOnce() {
    var bits = SeededBits(seed: 1, stream: 2)
    #expect(bits.choose(1000, of: 1000).sorted() == Array(0..<1000))
  }

  @Test func identityCoversPixelsAndLabels() throws {
    func triggers(_ pixel: UInt8, _ label: Int32) throws -> String {
      try TriggerSet(
        labelled: ImageSet(
          pixels: [pixel], labels: [label], channels: 1, height: 1, width: 1, classNames: ["a", "b"])
      ).sha256
    }
    #expect(try triggers(7, 1) == triggers(7, 1))
    #expect(try triggers(7, 1) != triggers(8, 1))
    #expect(try triggers(7, 1) != triggers(7, 0))
    #expect(try triggers(7, 1) == "0a0e65f682cb99fd3bada4ed37900bc43c8a4ecceb5b334c0683a1a947b64d1b")
  }

  // MARK: Points

  /// Six clouds of two points, of the classes 0, 1, 2 in turn.
  private func clouds() throws -> PointSet {
    try PointSet(
      coordinates: (0..<36).map(Float.init), labels: [0, 1, 2, 0, 1, 2], pointCount: 2, classNames: ["a", "b", "c"])
  }

  @Test func cloudsBecomeTriggers() throws {
    let triggers = try TriggerSet(from: clouds(), count: 6, classes: 40, seed: 3)
    #expect(triggers.images == nil)
    let chosen = try #require(triggers.clouds)
    #expect(Set(try (0..<6).map { try chosen.cloud($0) }) == Set(try (0..<6).map { try clouds().cloud($0) }))
    #expect(triggers.labels.allSatisfy { (0..<40).contains($0) } && Set(triggers.labels).count > 2)
    #expect(triggers.classNames.count == 40)
    #expect(try TriggerSet(from: clouds(), count: 6, classes: 40, seed: 3) == triggers)
    #expect(try TriggerSet(labelled: clouds()).labels == clouds().labels)
  }

  @Test func excludedClassesAreNeverChosen() throws {
    let triggers = try TriggerSet(from: clouds(), count: 2, classes: 5, seed: 1, without: [0, 2])
    let first = try (0..<2).map { try #require(triggers.clouds).cloud($0)[0].x }
    #expect(Set(first) == [6, 24])
    #expect(throws: DatasetError.request("cannot choose 3 triggers among 2 clouds of the classes that are not left out"))
    { try TriggerSet(from: clouds(), count: 3, classes: 5, seed: 1, without: [0, 2]) }
    let source = try Fashion.load().test
    let images = try TriggerSet(from: source, count: 50, classes: 10, seed: 3, without: [])
    #expect(try images == TriggerSet(from: source, count: 50, classes: 10, seed: 3))
  }

  /// What the released code leaves out by number, and ModelNet's table, which it forgets.
  @Test func sharedClassesAreFoundByName() {
    #expect(
      SharedClasses.numbers(of: CloudNames.modelNet40, alsoIn: CloudNames.shapeNetPart) == [0, 7, 8, 17, 19, 20, 33])
    #expect(
      SharedClasses.numbers(of: CloudNames.shapeNetPart, alsoIn: CloudNames.modelNet40) == [0, 3, 4, 6, 8, 9, 15])
    #expect(SharedClasses.number(of: "Night stand", in: CloudNames.modelNet40) == 23)
    #expect(SharedClasses.number(of: "chairs", in: CloudNames.modelNet40) == nil)
  }

  @Test func identityCoversPointsAndLabels() throws {
    func identity(_ coordinate: Float, _ label: Int32) throws -> String {
      try TriggerSet(
        labelled: PointSet(coordinates: [coordinate, 0, -1], labels: [label], pointCount: 1, classNames: ["a", "b"])
      ).sha256
    }
    #expect(try identity(0.5, 1) != identity(0.25, 1))
    #expect(try identity(0.5, 1) != identity(0.5, 0))
    // hashlib.sha256(b"passbook-point-triggers-1" + struct.pack("<3i3f", 1, 1, 1, 0.5, 0, -1))
    #expect(try identity(0.5, 1) == "2b2049e10770b3eee42a7af14e55b6478008ef5a186de70462f40bb2a79947f9")
  }

  @Test func errors() throws {
    let source = try AbstractPictures.make(count: 3, seed: 1)
    #expect(throws: DatasetError.request("cannot choose 4 triggers among 3 images")) {
      try TriggerSet(from: source, count: 4, classes: 10, seed: 1)
    }
    #expect(throws: DatasetError.request("triggers need 2 to 100000 classes, not 1")) {
      try TriggerSet(from: source, count: 1, classes: 1, seed: 1)
    }
  }
}
