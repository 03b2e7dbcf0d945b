/// Paths with `/` as text, without a look at any file.
public enum FilePath {
  /// The folder that a path names its file in: `.` for a bare name.
  public static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// What stands behind the last slash.
  public static func name(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
  }

  /// A path seen from a folder; an absolute one stays what it is.
  public static func join(_ folder: String, _ path: String) -> String {
    if path.hasPrefix("/") || folder == "." { return path }
    return folder.hasSuffix("/") ? folder + path : folder + "/" + path
  }

  /// The name of a file with another ending: `lesson.pass` and `html` make `lesson.html`.
  public static func replacingSuffix(of path: String, by suffix: String) -> String {
    let name = name(of: path)
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return "\(path).\(suffix)" }
    return path.dropLast(name.distance(from: dot, to: name.endIndex)) + ".\(suffix)"
  }

  /// How a folder is written as seen from another one, both absolute: `../lessons`; `.` for the same.
  public static func relative(_ folder: String, from base: String) -> String {
    let target = normalised(folder)
    let start = normalised(base)
    let common = zip(target, start).prefix { $0 == $1 }.count
    let steps = Array(repeating: "..", count: start.count - common) + target[common...]
    return steps.isEmpty ? "." : steps.joined(separator: "/")
  }

  /// Whether a path from a folder stays below it.
  static func isBelow(_ path: String) -> Bool {
    !path.isEmpty && !path.hasPrefix("/") && !path.split(separator: "/").contains("..")
  }

  private static func normalised(_ path: String) -> [String] {
    var steps: [String] = []
    for step in path.split(separator: "/") where step != "." {
      if step == ".." { _ = steps.popLast() } else { steps.append(String(step)) }
    }
    return steps
  }
}
