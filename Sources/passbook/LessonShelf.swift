import Foundation
import Language
import Notebook

/// Where lessons come from: a path, or the number of one that comes with the tool.
struct LessonShelf {
  /// A lesson, and how a learner names it.
  struct Entry {
    var plan: LessonPlan
    var path: String
    /// What stands behind `passbook lesson`: `1`, or the path.
    var argument: String
    /// The beginning of a transcript's name: `lesson1`, or the file's name.
    var stem: String
  }

  /// The folders that were looked at for the lessons that come with the tool, the first that is there first.
  let folders: [String]

  init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    var folders: [String] = []
    if let data = environment["PASSBOOK_DATA"] { folders.append(data + "/lessons") }
    var folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    folders.append(folder.appendingPathComponent("../share/passbook/lessons").standardizedFileURL.path)
    // A build stands some folders below the clone that it is of.
    for _ in 0..<5 where folder.path != "/" {
      folders.append(folder.appendingPathComponent("Examples/Lessons").path)
      folder.deleteLastPathComponent()
    }
    self.folders = folders
  }

  /// The lessons that come with the tool, by number.
  func lessons() throws -> [Entry] {
    for folder in folders {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      let found = names.filter { $0.hasSuffix(".pass") }.compactMap { name in
        LessonShelf.number(of: name).map { (number: $0, path: folder + "/" + name) }
      }
      guard !found.isEmpty else { continue }
      return try found.sorted { $0.number < $1.number }.map { number, path in
        let plan = LessonPlan(try ScriptFile.read(path))
        return Entry(plan: plan, path: path, argument: String(number), stem: "lesson\(number)")
      }
    }
    let looked = folders.joined(separator: ", ")
    throw UnreadableScript(description: "no lessons came with this tool; looked in \(looked); or name a file")
  }

  /// The lesson of a number, or in a file.
  func lesson(_ argument: String) throws -> Entry {
    if let number = Int(argument) {
      let lessons = try lessons()
      guard let found = lessons.first(where: { $0.argument == String(number) }) else {
        let numbers = lessons.map(\.argument).joined(separator: ", ")
        throw UnreadableScript(description: "there is no lesson \(number); the lessons are \(numbers)")
      }
      return found
    }
    let name = argument.split(separator: "/").last.map(String.init) ?? argument
    let stem =
      LessonShelf.number(of: name).map { "lesson\($0)" }
      ?? (name.hasSuffix(".pass") ? String(name.dropLast(5)) : name)
    return Entry(plan: LessonPlan(try ScriptFile.read(argument)), path: argument, argument: argument, stem: stem)
  }

  /// `1-first-network.pass` is lesson 1.
  private static func number(of name: String) -> Int? {
    guard let dash = name.firstIndex(of: "-") else { return nil }
    return Int(name[..<dash])
  }
}
