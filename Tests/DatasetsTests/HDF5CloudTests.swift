import Foundation
import HDF5
import Testing

@testable import Datasets

/// The releases of clouds in HDF5 files, as h5py wrote them.
@Suite(.enabled(if: Reader.isBuilt, Reader.absence)) struct HDF5CloudTests {
  let scratch: Scratch
  let sampling: Sampling
  let reader: HDF5Reader

  init() throws {
    scratch = try Scratch()
    sampling = try Sampling(points: 4, seed: 1)
    reader = try Reader.hdf5()
  }

  private func folder(_ files: [(name: String, bytes: [UInt8])]) throws -> String {
    for file in files { try scratch.write("set/" + file.name, file.bytes) }
    return scratch.path + "/set"
  }

  private func modelNet() throws -> String { try folder(fixtures(in: "modelnet40_ply_hdf5_2048")) }

  @Test func modelNetFromFolderAndArchive() throws {
    let set = try ModelNet.load(modelNet(), sampling: sampling, hdf5: reader)
    #expect(set.train.labels == [30, 0, 39, 8] && set.test.labels == [1, 23])
    #expect(set.classNames[30] == "sofa" && set.classNames.count == 40)
    // The first four points as they are, of the second cloud of the first file and of the first of the second.
    #expect(try set.train.cloud(1) == (6..<10).map { point($0, 0) })
    #expect(try set.train.cloud(3) == (0..<4).map { point($0, 100) })
    let archive = try scratch.write("net.zip", zipped(fixtures(in: "modelnet40_ply_hdf5_2048").reversed()))
    let fromArchive = try ModelNet.load(archive, sampling: sampling, hdf5: reader)
    #expect(fromArchive.train == set.train && fromArchive.test == set.test)
    #expect(fromArchive.provenance.files.map(\.name) == ["net.zip"])
  }

  /// Coordinates of point `index` of a file, which count up in eighths.
  private func point(_ index: Int, _ first: Float) -> Point {
    Point(Float(3 * index), Float(3 * index + 1), Float(3 * index + 2)) / 8 + first
  }

  @Test func provenanceOfModelNet() throws {
    let path = try modelNet()
    let provenance = try ModelNet.load(path, sampling: sampling, hdf5: reader).provenance
    #expect(provenance.source == "ModelNet40 (HDF5) from \(path)")
    #expect(!provenance.official && provenance.counts == (4, 2))
    #expect(
      provenance.note
        == "deviates from the release: 4 of 9840 training clouds and 2 of 2468 test clouds; "
        + "the MD5 sums are not those of the release; 1 of the listed files are not there")
    #expect(
      provenance.files.map { FilePath.baseName($0.name) } == [
        "train_files.txt", "test_files.txt", "ply_data_train0.h5", "ply_data_train1.h5", "ply_data_test0.h5",
      ])
  }

  @Test func shapeNetPart() throws {
    let set = try ShapeNet.load(folder(fixtures(in: "hdf5_data")), sampling: sampling, hdf5: reader)
    #expect(set.train.labels == [15, 0, 4] && set.test.labels == [3])
    #expect(set.classNames.last == "Table")
    #expect(
      set.provenance.note.hasPrefix("deviates from the release: 3 of 14007 training clouds and 1 of 2874 test clouds"))
    try scratch.write("set/hdf5_data/all_object_categories.txt", bytes("Plane\t02691156\n"))
    #expect(
      message(scratch) { try ShapeNet.load(scratch.path + "/set", sampling: sampling, hdf5: reader) }
        == "set/hdf5_data/all_object_categories.txt: at byte 0: expected 16 class names, one a line, found 1 lines")
  }

  @Test func otherSamplings() throws {
    let path = try modelNet()
    for method in Sampling.Method.allCases {
      let sampling = try Sampling(points: 8, method: method, seed: 3)
      let set = try ModelNet.load(path, sampling: sampling, hdf5: reader)
      #expect(try ModelNet.load(path, sampling: sampling, hdf5: reader).train == set.train)
      // All six points are there, and two of them twice.
      #expect(Set(try set.train.cloud(1)) == Set((6..<12).map { point($0, 0) }))
    }
  }

  @Test func withoutAReader() throws {
    #expect(
      message(scratch) { try ModelNet.load(modelNet(), sampling: sampling) }
        == "set: cannot be read: HDF5 files are read by the tool passbook alone, and this program is another one")
    #expect(
      message(scratch) { try ModelNet.load(modelNet(), sampling: sampling, classes: 10, hdf5: reader) }
        == "set: the HDF5 files hold 40 classes, not 10; leave 'classes' out")
  }

  @Test func mistakes() throws {
    let path = try modelNet()
    let list = "set/modelnet40_ply_hdf5_2048/train_files.txt"
    func failure() -> String { message(scratch) { try ModelNet.load(path, sampling: sampling, hdf5: reader) } }
    for line in ["../../etc/passwd", "..", "C:\\", "ply_data_train0.h5/.."] {
      try scratch.write(list, bytes(line + "\n"))
      #expect(failure() == "\(list): at byte 0: expected names such as ply_data_train0.h5, one a line, found '\(line)'")
    }
    try scratch.write(list, bytes("a/ply_data_train0.h5\nb/ply_data_train0.h5\n"))
    #expect(failure() == "set: a file is listed twice, or there are more than 1000")
    try scratch.write(list, bytes("ply_data_train0.h5\n"))
    let file = "set/modelnet40_ply_hdf5_2048/ply_data_train0.h5"
    for (name, reason) in [
      ("label", "the label of cloud 1 is 40; expected 0 to 39"),
      ("nan", "cloud 1 of 'data' holds nan, which is no place"),
      ("shape", "'data' must be floats of the shape [clouds, points, 3], not float32 [2, 6, 2]"),
      ("count", "'label' must be 2 whole numbers, one for each cloud of 'data', not uint8 [3, 1]"),
      ("whole", "'data' must be floats of the shape [clouds, points, 3], not int32 [2, 6, 3]"),
      ("missing", "there is no dataset 'label'"),
    ] {
      try scratch.write(file, fixture("damaged/\(name).h5"))
      #expect(failure() == "\(file): cannot be read: \(reason)")
    }
    try FileManager.default.removeItem(atPath: scratch.path + "/set/modelnet40_ply_hdf5_2048/test_files.txt")
    #expect(
      failure() == "set: modelnet40_ply_hdf5_2048/test_files.txt is missing; "
        + "ModelNet40 (HDF5) comes with lists of the files of all parts")
  }

  @Test func progressMayEndTheReading() throws {
    struct Stop: Error {}
    let path = try modelNet()
    var seen: [Int] = []
    _ = try ModelNet.load(path, sampling: sampling, hdf5: reader) { done, total in
      if total == done { seen.append(done) }
    }
    #expect(seen.last == 6)
    #expect(throws: Stop.self) {
      try ModelNet.load(path, sampling: sampling, hdf5: reader) { _, total in if total > 0 { throw Stop() } }
    }
  }
}
