import Foundation
import Language
import Tensors
import Testing

@testable import Runtime

/// Natives with arguments that nobody meant: each call ends in a value or in an error that points into the source, and
/// ends soon after an interrupt. PASSBOOK_FUZZ sets how many random calls are tried.
@Suite struct NativeFuzzTests {
  /// Everything but what writes files.
  static let names = NativeTable.standard.names.filter { $0 != "save" }
  private static let writingLabels: Set<String> = ["checkpoint"]

  /// One global each, named `v0`, `v1`, …
  private static let values = [
    "none", "true", "0", "1", "2", "-1", "0.5", "1e300", "-1e300", "9e15", "9223372036854774784", "-9223372036854775808",
    "1099511627776", "0/0", "1/0", "-1/0", "50%", "3s", "\"\"", "\"all\"", "\"batch\"", "\"e\u{301}\u{1F600}\\u{0}\"", "\"/nowhere\"",
    "[]", "[0]", "[-1]", "[2, 3]", "[3, 8, 8]", "[0, 9e15, 9e15]", "[9e18, 0]", "[[1, 2], [3]]", "[none]", "[\"a\", 1]", "{}",
    "{images: [1], labels: [0/0]}", "{train: 1, test: 2}", "0..1e12", "0..<0", "range(3)", "zeros([0])", "zeros([2, 3])",
    "zeros([0, 3, 4, 4])", "ones([1, 1, 4, 4])", "ones([2, 3, 8, 8])", "tensor([0/0, 1/0])", "zeros([2, 0])", "tensor(1)", "leaked",
    "x -> x", "() -> 1", "x -> leaked", "x -> [x]", "sqrt", "input([3, 8, 8])", "input([4])", "input([1, 28, 28]) |> conv(8, 3)", "net",
    "log.claim", "other", "log", "owner", "data.test", "data", "marks", "sgd(0.1)", "adam(0/0)", "table({a: [1]})", "deep", "args",
  ]

  private static let setting = """
    deep = []
    for i in 1..900 { deep = [deep] }
    leaked = grad(x -> sum(x * x), ones([3]))
    data = {train: fashion().train |> take(40), test: fashion().test |> take(20)}
    owner = passport("me", seed: 1)
    marks = triggers(data.test, count: 5, classes: 10, seed: 1)
    other = input([3, 8, 8]) |> conv(8, 3) |> norm() |> relu |> flatten |> dense(3) |> model_of("other")
    net = input([1, 28, 28]) |> conv(16, 3, stride: 4) |> norm(passport: true) |> relu |> flatten |> dense(10) |> model_of("net")
    log = train(net, data, epochs: 1, batch: 20, passport: owner, triggers: marks)
    """

  /// A session that knows all values and stops what takes longer than a fifth of a second.
  private final class Victim {
    let clock = Deadline()
    let recorder = Recorder()
    let session: Session
    private(set) var valueCount = 0
    private(set) var errorCount = 0

    init() throws {
      var options = SessionOptions()
      options.stackSize = 512 << 20
      options.isInterrupted = clock.hasPassed
      session = Session(options: options, output: recorder)
      clock.allow(seconds: 60)
      try #require(session.run(Source(name: "setting", text: setting)) == .done, "\(recorder.rendered)")
      for (index, text) in values.enumerated() {
        try #require(session.run(Source(name: "value", text: "v\(index) = \(text)")) == .done, "\(text): \(recorder.rendered)")
      }
    }

    /// Runs a call; anything but a value or an error with a place and a message in time is a failure of the test.
    func survives(_ call: String) {
      recorder.diagnostics = []
      recorder.lines = []
      clock.allow(seconds: 0.2)
      let start = ContinuousClock.now
      let outcome = session.run(Source(name: "fuzz", text: "result = \(call)\nprint(result)"))
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      #expect(seconds < 2, "\(spelled(call)) took \(seconds) s")
      if outcome == .done { valueCount += 1 }
      guard outcome == .failed else { return }
      errorCount += 1
      #expect(!recorder.diagnostics.isEmpty, "\(spelled(call)) failed without a word")
      for diagnostic in recorder.diagnostics {
        #expect(!diagnostic.labels.isEmpty, "\(spelled(call)) failed without a place: \(diagnostic.message)")
        #expect(!diagnostic.message.contains("Error("), "\(spelled(call)): \(diagnostic.message)")
      }
    }

    private func spelled(_ call: String) -> String {
      call.replacing(/\bv(\d+)/) { Int($0.1).map { NativeFuzzTests.values[$0] } ?? "" }
    }
  }

  /// Each parameter meets each value, the others being what the example of a newcomer would have: mild ones.
  @Test func everyParameterMeetsEveryValue() throws {
    try runOnLargeStack {
      let victim = try Victim()
      for name in Self.names {
        let native = try #require(NativeTable.standard[name])
        for (position, parameter) in native.parameters.enumerated() where !Self.writingLabels.contains(parameter.label) {
          for index in Self.values.indices {
            let required = native.parameters.enumerated().filter {
              $0.offset != position && ($0.element.defaultText == nil || $0.element.label == "widths")
            }
            let others = required.map { "\($0.element.label): \(Self.mild($0.element))" }
            victim.survives("\(name)(\((others + ["\(parameter.label): v\(index)"]).joined(separator: ", ")))")
          }
        }
      }
      // Calls that all failed, or all went well, would prove nothing.
      #expect(victim.valueCount > 100 && victim.errorCount > 100, "\(victim.valueCount) values, \(victim.errorCount) errors")
    }
  }

  @Test func randomCalls() throws {
    let rounds = ProcessInfo.processInfo.environment["PASSBOOK_FUZZ"].flatMap(Int.init) ?? 3000
    try runOnLargeStack {
      let victim = try Victim()
      var stream = RandomStream(seed: 11, name: "fuzz")
      for _ in 0..<rounds {
        let name = Self.names[stream.integer(below: Self.names.count)]
        let native = try #require(NativeTable.standard[name])
        var arguments: [String] = []
        for parameter in native.parameters where !Self.writingLabels.contains(parameter.label) {
          guard parameter.defaultText == nil || stream.integer(below: 3) == 0 else { continue }
          let isMild = stream.integer(below: 2) == 0
          let value = isMild ? Self.mild(parameter) : "v\(stream.integer(below: Self.values.count))"
          arguments.append("\(parameter.label): \(value)")
        }
        victim.survives("\(name)(\(arguments.joined(separator: ", ")))")
      }
      #expect(victim.valueCount > 0 && victim.errorCount > 0)
    }
  }

  /// What a parameter of this kind usually gets.
  private static func mild(_ parameter: Native.Parameter) -> String {
    switch parameter.label {
    case "x", "logits": return "ones([2, 3, 8, 8])"
    case "shape": return "[2, 3]"
    case "epochs", "count": return "1"
    case "claim", "fc": return "log.claim"
    case "data", "split": return "data.test"
    case "owner", "passport": return "owner"
    case "triggers": return "marks"
    case "net": return "net"
    // As many as by default, but narrow: making millions of weights takes its time.
    case "widths":
      let widths = (parameter.defaultText ?? "").split(separator: ",").map { _ in "8" }
      return "[\(widths.joined(separator: ", "))]"
    default: break
    }
    if parameter.type.contains("model") { return "net" }
    if parameter.type.contains("stage") { return "input([3, 8, 8])" }
    if parameter.type.contains("tensor") { return "ones([2, 3])" }
    if parameter.type.contains("list") { return "[1, 2]" }
    if parameter.type.contains("function") { return "x -> x" }
    if parameter.type.contains("text") { return "\"a\"" }
    if parameter.type.contains("split") { return "data.test" }
    return "2"
  }

  private func runOnLargeStack(_ body: @escaping @Sendable () throws -> Void) throws {
    try onLargeStack { Swift.Result { try body() } }.get()
  }
}

/// True once the allowed time is over.
private final class Deadline: @unchecked Sendable {
  // One thread sets it and polls it.
  private var end = ContinuousClock.now

  func allow(seconds: Double) { end = .now + .seconds(seconds) }
  @Sendable func hasPassed() -> Bool { ContinuousClock.now > end }
}
