import Glibc
import Language

/// A file whose functions and models are read again whenever it changes.
struct WatchedFile {
  /// What tells one state of a file from another.
  struct Stamp: Equatable {
    var seconds: Int
    var nanoseconds: Int
    var size: Int

    /// Nil where there is no file.
    init?(_ path: String) {
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      (seconds, nanoseconds) = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
      size = Int(status.st_size)
    }
  }

  let path: String
  var stamp: Stamp?
}

extension Session {
  /// `:watch FILE` begins to watch, `:watch` lists, `:watch off` ends.
  func watch(_ rest: String) throws {
    switch rest {
    case "": output.print(watched.isEmpty ? "no file is watched" : watched.map(\.path).joined(separator: "\n"))
    case "off": watched = []
    default:
      let path = try Magic.path(rest, for: ":watch")
      let stamp = WatchedFile.Stamp(path)
      let count = try readDefinitions(of: path)
      watched.removeAll { $0.path == path }
      watched.append(WatchedFile(path: path, stamp: stamp))
      output.note("watching \(path): \(Self.counted(count)) read; they are read again when it changes")
    }
  }

  /// Reads the definitions of watched files that have changed; what is wrong in one is reported, and its old ones stay.
  func rereadWatchedFiles() {
    for index in watched.indices {
      let path = watched[index].path
      let stamp = WatchedFile.Stamp(path)
      guard stamp != watched[index].stamp else { continue }
      watched[index].stamp = stamp
      // An editor may take a file away for a moment while it saves.
      guard stamp != nil else { continue }
      do {
        let count = try readDefinitions(of: path)
        output.note("\(path) has changed: \(Self.counted(count)) read again")
      } catch {
        output.report((error as? Diagnostic) ?? Diagnostic(.error, "\(path): \(error)"))
      }
    }
  }

  /// Binds the functions and models that a file declares, and runs nothing else of it.
  private func readDefinitions(of path: String) throws -> Int {
    let source = Source(name: path, text: try ScriptFile.read(path))
    let (cells, diagnostics) = Parser.parseFile(source)
    if let error = diagnostics.first(where: { $0.severity == .error }) { throw error.placed(in: source) }
    guard var definitions = cells.first else { return 0 }
    definitions.isMarkdown = false
    definitions.statements = cells.flatMap(\.statements).filter { statement in
      switch statement.kind {
      case .function(let function): function.name != nil
      case .model: true
      default: false
      }
    }
    let problems = Resolver.check(definitions, in: self, source: source)
    if let error = problems.first(where: { $0.severity == .error }) { throw error.placed(in: source) }
    machine.prepareStack()
    try run(definitions, of: source)
    lineage.note(CellNames(of: definitions))
    return definitions.statements.count
  }

  private static func counted(_ count: Int) -> String { "\(count) definition\(count == 1 ? "" : "s")" }
}
