import Foundation
import Testing

@testable import Datasets

/// Damaged files end in a value or in an error, never in a trap: PASSBOOK_FUZZ sets how many are tried.
@Suite struct MutationTests {
  let scratch: Scratch
  let rounds = ProcessInfo.processInfo.environment["PASSBOOK_FUZZ"].flatMap(Int.init) ?? 2000

  init() throws { scratch = try Scratch() }

  /// A damaged copy: bytes changed, a piece cut out or repeated, or the end cut off.
  private func mutate(_ bytes: [UInt8], round: Int) -> [UInt8] {
    var bits = SeededBits(seed: 77, stream: UInt64(round))
    var bytes = bytes
    for _ in 0...bits.below(3) where !bytes.isEmpty {
      // Half of the changes hit the first bytes, where headers are.
      let position = bits.below(bits.below(2) == 0 ? min(bytes.count, 64) : bytes.count)
      let length = min(bits.within(1...64), bytes.count - position)
      switch bits.below(6) {
      case 0: bytes[position] ^= 1 << UInt8(bits.below(8))
      case 1: bytes[position] = UInt8(bits.below(256))
      case 2: bytes[position] = [0, 255, 127, 128][bits.below(4)]
      case 3: bytes.removeSubrange(position..<position + length)
      case 4: bytes.insert(contentsOf: bytes[position..<position + length], at: position)
      default: bytes.removeLast(bytes.count - position)
      }
    }
    return bytes
  }

  /// Runs `read` on every mutation; both outcomes must occur, or the mutations would prove nothing.
  private func survive(_ bytes: [UInt8], rounds: Int, _ read: ([UInt8]) throws -> Void) {
    var outcomes = (values: 0, errors: 0)
    for round in 0..<rounds {
      do {
        try read(mutate(bytes, round: round))
        outcomes.values += 1
      } catch {
        outcomes.errors += 1
      }
    }
    #expect(outcomes.values > 0 && outcomes.errors > 0, "\(outcomes)")
  }

  @Test func folder() throws {
    for file in tinyHundred() { try scratch.write("set/\(file.name)", file.bytes) }
    survive(tinyHundred()[0].bytes, rounds: rounds) { bytes in
      try scratch.write("set/train.bin", bytes)
      _ = try CIFAR.hundred(at: scratch.path + "/set")
    }
  }

  @Test func archive() throws {
    survive(try tarball(tinyTen()), rounds: rounds) { bytes in
      _ = try CIFAR.ten(at: scratch.write("ten.tar.gz", bytes))
    }
  }

  @Test func plainArchive() throws {
    let archive = try ArchiveReader(path: scratch.write("ten.tar.gz", tarball(tinyHundred())), format: .stream)
    _ = try archive.next()
    var plain: [UInt8] = []
    try archive.stream { plain.append(contentsOf: $0) }
    survive(plain, rounds: rounds) { bytes in
      _ = try CIFAR.hundred(at: scratch.write("hundred.tar", bytes))
    }
  }

  @Test(arguments: [2, 3, 4, 5])
  func pickles(version: Int) throws {
    let whole = try fixture("ten.protocol\(version).pickle")
    let release = CIFARRelease.ten(.python)
    survive(whole, rounds: rounds) { bytes in
      _ = try CIFARPickle.records(bytes, of: release, path: "batch", limit: 10_000)
    }
    survive(try fixture("names.pickle"), rounds: rounds) { bytes in
      _ = try CIFARPickle.names(bytes, of: release, path: "names")
    }
  }

  @Test(.enabled(if: Reader.isBuilt, Reader.absence)) func hdf5() throws {
    let sampling = try #require(Self.sampling)
    let reader = try Reader.hdf5()
    let files = try fixtures(in: "modelnet40_ply_hdf5_2048")
    for file in files { try scratch.write(file.name, file.bytes) }
    for file in files where !file.name.contains("test") {
      // Each costs as many processes as there are files.
      survive(file.bytes, rounds: max(rounds / 40, 40)) { bytes in
        try scratch.write(file.name, bytes)
        _ = try ModelNet.load(scratch.path, sampling: sampling, hdf5: reader)
      }
      try scratch.write(file.name, file.bytes)
    }
  }

  @Test func idx() throws {
    let images: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 4, 0, 0, 0, 8] + [UInt8](repeating: 9, count: 64)
    survive(images, rounds: rounds) { bytes in
      _ = try IDX.read(scratch.write("images", bytes), dimensions: 3)
    }
  }

  @Test(arguments: [PictureFixture.png, PictureFixture.pngWithAlpha, PictureFixture.jpeg])
  func pictures(base64: String) throws {
    survive(try decoded(base64), rounds: rounds) { bytes in
      _ = try Picture(decoding: bytes, path: "picture")
    }
  }

  // MARK: Clouds

  private static let sampling = try? Sampling(points: 8, method: .farthest, seed: 1)

  @Test(arguments: [
    "OFF\n5 4 0\n0 0 0\n1 0 0\n1 1 0\n0 1 0\n.5 .5 1e0\n3 0 1 4\n3 1 2 4 255 0 0\n4 0 1 2 3\n3 3 0 4\n",
    "OFF4 1 0 # fused\n0 0 0\n1 0 0\n1 1 0\n0 1 0\n4 0 1 2 3\n",
  ])
  func off(text: String) throws {
    let sampling = try #require(Self.sampling)
    survive(bytes(text), rounds: rounds) { bytes in
      var stream = sampling.stream(of: "mesh")
      _ = try CloudFormat.off.cloud(bytes, path: "mesh", sampling, &stream)
    }
  }

  @Test func obj() throws {
    let text = "# a square\nv 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nvn 0 0 1\nf 1//1 2//1 3//1 4//1\nf -1 -2 -3\n"
    let sampling = try #require(Self.sampling)
    survive(bytes(text), rounds: rounds) { bytes in
      var stream = sampling.stream(of: "mesh")
      _ = try CloudFormat.obj.cloud(bytes, path: "mesh", sampling, &stream)
    }
  }

  @Test(arguments: ["1,2,3,0,0,1\n4,-5.25,6e-2,0,1,0\n", "0.1 0.2 0.3\n\n# nothing\n4 5 6\n7 8 9\n"])
  func rows(text: String) throws {
    survive(bytes(text), rounds: rounds) { _ = try PointRows.read($0, path: "cloud") }
  }

  @Test(arguments: ["<f4", "<f8"])
  func arrays(type: String) throws {
    survive(npy([[1, 2, 3, 4], [5, 6, 7, 8]], type: type), rounds: rounds) { _ = try NPY.read($0, path: "cloud") }
  }

  @Test func zipOfMeshes() throws {
    let archive = try zipped(modelNetTree())
    let sampling = try #require(Self.sampling)
    survive(archive, rounds: rounds) { bytes in
      _ = try ModelNet.load(scratch.write("net.zip", bytes), sampling: sampling)
    }
  }

  @Test func listsOfShapeNet() throws {
    let sampling = try #require(Self.sampling)
    let files = shapeNetTree()
    for file in files { try scratch.write(file.name, file.bytes) }
    for file in files where !file.name.contains("points") {
      survive(file.bytes, rounds: rounds / 4) { bytes in
        try scratch.write(file.name, bytes)
        _ = try ShapeNet.load(scratch.path, sampling: sampling)
      }
      try scratch.write(file.name, file.bytes)
    }
  }

  @Test func listsOfResampledClouds() throws {
    let sampling = try #require(Self.sampling)
    let files = resampledTree()
    for file in files { try scratch.write(file.name, file.bytes) }
    for file in files where file.name.hasPrefix("modelnet40") {
      survive(file.bytes, rounds: rounds / 4) { bytes in
        try scratch.write(file.name, bytes)
        _ = try ModelNet.load(scratch.path, sampling: sampling)
      }
      try scratch.write(file.name, file.bytes)
    }
  }
}
