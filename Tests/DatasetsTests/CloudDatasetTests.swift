import Foundation
import Testing

@testable import Datasets

/// The layouts of the published data sets of clouds.
@Suite struct CloudDatasetTests {
  let scratch: Scratch
  let sampling: Sampling

  init() throws {
    scratch = try Scratch()
    sampling = try Sampling(points: 4, seed: 1)
  }

  private func folder(_ files: [(name: String, bytes: [UInt8])]) throws -> String {
    for file in files { try scratch.write("set/" + file.name, file.bytes) }
    return scratch.path + "/set"
  }

  // MARK: ModelNet

  @Test func meshesFromFolderAndArchivesAgree() throws {
    let fromFolder = try ModelNet.load(folder(modelNetTree()), sampling: sampling)
    for archive in [try zipped(modelNetTree().reversed()), try tarball(modelNetTree())] {
      let fromArchive = try ModelNet.load(scratch.write("net.zip", archive), sampling: sampling)
      #expect(fromArchive.train == fromFolder.train)
      #expect(fromArchive.test == fromFolder.test)
    }
    #expect(fromFolder.classNames == ["chair", "night_stand"])
    #expect(fromFolder.train.labels == [0, 0, 1])
    #expect(fromFolder.test.labels == [0])
    #expect(fromFolder.train.up == .z)
    let cloud = try fromFolder.train.cloud(0)
    let radii = cloud.map { ($0 * $0).sum().squareRoot() }
    #expect(abs((radii.max() ?? 0) - 1) < 1e-6)
    #expect(cloud.allSatisfy { abs($0.z) < 1e-6 })
  }

  @Test func provenanceOfMeshes() throws {
    let path = try folder(modelNetTree())
    let provenance = try ModelNet.load(path, sampling: sampling).provenance
    #expect(provenance.source == "ModelNet10 from \(path)")
    #expect(provenance.counts == (3, 1))
    #expect(!provenance.official)
    #expect(
      provenance.note
        == "deviates from the release: 3 of 3991 training clouds and 1 of 908 test clouds")
    // The sum of `find . -name '*.off' | sort | xargs sha256sum | sha256sum`, without the leading './'.
    #expect(provenance.files.map(\.name) == ["4 clouds"])
    let archive = try ModelNet.load(scratch.write("net.zip", zipped(modelNetTree())), sampling: sampling).provenance
    #expect(archive.files.map(\.name) == ["net.zip"])
    #expect(archive.note.hasSuffix("; the checksum is not that of the published archive"))
  }

  @Test func namesOutsideOfTheArchiveAreRefused() throws {
    for name in ["../chair/train/chair_1.off", "/chair/train/chair_1.off", "a/../../train/chair_1.off"] {
      let path = try scratch.write("evil.zip", zipped([(name, square())]))
      let found = message(scratch) { try ModelNet.load(path, sampling: sampling) }
      #expect(found.contains("names a file outside of itself"))
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["evil.zip"])
  }

  @Test func linksOutOfTheFolderArePassedOver() throws {
    let path = try folder(modelNetTree())
    let outside = try scratch.write("outside.off", square(9))
    try FileManager.default.createSymbolicLink(
      atPath: path + "/ModelNet10/chair/train/chair_0003.off", withDestinationPath: outside)
    try FileManager.default.createSymbolicLink(atPath: path + "/loop", withDestinationPath: path)
    let set = try ModelNet.load(path, sampling: sampling)
    #expect(set.train.count == 3)
    #expect(set.provenance.note.hasSuffix("2 links that lead out of the folder were passed over"))
  }

  @Test func aBrokenMeshIsNamed() throws {
    let path = try folder(modelNetTree())
    try scratch.write("set/ModelNet10/chair/train/chair_0002.off", bytes("OFF\n3 1 0\n0 0 0\n1 0 0\n0 1"))
    #expect(
      message(scratch) { try ModelNet.load(path, sampling: sampling) }
        == "set/ModelNet10/chair/train/chair_0002.off: at byte 25: expected a coordinate of a vertex, found the end")
    try scratch.write("set/ModelNet10/chair/train/chair_0002.off", bytes("OFF\n3 1 0\n0 0 0\n1 0 0\n2 0 0\n3 0 1 2\n"))
    #expect(
      message(scratch) { try ModelNet.load(path, sampling: sampling) }
        == "set/ModelNet10/chair/train/chair_0002.off: cannot be read: "
        + "the 1 triangles of a mesh have no area to take points from")
  }

  @Test func resampledClouds() throws {
    let path = try folder(resampledTree())
    let forty = try ModelNet.load(path, sampling: sampling)
    #expect(forty.classNames == ["airplane", "night_stand"])
    #expect(forty.train.labels == [0, 1])
    #expect(forty.test.labels == [1])
    #expect(
      forty.provenance.note
        == "deviates from the release: 2 of 9843 training clouds and 1 of 2468 test clouds; "
        + "1 of the listed clouds are not there")
    #expect(forty.provenance.files.count == 4)
    // The first four points, moved to their centroid and scaled.
    let cloud = try forty.train.cloud(0)
    let rows: [Point] = (0..<4).map { Point(Float(1 + $0), Float($0 * $0) + 0.5, 0.25) }
    #expect(cloud == rows.normalisedToUnitSphere())
    let ten = try ModelNet.load(path, sampling: sampling, classes: 10)
    #expect(ten.classNames == ["night_stand"])
    #expect(ten.train.count == 1)
    let archive = try scratch.write("set.zip", zipped(resampledTree().map { ("top/" + $0.name, $0.bytes) }))
    #expect(try ModelNet.load(archive, sampling: sampling).train == forty.train)
  }

  @Test func unknownNamesInAList() throws {
    let path = try folder(resampledTree())
    try scratch.write("set/modelnet40_train.txt", bytes("../../secret_1\n"))
    #expect(
      message(scratch) { try ModelNet.load(path, sampling: sampling) }.hasPrefix(
        "set/modelnet40_train.txt: at byte 0: expected names such as airplane_0001 of the 2 classes"))
  }

  @Test func aCloudListedTwice() throws {
    let path = try folder(resampledTree())
    try scratch.write("set/modelnet40_train.txt", bytes("airplane_0001\nairplane_0001\n"))
    #expect(
      message(scratch) { try ModelNet.load(path, sampling: sampling) }
        == "set: a cloud is listed twice; each stands once, in one of the halves")
  }

  @Test func arraysAsTheReleasedCodeReadsThem() throws {
    let rows = (0..<5).map { [Double($0), 2, 3] }
    for (name, type) in [("train/10_7", "<f4"), ("train/2_39", "<f8"), ("val/0_3", "<f4")] {
      try scratch.write("modelnet40_npy/\(name).npy", npy(rows, type: type))
    }
    let set = try ModelNet.load(scratch.path, sampling: sampling)
    #expect(set.train.labels == [39, 7])
    #expect(set.test.labels == [3])
    #expect(set.classNames[39] == "xbox")
    // As they are: the released code does not normalise.
    #expect(try set.train.cloud(0) == (0..<4).map { Point(Float($0), 2, 3) })
    try scratch.write("modelnet40_npy/val/broken.npy", npy(rows))
    #expect(
      message(scratch) { try ModelNet.load(scratch.path, sampling: sampling) }
        == "modelnet40_npy/val/broken.npy: at byte 0: expected a name with a label of 0 to 9999 such as 12_7.npy, "
        + "found 'broken.npy'")
  }

  @Test func nothingThere() throws {
    #expect(
      message(scratch) { try ModelNet.load(scratch.path + "/none", sampling: sampling) }
        == "none: the folder or archive of ModelNet is missing; check the path")
    let path = try folder([("a.md", [])])
    #expect(message(scratch) { try ModelNet.load(path, sampling: sampling) }.hasPrefix("set: there is no layout of Model"))
    #expect(message(scratch) { try ShapeNet.load(path, sampling: sampling) }.hasPrefix("set: there is no layout of Shape"))
    #expect(message(scratch) { try CloudFolder.load(path, sampling: sampling) }.hasPrefix("set: there is no cloud ("))
  }

  @Test func progressMayEndTheReading() throws {
    struct Stop: Error {}
    let path = try folder(modelNetTree())
    var calls: [Int] = []
    _ = try ModelNet.load(path, sampling: sampling) { done, total in if total > 0 { calls.append(done) } }
    #expect(calls.last == 4)
    #expect(throws: Stop.self) { try ModelNet.load(path, sampling: sampling) { _, _ in throw Stop() } }
  }

  // MARK: ShapeNet

  @Test(arguments: [false, true])
  func shapeNetPart(normals: Bool) throws {
    let path = try folder(shapeNetTree(normals: normals))
    let set = try ShapeNet.load(path, sampling: sampling)
    #expect(set.classNames == ["Airplane", "Bag"])
    #expect(set.train.labels == [0, 1, 0])
    #expect(set.test.labels == [1])
    let rows: [Point] = (0..<4).map { Point(Float($0), Float($0 * $0), 0.5) }
    #expect(try set.test.cloud(0) == rows.normalisedToUnitSphere())
    #expect(
      set.provenance.note == "deviates from the release: 3 of 14007 training clouds and 1 of 2874 test clouds")
  }

  @Test func shapeNetCore() throws {
    let mesh = bytes("v 0 0 0\nv 1 0 0\nv 1 1 0\nf 1/1/1 2/2/2 3/3/3\n")
    let path = try folder([
      ("all.csv",
       bytes("id,synsetId,subSynsetId,modelId,split\n1,2691156,2,aa,train\n2,02773838,3,bb,test\n3,02773838,3,cc,val\n")),
      ("02691156/aa/model.obj", mesh),
      ("02773838/bb/models/model_normalized.obj", mesh),
    ])
    let set = try ShapeNet.load(path, sampling: sampling)
    #expect(set.classNames == ["02691156", "02773838"])
    #expect(set.train.labels == [0] && set.test.labels == [1])
    #expect(
      set.provenance.note == "deviates from the release: 1 of 2 training clouds and 1 of 1 test clouds; "
        + "1 of the listed shapes have no mesh")
  }

  // MARK: Any folder

  @Test func classesAreFolders() throws {
    let path = try folder([
      ("cube/2.off", square()), ("cube/10.xyz", bytes("1 2 3\n")), ("ring/a.npy", npy([[1, 2, 3]])),
      ("list.txt", bytes("cube/2")), ("ring/notes.md", []),
    ])
    let contents = try CloudFolder.load(path, sampling: sampling)
    #expect(contents.clouds.classNames == ["cube", "ring"])
    #expect(contents.clouds.labels == [0, 0, 1])
    #expect(contents.paths.map(FilePath.baseName) == ["2.off", "10.xyz", "a.npy"])
    #expect(contents.notes == ["\(path): 2 files passed over, no clouds or beside the folders of the classes"])
  }

  @Test func triggersHaveTheirLabelLast() throws {
    let rows = [[1.0, 2, 3], [4, 5, 6]]
    let path = try folder([("0_12_3.npy", npy(rows)), ("1_39_1.npy", npy(rows))])
    let clouds = try CloudFolder.load(path, sampling: sampling, normalises: false).clouds
    #expect(clouds.labels == [3, 1])
    #expect(clouds.classNames == ["0", "1", "2", "3"])
    // Two points become four by repetition.
    #expect(try clouds.cloud(0) == [Point(1, 2, 3), Point(4, 5, 6), Point(1, 2, 3), Point(4, 5, 6)])
  }
}
