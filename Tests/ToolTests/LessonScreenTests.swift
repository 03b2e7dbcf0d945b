import Foundation
import Language
import Notebook
import Terminal
import Testing

/// What a lesson shows at once fits on the smallest screen that it is meant for, 80 by 24.
@Suite struct LessonScreenTests {
  static let files: [String] = {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Examples/Lessons").standardizedFileURL.path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".pass") }.sorted().map { folder + "/" + $0 }
  }()

  @Test func thereAreSix() { #expect(Self.files.count == 6) }

  @Test(arguments: files) func nothingScrollsAwayBeforeItIsRead(path: String) throws {
    let plan = LessonPlan(Source(name: path, text: try String(contentsOfFile: path, encoding: .utf8)))
    #expect(plan.diagnostics.isEmpty)
    #expect((6...9).contains(plan.tasks.count))
    #expect((15...25).contains(plan.minutes ?? 0))
    let markdown = TerminalMarkdown(width: 79, style: Style(isEnabled: true))
    var lines = 3  // the head of the lesson
    for step in plan.steps {
      switch step {
      case .text(let text):
        lines += markdown.render(text).split(separator: "\n", omittingEmptySubsequences: false).count + 2
      case .code(let code):
        let typed = code.text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines + typed.count <= 24, "\(code.title ?? code.text)")
        #expect(typed.allSatisfy { $0.displayWidth <= 92 }, "\(code.text)")
        lines = 0
      case .task(let task):
        lines += markdown.render(task.text).split(separator: "\n").count + 2
        #expect(lines < 24, "\(task.title ?? task.text)")
        #expect(!task.hints.isEmpty && task.title != nil)
        lines = 0
      }
    }
  }
}
