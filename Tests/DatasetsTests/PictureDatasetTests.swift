import Foundation
import Testing

@testable import Datasets

/// Class folders without a split, as Caltech has them.
@Suite struct PictureDatasetTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// A picture of one grey value, `side` + 4 wide and `side` high.
  private func png(_ value: UInt8, side: Int = 8) throws -> [UInt8] {
    try Picture(
      pixels: [UInt8](repeating: value, count: side * (side + 4)), channels: 1, height: side, width: side + 4
    ).png()
  }

  /// Ten pictures of ants, four of bass, and those of no class.
  private func caltech() throws -> String {
    for (name, count, first) in [("ant", 10, 0), ("bass", 4, 100), ("BACKGROUND_Google", 3, 200)] {
      for index in 0..<count {
        try scratch.write(
          "set/101_ObjectCategories/\(name)/image_\(String(format: "%04d", index + 1)).png",
          png(UInt8(first + index)))
      }
    }
    return scratch.path + "/set"
  }

  @Test func theFirstOfEachClassAreForTraining() throws {
    let set = try PictureDataset.load(caltech(), size: 4)
    #expect(set.classNames == ["ant", "bass"])
    #expect(set.train.shape == [3, 4, 4])
    // ⌊0.8 · 10⌋ of the ants, ⌊0.8 · 4⌋ of the bass.
    #expect(values(set.train) == [0, 1, 2, 3, 4, 5, 6, 7, 100, 101, 102])
    #expect(values(set.test) == [8, 9, 103])
    #expect(set.train.labels == [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1] && set.test.labels == [0, 0, 1])
    #expect(set.provenance.note == "split by name, 80% of each class for training")
    #expect(set.provenance.counts == (11, 3))
    #expect(set.provenance.files.map(\.name) == ["14 pictures"])
  }

  @Test func aSeedMixes() throws {
    let path = try caltech()
    let set = try PictureDataset.load(path, size: 4, share: 0.5, seed: 7)
    #expect(set.train.labels == [0, 0, 0, 0, 0, 1, 1])
    #expect(values(set.train) != [0, 1, 2, 3, 4, 100, 101])
    #expect((values(set.train) + values(set.test)).sorted() == Array(0..<10) + [100, 101, 102, 103])
    #expect(try PictureDataset.load(path, size: 4, share: 0.5, seed: 7).train == set.train)
    #expect(set.provenance.note == "split at random with seed 7, 50% of each class for training")
  }

  /// The red value of the first pixel of each picture.
  private func values(_ images: ImageSet) -> [Int] {
    images.labels.indices.map { Int(images.pixels[$0 * images.sampleLength]) }
  }

  @Test func theSumIsThatOfSha256sum() throws {
    let set = try PictureDataset.load(caltech(), size: 4)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c", "find ant bass -type f | LC_ALL=C sort | xargs sha256sum | sha256sum | cut -c1-64",
    ]
    process.currentDirectoryURL = URL(fileURLWithPath: scratch.path + "/set/101_ObjectCategories")
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let sum = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(set.provenance.files.first.map { $0.sha256 + "\n" } == sum)
    let sameFolder = try PictureDataset.load(scratch.path + "/set/101_ObjectCategories/", size: 4)
    #expect(sameFolder.provenance.files == set.provenance.files)
  }

  @Test func mistakes() throws {
    let path = try caltech()
    #expect(
      message(scratch) { try PictureDataset.load(path, share: 1) }
        == "the share for training lies between 0% and 100%, not 100%")
    #expect(
      message(scratch) { try PictureDataset.load(path + "/101_ObjectCategories/ant", size: 4) }
        == "set/101_ObjectCategories/ant: a folder for each class is missing; "
        + "images(folder) reads pictures without classes")
    try FileManager.default.createDirectory(atPath: scratch.path + "/empty/ant", withIntermediateDirectories: true)
    #expect(
      message(scratch) { try PictureDataset.load(scratch.path + "/empty") }
        == "empty: there is no PNG or JPEG picture; check the path")
    try scratch.write("few/ant/1.png", png(1))
    #expect(
      message(scratch) { try PictureDataset.load(scratch.path + "/few") }
        == "few: 1 pictures are too few to train and to test with")
  }

  @Test func linksAndOtherFilesArePassedOver() throws {
    let path = try caltech()
    let outside = try scratch.write("outside.png", png(1))
    try FileManager.default.createSymbolicLink(
      atPath: path + "/101_ObjectCategories/ant/image_0000.png", withDestinationPath: outside)
    try scratch.write("set/101_ObjectCategories/ant/greg", [1, 2, 3])
    let set = try PictureDataset.load(path, size: 4)
    #expect(set.train.count + set.test.count == 14)
    #expect(set.provenance.note.hasSuffix("; passed over: 2 files, folders or links"))
  }

  @Test func progressMayEndTheReading() throws {
    struct Stop: Error {}
    let path = try caltech()
    var last = (done: 0, total: 0)
    _ = try PictureDataset.load(path, size: 4) { last = ($0, $1) }
    #expect(last == (14, 14))
    #expect(throws: Stop.self) { try PictureDataset.load(path) { _, _ in throw Stop() } }
  }
}
