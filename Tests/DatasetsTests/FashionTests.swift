import Foundation
import Testing

@testable import Datasets

@Suite struct FashionTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// Sums that another program's gzip reader found in the embedded files.
  @Test func embeddedSubset() throws {
    let set = try Fashion.load()
    #expect(set.train.count == 8000)
    #expect(set.test.count == 2000)
    #expect(set.train.classCounts == [Int](repeating: 800, count: 10))
    #expect(set.test.classCounts == [Int](repeating: 200, count: 10))
    #expect(total(set.train.pixels) == 458_091_831)
    #expect(total(set.test.pixels) == 114_072_606)
    #expect([0, 1, 7999].map { total(set.train.sample($0)) } == [76247, 84598, 93330])
    #expect(set.test.labels.prefix(10) == [9, 2, 1, 1, 6, 1, 4, 6, 5, 7])
    #expect(!set.provenance.official)
    #expect(set.provenance.files[0].sha256.hasPrefix("2d48e95207f58766"))
    #expect(
      set.provenance.note == "subset: 8000 of 60000 training images and 2000 of 10000 test images; "
        + "MIT licence, (c) 2017 Zalando SE")
  }

  @Test func asColourOf32() throws {
    let small = try Fashion.load().test
    let large = try Fashion.load(size: 32, channels: 3).test
    #expect(large.shape == [3, 32, 32])
    #expect(large.sample(0).prefix(2 * 32).allSatisfy { $0 == 0 })
    #expect(total(large.sample(0)) == 3 * total(small.sample(0)))
    #expect(throws: DatasetError.request("fashion comes in size 28 or 32, not 30")) { try Fashion.load(size: 30) }
    #expect(throws: DatasetError.request("images come with 1 or 3 channels, not 2")) { try Fashion.load(channels: 2) }
  }

  @Test func plainIDX() throws {
    let images = try scratch.write("images", [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4])
    let labels = try scratch.write("labels", [0, 0, 8, 1, 0, 0, 0, 2, 1, 0])
    let set = try IDX.images(images, labels: labels, classNames: ["a", "b"])
    #expect(set.pixels == [1, 2, 3, 4])
    #expect(set.labels == [1, 0])
    #expect(set.shape == [1, 1, 2])
  }

  @Test(arguments: [
    ([UInt8](), "cannot be read|empty file"),
    ([0, 0, 8], "at byte 3: expected a header of 8 bytes, found the end of the file"),
    ([0, 0, 9, 1, 0, 0, 0, 1, 0], "in 1 dimensions, found 0 0 9 1"),
    ([0, 0, 8, 1, 0, 0, 0, 2, 0], "at byte 9: expected 2 bytes of data, found the end of the file"),
    ([0, 0, 8, 1, 0, 0, 0, 1, 0, 0], "at byte 9: expected the end after 1 bytes of data, found more bytes"),
    ([0, 0, 8, 1, 255, 255, 255, 255, 0], "expected sizes that make 1 to 1073741824 bytes of data, found 4294967295"),
  ])
  func brokenIDX(bytes: [UInt8], expected: String) throws {
    let path = try scratch.write("labels", bytes)
    let text = message(scratch) { try IDX.read(path, dimensions: 1) }
    #expect(expected.split(separator: "|").contains { text.contains($0) }, "\(text)")
  }

  @Test func labelsThatDoNotFit() throws {
    let images = try scratch.write("images", [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 1])
    let two = try scratch.write("two", [0, 0, 8, 1, 0, 0, 0, 2, 1, 0])
    #expect(
      message(scratch) { try IDX.images(images, labels: two, classNames: ["a"]) }
        .hasPrefix("two: at byte 4: expected 1 labels, one for each image of"))
    let bad = try scratch.write("bad", [0, 0, 8, 1, 0, 0, 0, 1, 5])
    #expect(
      message(scratch) { try IDX.images(images, labels: bad, classNames: ["a"]) }
        == "bad: at byte 8 (record 0): expected a label of 0 to 0, found 5; the file is damaged or of another format")
  }

  @Test func resourcesAreLookedFor() throws {
    let places = Resources.places(override: "/data", executable: "/opt/bin/passbook")
    #expect(places == ["/data", "/opt/bin/passbook_Datasets.resources", "/opt/bin/../share/passbook"])
    #expect(throws: DatasetError.self) { try Resources.path("fashion", in: [scratch.path]) }
    try scratch.write("fashion/file", [])
    #expect(try Resources.path("fashion", in: ["/nowhere", scratch.path]) == scratch.path + "/fashion")
  }
}
