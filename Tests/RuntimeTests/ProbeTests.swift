import Language
import Testing

@testable import Runtime

@Suite struct ProbeTests {
  private let output = Recorder()
  private let session: Session

  init() { session = Session(options: SessionOptions(), output: output) }

  private func probe(_ text: String) -> String? { session.probe(Source(name: "check", text: text))?.message }

  @Test func whatHoldsGivesNothing() {
    _ = session.runCell(Source(name: "1", text: "x = 3"))
    #expect(probe("expect x == 3\nexpect x > 2") == nil)
    #expect(probe("expect x == 4") == "expect failed: x == 4")
    #expect(probe("expect y == 4") == "'y' is unknown")
    #expect(probe("expect (") != nil)
  }

  @Test func nothingOfItIsLeft() {
    _ = session.runCell(Source(name: "1", text: "x = 3\nx"))
    let before = session.nextCellNumber
    #expect(probe("x = 4; z = 5; print(x); x\nexpect _ == 4") == nil)
    #expect(probe("expect _ == 3; expect x == 3") == nil)
    #expect(probe("z") == "'z' is unknown")
    #expect(session.variableNames == ["x"])
    #expect(session.nextCellNumber == before)
    #expect(output.lines.isEmpty && output.diagnostics.isEmpty)
  }

  @Test func randomStreamsStayWhereTheyAre() {
    let other = Session(options: SessionOptions(), output: Recorder())
    _ = probe("normal([2])")
    for session in [session, other] { _ = session.runCell(Source(name: "1", text: "x = sum(normal([2]))")) }
    #expect(session["x"]?.describe() == other["x"]?.describe())
  }
}
