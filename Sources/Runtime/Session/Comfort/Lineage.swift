import Language

/// Which variables each variable was made from, cell by cell, to tell which of them are stale: made from a value that
/// has been replaced since.
///
/// What a cell reads is taken from its text, so a mark may be one too many where a branch was not taken. A training
/// that changes a model in place replaces no value.
struct Lineage {
  private struct Origin {
    /// Which of the assignments of this session gave the value.
    var version: Int
    /// What its cell read, as it was then.
    var inputs: [String: Int]
  }

  private var origins: [String: Origin] = [:]
  private var bodies: [String: CellNames.Body] = [:]
  private var assignments = 0

  /// Notes what a cell that ran has bound.
  mutating func note(_ names: CellNames) {
    var reads = names.reads
    var called: Set<String> = []
    var waiting = names.calls.compactMap(\.callee)
    for (name, body) in names.bodies { bodies[name] = body }
    while let name = waiting.popLast() {
      guard called.insert(name).inserted, let body = bodies[name] else { continue }
      reads.formUnion(body.reads)
      waiting += body.calls.compactMap(\.callee)
    }
    let bound = names.binds.subtracting(["_"])
    var inputs: [String: Int] = [:]
    for name in reads.subtracting(bound) { inputs[name] = origins[name]?.version }
    assignments += 1
    for name in bound {
      // What a function reads, it reads when it is called.
      let own = names.bodies[name] == nil ? inputs : [:]
      origins[name] = Origin(version: assignments, inputs: own)
    }
  }

  /// The variable whose replacement made this one stale; nil if nothing did.
  func cause(ofStale name: String) -> String? {
    var visited: Set<String> = []
    return cause(ofStale: name, &visited)
  }

  private func cause(ofStale name: String, _ visited: inout Set<String>) -> String? {
    guard visited.insert(name).inserted, let origin = origins[name] else { return nil }
    for (input, version) in origin.inputs.sorted(by: { $0.key < $1.key }) {
      if origins[input]?.version != version { return input }
      if let cause = cause(ofStale: input, &visited) { return cause }
    }
    return nil
  }
}
