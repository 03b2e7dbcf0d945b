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
    #expect(triggers.images.pixels == chosen.images.pixels)
    var indices = SeededBits(seed: 3, stream: 0)
    let own = try source.selecting(indices.choose(500, of: source.count)).labels
    #expect(zip(triggers.images.labels, own).allSatisfy { $0 != $1 })
    #expect(zip(chosen.images.labels, own).contains { $0 == $1 })
    #expect(triggers.images.classCounts.allSatisfy { (20...80).contains($0) })
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
