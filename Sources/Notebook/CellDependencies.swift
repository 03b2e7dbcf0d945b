import Language

/// Which cells of a document a cell needs, and which need it, as far as their texts tell.
///
/// A cell needs the earlier ones that bind a name that it reads, that hand such a name to a function which may change
/// what it stands for, or that draw from a random stream that it draws from: the numbers of a native without `seed:`
/// depend on how often it was called before.
public struct CellDependencies: Sendable {
  /// What the natives of a session are to names.
  public struct Natives: Sendable {
    /// Leaves its arguments as they are.
    public let keepsArguments: @Sendable (String) -> Bool
    /// Has random numbers of its own where it is called without `seed:`.
    public let drawsSeeds: @Sendable (String) -> Bool

    public init(
      keepsArguments: @escaping @Sendable (String) -> Bool, drawsSeeds: @escaping @Sendable (String) -> Bool
    ) {
      self.keepsArguments = keepsArguments
      self.drawsSeeds = drawsSeeds
    }
  }

  private struct Effects {
    var reads: Set<String>
    var writes: Set<String>
    /// Natives whose random stream it draws from.
    var streams: Set<String> = []
    /// Everything before may matter to what follows it.
    var isOpaque: Bool
  }

  private var effects: [Effects] = []

  public init(_ document: Document, natives: Natives) {
    // A function's body runs where it is called, maybe cells later.
    let names = document.cells.map { CellNames(of: $0.cell) }
    var bodies: [String: [CellNames.Body]] = [:]
    for cell in names { for (name, body) in cell.bodies { bodies[name, default: []].append(body) } }
    for cell in names {
      var found = Effects(reads: cell.reads, writes: cell.binds, isOpaque: cell.hasMagic)
      var calls = cell.calls
      var pending = Array(cell.reads.union(cell.binds.intersection(bodies.keys)))
      var seen = Set(pending)
      while let name = pending.popLast() {
        for body in bodies[name] ?? [] {
          found.reads.formUnion(body.reads)
          calls += body.calls
          pending += body.reads.filter { seen.insert($0).inserted }
        }
      }
      for call in calls {
        let isNative = call.callee.map { bodies[$0] == nil && natives.keepsArguments($0) } ?? false
        if !isNative { found.writes.formUnion(call.arguments) }
        if let callee = call.callee, natives.drawsSeeds(callee), !call.labels.contains("seed") {
          found.streams.insert(callee)
        }
      }
      effects.append(found)
    }
  }

  /// The cells before a cell that must run for it; cells by their place in the document, counted from 0.
  public func needed(by cell: Int) -> Set<Int> {
    guard effects.indices.contains(cell) else { return [] }
    var (names, streams) = (effects[cell].reads, effects[cell].streams)
    // What a magic shows, such as :vars, may be anything before it.
    var needsAll = effects[cell].isOpaque
    var needed: Set<Int> = []
    for index in (0..<cell).reversed() {
      let other = effects[index]
      let gives =
        needsAll || other.isOpaque || !other.writes.isDisjoint(with: names) || !other.streams.isDisjoint(with: streams)
      guard gives else { continue }
      needed.insert(index)
      needsAll = needsAll || other.isOpaque
      names.formUnion(other.reads)
      streams.formUnion(other.streams)
    }
    return needed
  }

  /// The cells after a cell that read what it binds, or what those bind.
  public func dependents(of cell: Int) -> Set<Int> {
    guard effects.indices.contains(cell) else { return [] }
    var names = effects[cell].writes
    var dependents: Set<Int> = []
    for index in effects.indices.dropFirst(cell + 1)
    where effects[cell].isOpaque || !effects[index].reads.isDisjoint(with: names) {
      dependents.insert(index)
      names.formUnion(effects[index].writes)
    }
    return dependents
  }
}
