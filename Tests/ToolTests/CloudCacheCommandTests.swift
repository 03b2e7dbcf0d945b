import Foundation
import Testing

/// Clouds that one run decodes and the next maps, and `passbook cache` over them.
@Suite(.enabled(if: Tool.isBuilt, Tool.absence))
struct CloudCacheCommandTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ arguments: [String]) throws -> Tool.Result {
    try Tool.run(arguments, environment: ["XDG_CACHE_HOME": folder.path + "/cache"])
  }

  @Test func decodedCloudsAreListedAndCleared() throws {
    let chairs = folder.path + "/net/chair/train"
    try FileManager.default.createDirectory(atPath: chairs, withIntermediateDirectories: true)
    for index in 0..<100 {
      let mesh = "OFF\n3 1 0\n0 0 0\n\(index + 1) 0 0\n0 1 0\n3 0 1 2\n"
      try Data(mesh.utf8).write(to: URL(fileURLWithPath: "\(chairs)/chair_\(index).off"))
    }
    let script = try folder.file(
      "a.pass",
      """
      data = modelnet("\(folder.path)/net", points: 16, seed: 1).train
      print(sum(data.points * data.points), data.provenance.sha256[0].sha256)
      """)
    let first = try run(["run", script])
    #expect(first.code == 0)
    #expect(try run(["cache"]).output.contains("  \(folder.path)/net  \(folder.path)/cache/passbook/clouds/"))
    #expect(try run(["run", script]).output == first.output)

    let entries = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/cache/passbook/clouds")
    #expect(entries.count == 1)
    let entry = try URL(fileURLWithPath: folder.path + "/cache/passbook/clouds/" + #require(entries.first))
    try Data(contentsOf: entry).dropLast(5).write(to: entry)
    let third = try run(["run", script])
    #expect(third.output == first.output)
    #expect(third.errors.contains("warning: modelnet: the cached clouds cannot be used, so they are read anew"))

    #expect(try run(["cache", "--clear"]).output.contains("removed 1 data set from "))
    #expect(try run(["cache"]).output.contains("0 data sets, 0.0 MB of 4000 MB, in "))
  }
}
