import Foundation
import Language
import Testing

@testable import Runtime

/// Files that scripts include: where they are found, and what is known of them before anything runs.
@Suite struct IncludeTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("include-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func write(_ name: String, _ text: String) throws -> Source {
    let path = folder.appendingPathComponent(name).path
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return Source(name: path, text: text)
  }

  private func session() -> (Session, Recorder) {
    let recorder = Recorder()
    return (Session(options: SessionOptions(), output: recorder), recorder)
  }

  @Test func aFileIsFoundBesideTheOneThatNamesIt() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try write("inner.pass", "y = x + 1\n")
    _ = try write("setting.pass", "x = 41\n:include inner.pass\n")
    let main = try write("main.pass", ":include setting.pass\nexpect y == 42\n")
    let (session, recorder) = session()
    #expect(session.run(main) == .done, "\(recorder.rendered)")
  }

  @Test func namesBehindAnIncludedFileAreChecked() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try write("setting.pass", "fn own(seed) { seed }\n")
    let main = try write("main.pass", ":include \"setting.pass\"\nprint(own(1))\nprint(owm(1))\nown(sede: 1)\n")
    let (session, _) = session()
    #expect(session.check(main).map(\.message) == ["'owm' is unknown", "'sede' is no argument of own"])
  }

  @Test func mistakesInsideAnIncludedFileAreFoundThere() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let setting = try write("setting.pass", "print(nothing_of_that_name)\n")
    let (session, _) = session()
    let found = session.check(try write("main.pass", ":include setting.pass\n"))
    #expect(found.map(\.message) == ["'nothing_of_that_name' is unknown"])
    #expect(found.first?.source?.name == setting.name)
  }

  @Test func whatCannotBeReadYetMayBringAnyName() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let (session, _) = session()
    #expect(session.check(try write("main.pass", ":include later.pass\nprint(from_there)\n")).isEmpty)
  }

  @Test func aFileThatIncludesItselfEnds() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let main = try write("main.pass", ":include main.pass\n")
    let (session, recorder) = session()
    #expect(session.check(main).isEmpty)
    #expect(session.run(main) == .failed)
    #expect(recorder.rendered.contains("more than 16 deep"))
  }
}
