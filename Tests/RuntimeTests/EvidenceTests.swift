import Foundation
import Testing

@testable import Runtime

/// Trigger sets in files, and predictions of a suspect that one cannot open.
@Suite struct EvidenceTests {
  private static let setting = "marks = triggers(patterns(count: 20, seed: 1), count: 4, classes: 3, seed: 5)\n"

  private func path(_ name: String) -> String {
    FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString)-\(name)").path
  }

  @Test func savedTriggersAreTheSameTriggers() {
    let path = path("triggers.safetensors")
    defer { try? FileManager.default.removeItem(atPath: path) }
    let run = Run(
      Self.setting + """
        save(marks, "\(path)")
        back = load("\(path)")
        expect back.sha256 == marks.sha256
        expect back.labels == marks.labels
        """)
    #expect(run.outcome == .done, "\(run.errors)")
  }

  @Test func predictionsOfATableFile() {
    let path = path("answers.csv")
    defer { try? FileManager.default.removeItem(atPath: path) }
    let run = Run(
      Self.setting + """
        save(table({trigger: [3, 1, 0, 2], predicted: [0, 2, 1, 1]}), "\(path)")
        expect predictions("\(path)", marks) == [1, 2, 1, 0]
        """)
    #expect(run.outcome == .done, "\(run.errors)")
  }

  @Test(arguments: [
    ("predictions(\"nothing.csv\", marks)", "there is no such file"),
    ("predictions(\"nothing.csv\", marks, batch: 3)", "'batch' is for a service"),
    ("predictions(\"https://127.0.0.1/\", marks)", "https is not spoken here"),
    ("predictions(\"http://127.0.0.1:1/\", marks, timeout: 1s)", "nobody listens at that port"),
    ("predictions(\"http://127.0.0.1:1/\", marks, layout: \"rows\")", "'layout' is one of"),
    ("predictions(\"a.csv\", 3)", "'triggers' must be a trigger set"),
  ])
  func mistakesAreNamed(line: String, words: String) {
    let run = Run(Self.setting + line)
    #expect(run.errors.contains(words), "\(run.errors)")
  }
}
