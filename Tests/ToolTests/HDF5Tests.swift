import Foundation
import Testing

/// HDF5 files in scripts: the tool starts itself anew to read them.
@Suite(.enabled(if: Tool.isBuilt, Tool.absence)) struct HDF5Tests {
  /// What h5py wrote for the tests of the data room.
  private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("DatasetsTests/Fixtures").path

  private func run(_ script: String) throws -> Tool.Result { try Tool.run(["-e", script]) }

  @Test func releasesInHDF5() throws {
    let result = try run(
      """
      net = modelnet("\(Self.fixtures)/modelnet40_ply_hdf5_2048", points: 4)
      print(net.train.labels, net.test.labels, shape(net.train.points))
      part = shapenet("\(Self.fixtures)/hdf5_data", points: 4)
      print(part.train.labels, part.test.labels)
      """)
    #expect(result.output == "[30, 0, 39, 8] [1, 23] [4, 4, 3]\n[15, 0, 4] [3]\n", "\(result.errors)")
    #expect(result.code == 0)
  }

  @Test func aDamagedFileIsNamed() throws {
    let folder = try TemporaryFolder()
    _ = try folder.file("train_files.txt", "a.h5\n")
    _ = try folder.file("test_files.txt", "a.h5\n")
    let result = try run("modelnet(\"\(folder.path)\")")
    #expect(result.errors.contains("a file is listed twice"))
    _ = try folder.file("test_files.txt", "b.h5\n")
    _ = try folder.file("a.h5", "no such file")
    let damaged = try run("modelnet(\"\(folder.path)\")")
    #expect(damaged.code == 1)
    #expect(damaged.errors.contains("\(folder.path)/a.h5: cannot be read: it is no HDF5 file, or a damaged one"))
  }

  /// A reader that is called by hand reads its standard input and nothing else.
  @Test func theReaderByItself() throws {
    let result = try Tool.run(["--read-hdf5-from-stdin", "1000", "data"], input: "nonsense")
    #expect(result.code == 1)
    #expect(result.output.hasPrefix("F"))
    #expect(result.output.contains("it is no HDF5 file"))
  }
}
