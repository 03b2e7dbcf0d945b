import Testing

@testable import Datasets

/// The Python version of CIFAR, as Python wrote it.
@Suite struct CIFARPythonTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func files(protocol version: Int = 2) throws -> [(name: String, bytes: [UInt8])] {
    let batch = try fixture("ten.protocol\(version).pickle")
    return (1...5).map { ("data_batch_\($0)", batch) } + [("test_batch", batch)]
  }

  private func folder(_ files: [(name: String, bytes: [UInt8])], in name: String = "set") throws -> String {
    for file in files { try scratch.write("\(name)/\(file.name)", file.bytes) }
    return scratch.path + "/" + name
  }

  @Test(arguments: [2, 3, 4, 5])
  func folderAndArchiveAgree(version: Int) throws {
    let files = try files(protocol: version)
    let fromFolder = try CIFAR.ten(at: folder(files, in: "cifar-10-batches-py"))
    let entries = files.reversed().map { ("cifar-10-batches-py/" + $0.name, $0.bytes) }
    let fromArchive = try CIFAR.ten(at: scratch.write("ten.tar.gz", tarball(entries)))
    #expect(fromFolder.train == fromArchive.train && fromFolder.test == fromArchive.test)
    #expect(fromFolder.train.labels == [9, 0, 9, 0, 9, 0, 9, 0, 9, 0] && fromFolder.test.labels == [9, 0])
    #expect(fromFolder.test.pixels[3072] == 1 && fromFolder.test.pixels[3071] == UInt8(3071 & 255))
    #expect(try CIFAR.ten(at: scratch.path).train == fromFolder.train)
  }

  @Test func provenance() throws {
    let path = try folder(files())
    let provenance = try CIFAR.ten(at: path).provenance
    #expect(provenance.source == "CIFAR-10 (python version) from \(path)")
    #expect(!provenance.official && provenance.files.count == 6)
    #expect(
      provenance.note == "subset: 10 of 50000 training records and 2 of 10000 test records; "
        + "the MD5 sums are not those of the published files")
  }

  @Test func hundredHasBothLabels() throws {
    let file = try fixture("hundred.pickle")
    let path = try folder([("train", file), ("test", file)])
    #expect(try CIFAR.hundred(at: path).train.labels == [99, 42])
    #expect(try CIFAR.hundred(at: path, labels: .coarse).test.labels == [19, 3])
    #expect(try CIFAR.hundred(at: path).classNames[99] == "worm")
  }

  @Test func namesFile() throws {
    let path = try folder(files() + [("batches.meta", fixture("names.pickle"))])
    #expect(try CIFAR.ten(at: path).classNames[9] == "class9")
    try scratch.write("set/batches.meta", fixture("hundred.pickle"))
    #expect(
      message(scratch) { try CIFAR.ten(at: path) }
        == "set/batches.meta: cannot be read: expected a list 'label_names' of 10 class names; "
        + "the file is damaged or of another data set")
  }

  @Test func anotherDataSet() throws {
    let path = try folder(files())
    try scratch.write("set/data_batch_3", fixture("hundred.pickle"))
    #expect(
      message(scratch) { try CIFAR.ten(at: path) }
        == "set/data_batch_3: cannot be read: expected a list 'labels' of 2 labels, one for each record; "
        + "the file is damaged or of another data set")
  }

  @Test func labelsBeyondTheClasses() throws {
    var batch = try fixture("ten.protocol2.pickle")
    // BININT1 9, BININT1 0, APPENDS
    let nine = try #require(batch.indices.first { batch[$0...].starts(with: [0x4B, 9, 0x4B, 0, 0x65]) })
    batch[nine + 1] = 10
    let path = try folder(files())
    try scratch.write("set/test_batch", batch)
    #expect(
      message(scratch) { try CIFAR.ten(at: path) }
        == "set/test_batch: cannot be read: expected numbers of 0 to 9 as 'labels'; number 0 is none; "
        + "the file is damaged or of another data set")
  }

  @Test func cutOff() throws {
    let path = try folder(files())
    try scratch.write("set/data_batch_1", Array(fixture("ten.protocol2.pickle").prefix(3000)))
    let text = message(scratch) { try CIFAR.ten(at: path) }
    #expect(text.hasPrefix("set/data_batch_1: at byte "), "\(text)")
    #expect(text.hasSuffix("bytes up to the end of the file"), "\(text)")
  }

  @Test func missingFile() throws {
    let path = try folder(files().dropLast())
    #expect(
      message(scratch) { try CIFAR.ten(at: path) }
        == "set: test_batch is missing; CIFAR-10 is read from cifar-10-python.tar.gz as downloaded, or from its folder "
        + "cifar-10-batches-py with data_batch_1, data_batch_2, data_batch_3, data_batch_4, data_batch_5, test_batch")
  }

  @Test func nothingThere() throws {
    try scratch.write("set/readme.html", [])
    let text = message(scratch) { try CIFAR.ten(at: scratch.path + "/set") }
    #expect(
      text == "set: there is no file of either version; CIFAR-10 is read from cifar-10-binary.tar.gz or "
        + "cifar-10-python.tar.gz as downloaded, or from the folder cifar-10-batches-bin or cifar-10-batches-py")
    let archive = try scratch.write("other.tar.gz", tarball([("readme", [1])]))
    #expect(message(scratch) { try CIFAR.ten(at: archive) }.hasPrefix("other.tar.gz: there is no file of either"))
  }
}
