import Language
import Testing

@testable import Runtime

/// The texts of errors, and that nothing a script does ends the process.
@Suite struct FailureTests {
  @Test(arguments: [
    ("1 + \"a\"", "'+' does not go between a number and a text"),
    ("[1, 2][5]", "no element 5 in a list: it holds 2, so 0 to 1"),
    ("[1][0.5]", "an index is a whole number, not 0.5"),
    ("{a: 1}.b", "the record has no field 'b'"),
    ("if 1 { 2 }", "'if' needs true or false, and this is a number"),
    ("x = 3\nx(1)", "a number cannot be called"),
    ("a, b = [1, 2, 3]", "2 names take 2 values, and this list holds 3"),
    ("0..1 by 0", "a range cannot advance by 0"),
    ("for x in 3 { x }", "a number is nothing to walk over"),
    ("sqrt(\"a\")", "sqrt: 'value' must be a number or a tensor, not a text"),
    ("\"{1:q}\"", "'q' is no format"),
    ("fn f() { y = y + 1 }\nf()", "'y' has no value yet"),
    ("f = x -> x\nf(1, 2)", "this function takes 1 argument, not 2"),
    ("expect 1 > 2", "expect failed: 1 > 2"),
    ("print = 3\n[i for i in 0..1e18]", "a range of"),
  ])
  func message(_ script: String, _ wanted: String) {
    let run = Run(script)
    #expect(run.outcome == .failed)
    #expect(run.messages.last?.contains(wanted) == true, "\(run.errors)")
  }

  @Test func expectShowsBothSides() {
    let run = Run("a = 41.2%\nexpect a > 45%")
    #expect(run.errors.contains("is 41.2%"))
    #expect(run.errors.contains("is 45%"))
  }

  @Test func errorsPointAtTheArgumentAndTraceTheCalls() {
    let run = Run("fn inner(x) { round(x, digits: 0.5) }\nfn outer(x) { inner(x) }\nouter(1)")
    #expect(run.errors.contains("test.pass:1:24"))
    #expect(run.errors.contains("called as inner at test.pass:2"))
    #expect(run.errors.contains("called as outer at test.pass:3"))
  }

  @Test func aFailedCellKeepsWhatItAssigned() {
    let recorder = Recorder()
    let session = Session(options: SessionOptions(), output: recorder)
    #expect(session.run(Source(name: "t", text: "a = 5\nb = [1][3]")) == .failed)
    #expect(session["a"]?.describe() == "5")
    #expect(session["b"] == nil)
  }

  @Test func aTypoStopsTheScriptBeforeItsFirstLine() {
    let run = Run("print(\"training\")\n#%%\nprnt(1)")
    #expect(run.outcome == .failed)
    #expect(run.lines.isEmpty)
  }

  @Test func runawayRecursionIsAnError() {
    let run = Run("fn f(x) { f(x + 1) }\nf(1)")
    #expect(run.outcome == .failed)
    #expect(run.messages.last?.hasPrefix("f calls itself too deeply") == true)
    let deep = onLargeStack {
      Run("fn f(x) { 1 + (if x > 0 { [f(x + 1)][0] } else { 0 }) }\nf(1)") { $0.stackSize = 512 << 20 }
    }
    #expect(deep.messages.last?.contains("10001 calls") == true)
    let throughNative = Run("fn f(x) { map([x], f) }\nf(1)")
    #expect(throughNative.outcome == .failed)
  }

  @Test(arguments: [
    "a = []\nfor i in 1..100000 { a = [a] }", "a = {}\nfor i in 1..100000 { a = {a: a} }",
    "f = x -> x\nfn wrap(g) { x -> g(x) }\nfor i in 1..100000 { f = wrap(f) }",
    "a = [0]\nfor i in 1..100000 { b = a; a[0] = b }",
    "t = table({a: [1]})\nfor i in 1..100000 { t = table({a: [t]}) }",
  ])
  func nestingIsBounded(_ script: String) {
    let run = Run(script)
    #expect(run.messages.last?.contains("nest deeper than 1000 levels") == true)
  }

  @Test func deepValuesCompareAndPrint() {
    let run = Run("a = []\nb = []\nfor i in 1..990 { a = [a]; b = [b] }\na == b\nprint(a)")
    #expect(run.lines.first == "true")
  }

  @Test func interruptsStopLoopsAndKeepVariables() {
    let run = Run("n = 0\nwhile true { n += 1 }") { $0.isInterrupted = Countdown(1_000).tick }
    #expect(run.outcome == .interrupted)
    #expect(Run("[i for i in 0..1e12]") { $0.isInterrupted = Countdown(1_000).tick }.outcome == .interrupted)
  }

  @Test(arguments: [
    ("zeros([0, 9e15, 9e15])", "more elements than can be counted"), ("zeros([9e18, 0])", "more elements than can be counted"),
    ("zeros([1 for i in 1..40])", "at most 32 axes"),
    ("conv(ones([1, 1, 4, 4]), 1, 3, weight: ones([1, 1, 3, 3]), padding: 9e18)", "none above 65536"),
  ])
  func shapesBeyondCountingAreErrors(_ script: String, _ wanted: String) {
    #expect(Run(script).messages.last?.contains(wanted) == true)
  }

  @Test func anEmptyTensorShowsItsShapeAlone() {
    #expect(Run("zeros([1e9, 0])").lines == ["tensor [1000000000, 0], empty"])
  }

  @Test func aShadowedNativeIsSaidOnce() {
    let script = "mean = 3\nmean = 4\n#%%\nmean = 5"
    let run = Run(script) { $0.echo = .prompt }
    #expect(run.outcome == .done)
    #expect(run.messages.filter { $0.contains("mean") }.count == 1, "\(run.errors)")
    #expect(Run(script).messages.isEmpty, "nobody is typing")
  }

  @Test func quitCarriesItsCode() {
    #expect(Run(":quit 3").outcome == .quit(3))
  }
}

/// True after so many polls.
final class Countdown: @unchecked Sendable {
  private var left: Int
  init(_ left: Int) { self.left = left }
  @Sendable func tick() -> Bool {
    left -= 1
    return left < 0
  }
}
