import Foundation
import Testing

/// The experiments: one file a claim of the paper, each checked and on record. They take too long to be run here
/// (`Scripts/experiments claims`).
@Suite(.enabled(if: Tool.isBuilt, Tool.absence))
struct ExperimentTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../Examples/Experiments").standardizedFileURL.path

  static let files: [String] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".pass") && $0 != "setting.pass" }.sorted()
  }()

  @Test func thereIsOneForEachClaim() {
    #expect(
      Self.files == [
        "ambiguity-1.pass", "ambiguity-2.pass", "cost.pass", "fc-block.pass", "fidelity.pass", "fine-tuning.pass",
        "ownership.pass", "pruning.pass", "relations.pass", "schemes.pass", "statistics.pass",
      ])
  }

  @Test(arguments: files) func nothingIsMisspelt(file: String) throws {
    let result = try Tool.run(["check", Self.folder + "/" + file])
    #expect(result.code == 0, "\(result.errors)")
  }

  /// What is on record names its data, and every figure is there.
  @Test(arguments: files) func itIsOnRecord(file: String) throws {
    let text = try String(contentsOfFile: Self.folder + "/" + file, encoding: .utf8)
    let records = text.split(separator: "\n").filter { $0.contains("#=>") }
    #expect(records.contains { $0.contains("minutes: ") })
    #expect(records.count > 3)
    for record in records {
      guard let figure = record.firstMatch(of: /\]\(([^)]+\.svg)\)/)?.1 else { continue }
      #expect(FileManager.default.fileExists(atPath: Self.folder + "/" + figure), "\(figure)")
    }
  }

  @Test(arguments: ["days", "Minutes"]) func anotherScaleIsRefused(scale: String) throws {
    let result = try Tool.run(["run", Self.folder + "/pruning.pass", "--", "scale=\(scale)"])
    #expect(result.code == 1)
    #expect(result.errors.contains("expect failed: scale in keys(settings)"), "\(result.errors)")
  }
}
