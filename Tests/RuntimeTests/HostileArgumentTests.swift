import Foundation
import Language
import Testing

@testable import Runtime

/// Every native with every parameter given something that it does not expect: whatever comes of it, it is a value or a
/// diagnostic with a place.
@Suite(.serialized) struct HostileArgumentTests {
  /// Source of values that somebody might pass; the files among them do not exist.
  static let hostile = [
    "none", "true", "0", "-1", "0.5", "1e300", "-1e300", "0/0", "1/0", "9007199254740993", "50%", "5min", "\"\"",
    "\"é\\u{0}\"",
    "[]", "[0]", "[-1, 2]", "[[1], [2, 3]]", "[none]", "0..<0", "0..1e12", "{}", "{a: 1}", "zeros([0])",
    "zeros([2, 0, 3])",
    "ones([2, 3])", "ones(5)", "normal([2, 3, 8, 8], seed: 1)", "tensor(1)", "input([3, 8, 8])", "input([4])", "net",
    "guarded",
    "owner", "claim", "split", "marks", "sgd(0.1)", "steps([1])", "x -> x", "relu", "table({a: [1]})",
    "\"/nonexistent/file\"",
  ]

  static let prelude = """
    net = input([1, 8, 8]) |> conv(8, 3) |> norm() |> relu |> flatten |> dense(3) |> model_of()
    guarded = protect(net)
    owner = passport(seed: 1)
    data = {images: normal([6, 1, 8, 8], seed: 1), labels: [0, 1, 2, 0, 1, 2]}
    claim = train(guarded, data, epochs: 1, passport: owner, seed: 1).claim
    split = patterns(count: 6, size: 8, channels: 1, seed: 1)
    marks = triggers(split, count: 3, classes: 3, seed: 1)
    """

  /// Natives that would write files or read whatever a name says.
  static let excluded: Set<String> = ["save"]

  @Test(arguments: NativeTable.standard.natives.map(\.name).filter { !excluded.contains($0) })
  func aHostileArgumentGivesAValueOrADiagnostic(_ name: String) throws {
    let native = try #require(NativeTable.standard[name])
    let deadline = Deadline()
    var options = SessionOptions()
    options.isInterrupted = { deadline.isOver }
    let output = Recorder()
    let session = Session(options: options, output: output)
    deadline.start(seconds: 60)
    #expect(session.run(Source(name: "prelude", text: Self.prelude)) == .done)
    let sound = native.parameters.map { Self.soundValue(for: $0) }
    for position in native.parameters.indices {
      for value in Self.hostile {
        let arguments = native.parameters.indices.compactMap { index -> String? in
          let label = native.parameters[index].label
          if index == position { return "\(label): \(value)" }
          return native.parameters[index].defaultText == nil ? "\(label): \(sound[index])" : nil
        }
        deadline.start(seconds: 2)
        let before = output.diagnostics.count
        let outcome = session.runCell(Source(name: "call", text: "\(name)(\(arguments.joined(separator: ", ")))"))
        guard outcome == .failed else { continue }
        let diagnostic = try #require(output.diagnostics.dropFirst(before).last)
        #expect(diagnostic.source != nil && !diagnostic.labels.isEmpty && !diagnostic.message.isEmpty)
      }
    }
  }

  /// Something of the kind that a required parameter wants.
  private static func soundValue(for parameter: Native.Parameter) -> String {
    switch parameter.type {
    case let type where type.hasPrefix("model"): "guarded"
    case let type where type.hasPrefix("stage or tensor"): "input([3, 8, 8])"
    case let type where type.hasPrefix("tensor"): "ones([2, 3])"
    case let type where type.hasPrefix("data"), let type where type.hasPrefix("split"): "split"
    case "number": "2"
    case "function": "x -> x"
    case "text": "\"a\""
    case "passport": "owner"
    case "claim": "claim"
    case "record": "{a: 1}"
    default: "[1, 2]"
    }
  }
}

/// Interrupts a session some seconds after it was set.
private final class Deadline: @unchecked Sendable {
  private let lock = NSLock()
  private var end = ContinuousClock.now

  func start(seconds: Int) { lock.withLock { end = ContinuousClock.now + .seconds(seconds) } }

  var isOver: Bool { lock.withLock { ContinuousClock.now > end } }
}
