import Foundation
import Testing

@testable import Datasets

@Suite struct CIFARTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func folder(_ files: [(name: String, bytes: [UInt8])], in name: String = "set") throws -> String {
    for file in files { try scratch.write("\(name)/\(file.name)", file.bytes) }
    return scratch.path + "/" + name
  }

  @Test func folderAndArchiveAgree() throws {
    let fromFolder = try CIFAR.ten(at: folder(tinyTen()))
    let entries = tinyTen().reversed().map { ("cifar-10-batches-bin/" + $0.name, $0.bytes) }
    let fromArchive = try CIFAR.ten(at: scratch.write("ten.tar.gz", tarball(entries)))
    #expect(fromFolder.train == fromArchive.train)
    #expect(fromFolder.test == fromArchive.test)
    #expect(fromFolder.train.labels == [1, 0, 2, 0, 3, 0, 4, 0, 5, 0])
    #expect(fromFolder.test.labels == [7, 8, 9])
    #expect(fromFolder.test.pixels[2 * 3072] == 2)
    #expect(fromFolder.test.pixels[3071] == UInt8(3071 & 255))
  }

  @Test func parentOfTheFolder() throws {
    _ = try folder(tinyTen(), in: "cifar-10-batches-bin")
    #expect(try CIFAR.ten(at: scratch.path).train.count == 10)
  }

  @Test func hundredHasBothLabels() throws {
    let path = try folder(tinyHundred())
    let fine = try CIFAR.hundred(at: path)
    #expect(fine.train.labels == [99, 42])
    #expect(fine.classNames.count == 100)
    #expect(fine.classNames[99] == "worm")
    let coarse = try CIFAR.hundred(at: path, labels: .coarse)
    #expect(coarse.train.labels == [19, 3])
    #expect(coarse.classNames.first == "aquatic_mammals")
    #expect(coarse.classNames.last == "vehicles_2")
    #expect(coarse.classNames.count == 20)
  }

  @Test func provenanceOfASubset() throws {
    let provenance = try CIFAR.ten(at: folder(tinyTen())).provenance
    #expect(!provenance.official)
    #expect(provenance.counts == (10, 3))
    #expect(
      provenance.note == "subset: 10 of 50000 training records and 3 of 10000 test records; no checksums of single "
        + ".bin files are published; to have them proved, read cifar-10-binary.tar.gz")
    #expect(provenance.files.map(\.name) == tinyTen().map(\.name))
    #expect(provenance.files[0].length == 2 * 3073)
    #expect(provenance.files[0].sha256.count == 64)
  }

  @Test func archiveThatIsNotTheOfficialOne() throws {
    let provenance = try CIFAR.ten(at: scratch.write("ten.tar.gz", tarball(tinyTen()))).provenance
    #expect(!provenance.official)
    #expect(provenance.note.hasSuffix("the checksum is not that of the published cifar-10-binary.tar.gz"))
  }

  @Test func namesFile() throws {
    let names = (0..<10).map { "class\($0)" }.joined(separator: "\n") + "\n\n"
    let path = try folder(tinyTen() + [("batches.meta.txt", Array(names.utf8))])
    #expect(try CIFAR.ten(at: path).classNames[9] == "class9")
    try scratch.write("set/batches.meta.txt", Array("cat\ndog\n".utf8))
    #expect(
      message(scratch) { try CIFAR.ten(at: path) }
        == "set/batches.meta.txt: at byte 0: expected 10 class names, one a line, found 2 lines")
  }

  @Test func tornRecord() throws {
    let path = try folder(tinyTen())
    try scratch.write("set/data_batch_2.bin", Array(records([[1], [2]]).dropLast(10)))
    #expect(
      message(scratch) { try CIFAR.ten(at: path) }
        == "set/data_batch_2.bin: at byte 3073: the last record has 3063 of 3073 bytes; "
        + "the file is cut off, fetch it again or cut it to a whole number of records")
  }

  @Test func badLabel() throws {
    let path = try folder(tinyTen())
    try scratch.write("set/test_batch.bin", records([[1], [10]]))
    #expect(
      message(scratch) { try CIFAR.ten(at: path) }
        == "set/test_batch.bin: at byte 3073 (record 1): expected a label of 0 to 9, found 10; "
        + "the file is damaged or of another format")
  }

  @Test func badFineLabelInTheArchive() throws {
    let files = [("cifar-100-binary/train.bin", records([[0, 100]]))]
    let path = try scratch.write("hundred.tar.gz", tarball(files))
    #expect(
      message(scratch) { try CIFAR.hundred(at: path) }
        == "hundred.tar.gz: cifar-100-binary/train.bin: at byte 1 (record 0): expected a fine label of 0 to 99, "
        + "found 100; the file is damaged or of another format")
  }

  @Test func missingFile() throws {
    let path = try folder(tinyTen().filter { $0.name != "data_batch_3.bin" })
    #expect(
      message(scratch) { try CIFAR.ten(at: path) }
        == "set: data_batch_3.bin is missing; CIFAR-10 is read from cifar-10-binary.tar.gz as downloaded, or from its "
        + "folder cifar-10-batches-bin with data_batch_1.bin, data_batch_2.bin, data_batch_3.bin, data_batch_4.bin, "
        + "data_batch_5.bin, test_batch.bin")
  }

  @Test func missingFolder() throws {
    let text = message(scratch) { try CIFAR.hundred(at: scratch.path + "/nowhere") }
    #expect(text.hasPrefix("nowhere: the folder or archive is missing; CIFAR-100 is read from"))
  }

  @Test func emptyFile() throws {
    let path = try folder(tinyTen())
    try scratch.write("set/data_batch_1.bin", [])
    #expect(
      message(scratch) { try CIFAR.ten(at: path) }
        == "set/data_batch_1.bin: at byte 0: expected records of 3073 bytes, found an empty file")
  }

  @Test func moreRecordsThanPublished() throws {
    let path = try folder(tinyTen())
    try scratch.write("set/data_batch_1.bin", [UInt8](repeating: 0, count: 10_001 * 3073))
    #expect(
      message(scratch) { try CIFAR.ten(at: path) }
        == "set/data_batch_1.bin: the file has 30733073 bytes; at most the published 10000 records of 3073 bytes "
        + "(30730000 bytes) is read")
  }

  @Test func somethingElseThanAnArchive() throws {
    let path = try scratch.write("ten.tar.gz", Array("no archive at all, but some text of a few words".utf8))
    let text = message(scratch) { try CIFAR.ten(at: path) }
    #expect(text.hasPrefix("ten.tar.gz: cannot be read: "))
  }

  @Test func archiveCutOff() throws {
    let whole = try tarball(tinyTen())
    let path = try scratch.write("ten.tar.gz", Array(whole.prefix(whole.count / 2)))
    #expect(message(scratch) { try CIFAR.ten(at: path) }.hasPrefix("ten.tar.gz: "))
  }
}
