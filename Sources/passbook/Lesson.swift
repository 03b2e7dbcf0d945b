import ArgumentParser
import Notebook
import Terminal

#if canImport(Glibc)
  import Glibc
#endif

/// `passbook lesson [FILE]`: take a lesson at the prompt, list the lessons, or test one.
struct Lesson: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Take a lesson at the prompt.",
    discussion: """
      Without a file it lists the lessons that come with the tool. What you do is kept in a script, such as \
      lesson1-transcript.pass, from which --resume goes on.
      """)

  @Argument(help: ArgumentHelp("The number of a lesson that comes with the tool, or a script.", valueName: "lesson"))
  var name: String?

  @Option(help: ArgumentHelp("Go on where this transcript ends, after running it again.", valueName: "transcript"))
  var resume: String?

  @Flag(help: "Play all solutions and see that every check fails before and holds after its solution.")
  var check = false

  @OptionGroup var flags: SessionFlags

  func validate() throws {
    if name == nil, check || resume != nil { throw ValidationError("name the lesson: passbook lesson 1") }
    if check, resume != nil { throw ValidationError("--check plays a lesson from its beginning, without --resume") }
  }

  func run() throws {
    let shelf = LessonShelf()
    guard let name else { return try list(shelf) }
    let entry = try shelf.lesson(name)
    for diagnostic in entry.plan.diagnostics { Console.report(diagnostic) }
    if entry.plan.hasErrors { throw ExitCode(1) }
    guard !entry.plan.tasks.isEmpty else {
      throw UnreadableScript(
        description: "\(entry.path) has no tasks, so it is no lesson; passbook present steps through any script")
    }
    if check { return try LessonCheck(plan: entry.plan, flags: flags).run() }
    guard isTerminal(STDIN_FILENO), isTerminal(STDOUT_FILENO) else {
      throw UnreadableScript(
        description: "a lesson is taken at a terminal; passbook lesson \(name) --check plays it without one")
    }
    try LessonLoop(entry, flags: flags).run(resuming: resume)
  }

  private func list(_ shelf: LessonShelf) throws {
    let lessons = try shelf.lessons()
    print("The lessons that come with the tool:")
    for lesson in lessons {
      let minutes = lesson.plan.minutes.map { ", \($0) minutes" } ?? ""
      print("  passbook lesson \(lesson.argument)   \(lesson.plan.title) (\(lesson.plan.tasks.count) tasks\(minutes))")
    }
  }
}
