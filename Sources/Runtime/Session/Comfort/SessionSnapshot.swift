import Networks

/// A session as it stood, for `:undo`, `:whatif` and checks that leave no trace: its variables, what is inside the
/// models among them (a training changes a model in place), and how far its random streams are.
///
/// Values are shared until one side changes them, so a snapshot costs no more than what changes afterwards.
struct SessionSnapshot {
  private let globals: [Value?]
  private let result: Value
  private let draws: [String: UInt64]
  private let seed: UInt64
  private let lineage: Lineage
  private let cellCount: Int
  private let networks: [(model: ModelObject, network: Network)]

  init(of session: Session) {
    globals = session.machine.globals
    result = session.machine.lastResult
    draws = session.draws
    seed = session.seed
    lineage = session.lineage
    cellCount = session.history.count
    var models = ModelCollector()
    for value in globals { value.map { models.visit($0) } }
    models.visit(result)
    networks = models.found.values.map { ($0, $0.network) }
  }

  /// Brings the session back to where it stood; the cells that came later no longer count.
  func restore(_ session: Session) {
    session.machine.restore(globals: globals)
    session.machine.lastResult = result
    session.draws = draws
    session.seed = seed
    session.lineage = lineage
    session.history.removeLast(max(0, session.history.count - cellCount))
    for (model, network) in networks { model.network = network }
  }
}

/// The models that values hold, in lists and records too.
private struct ModelCollector {
  private(set) var found: [ObjectIdentifier: ModelObject] = [:]

  mutating func visit(_ value: Value) {
    switch value {
    case .object(let model as ModelObject): found[ObjectIdentifier(model)] = model
    case .list(let list): list.elements.forEach { visit($0) }
    case .record(let record): record.fields.forEach { visit($0.value) }
    default: break
    }
  }
}
