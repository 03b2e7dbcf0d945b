import Language

/// Turns the syntax tree into closures in which every name is a slot, so that a loop looks nothing up by name.
///
/// One lowering serves one cell; `Lowering+…` hold one area of the grammar each.
final class Lowering {
  /// Expressions and blocks may nest this deep; it bounds the stack that lowering, running and releasing take.
  static let maximumLevel = 1_000

  let source: Source
  let cell: Int
  let machine: Machine
  let natives: NativeTable
  var scope = FunctionScope(outer: nil)
  /// Inside the body of a model: the slot that holds the stage so far.
  var stageSlot: Int?
  /// Inside an `if` that stands for a value: what its blocks hold are no lines of the model.
  var isInsideValue = false
  private var level = 0

  init(source: Source, cell: Int, machine: Machine, natives: NativeTable) {
    self.source = source
    self.cell = cell
    self.machine = machine
    self.natives = natives
  }

  func place(_ span: Span) -> Place { Place(source: source, cell: cell, span: span) }

  /// Runs one step of the descent, with a clear error instead of an overflow.
  func descend<Result>(at span: Span, _ body: () throws -> Result) throws -> Result {
    level += 1
    defer { level -= 1 }
    guard level <= Lowering.maximumLevel else {
      throw place(span).diagnostic(
        Failure("this nests deeper than \(Lowering.maximumLevel) levels", help: "give the parts names"))
    }
    return try body()
  }

  func evaluation(_ expression: Expression) throws -> Evaluation {
    try descend(at: expression.span) { try lower(expression) }
  }

  private func lower(_ expression: Expression) throws -> Evaluation {
    let place = place(expression.span)
    switch expression.kind {
    case .number(let number, let unit): return constant(.number(number, NumberStyle(unit)))
    case .boolean(let boolean): return constant(.boolean(boolean))
    case .none: return constant(.none)
    case .string(let parts): return try string(parts, place)
    case .lastResult:
      if let stageSlot { return { $0.slots[stageSlot] ?? .none } }
      return { $0.machine.lastResult }
    case .name(let name): return self.name(name, place)
    case .list(let elements):
      let codes = try elements.map(evaluation)
      return { frame in
        do { return try .list(codes.map { try $0(frame) }) } catch { throw place.diagnostic(error) }
      }
    case .record(let fields):
      let codes = try fields.map { (name: $0.name.text, value: try evaluation($0.value)) }
      return { frame in
        let fields = try codes.map { Record.Field(name: $0.name, value: try $0.value(frame)) }
        do { return .record(try Record(fields)) } catch { throw place.diagnostic(error) }
      }
    case .matrix(let rows): return try matrix(rows, place)
    case .comprehension(let element, let names, let sequence, let condition):
      return try comprehension(element, names, sequence, condition, place)
    case .lambda(let declaration): return try closure(declaration, documentation: nil)
    case .if(let condition, let then, let otherwise):
      let outer = isInsideValue
      isInsideValue = true
      defer { isInsideValue = outer }
      let action = try choice(condition, then, otherwise, wantsValue: true)
      return { frame in
        let completion = try action(frame)
        guard completion == .normal else { throw ControlTransfer(completion: completion) }
        return frame.value
      }
    case .call(let callee, let arguments): return try call(callee, arguments, piped: nil, place)
    case .pipe(let left, let right):
      return try pipe((try evaluation(left), left.span), into: right, place)
    case .index(let operand, let indices):
      let operand = try evaluation(operand)
      let axes = try indices.map(axis)
      return { frame in
        let value = try operand(frame)
        let indices = try axes.map { try $0(frame) }
        do { return try value.element(at: indices) } catch { throw place.diagnostic(error) }
      }
    case .field(let operand, let name):
      let operand = try evaluation(operand)
      let field = name.text
      let place = self.place(name.span)
      return { frame in
        let value = try operand(frame)
        do { return try value.field(field) } catch { throw place.diagnostic(error) }
      }
    case .unary(let operation, let operand):
      let operand = try evaluation(operand)
      return { frame in
        let value = try operand(frame)
        do { return try Value.unary(operation, value) } catch { throw place.diagnostic(error) }
      }
    case .binary(let operation, let left, let right, _):
      return binary(operation, try evaluation(left), try evaluation(right), place)
    case .comparison(let first, let links): return try comparison(first, links, place)
    case .and(let left, let right): return try junction(left, right, stopsAt: false, "and")
    case .or(let left, let right): return try junction(left, right, stopsAt: true, "or")
    case .range(let start, let end, let isClosed, let step):
      return try range(start, end, isClosed, step, place)
    }
  }

  func constant(_ value: Value) -> Evaluation { { _ in value } }

  /// One axis of an index.
  func axis(_ index: Index) throws -> @Sendable (Frame) throws -> IndexValue {
    switch index {
    case .whole: return { _ in .whole }
    case .expression(let expression):
      let code = try evaluation(expression)
      return { .value(try code($0)) }
    }
  }

  /// A variable of the function, of the session, or a native, in this order.
  private func name(_ name: String, _ place: Place) -> Evaluation {
    if let slot = scope.slot(of: name) {
      return { frame in
        if let value = frame.slots[slot] { return value }
        throw place.diagnostic(
          Failure(
            "'\(name)' has no value yet",
            help: "a name that a function assigns is its own; give it a value first, or pass it as an argument"))
      }
    }
    let slot = machine.slot(of: name)
    if let native = natives[name] {
      return { $0.machine.globals[slot] ?? .native(native) }
    }
    return { frame in
      if let value = frame.machine.globals[slot] { return value }
      throw place.diagnostic(frame.machine.session.unknownName(name))
    }
  }

  private func string(_ parts: [StringPart], _ place: Place) throws -> Evaluation {
    if parts.isEmpty { return constant(.text("")) }
    if parts.count == 1, case .text(let text) = parts[0] { return constant(.text(text)) }
    let codes: [@Sendable (Frame) throws -> String] = try parts.map { part in
      switch part {
      case .text(let text): return { _ in text }
      case .interpolation(let expression, let format):
        let code = try evaluation(expression)
        guard let format else { return { try code($0).display } }
        let place = self.place(expression.span)
        let numberFormat: NumberFormat
        do { numberFormat = try NumberFormat(format) } catch { throw place.diagnostic(error) }
        return { frame in
          let value = try code(frame)
          do { return try numberFormat.apply(to: value) } catch { throw place.diagnostic(error) }
        }
      }
    }
    return { frame in
      var text = ""
      for code in codes { text += try code(frame) }
      guard text.utf8.count <= Value.maximumTextSize else {
        throw place.diagnostic(Failure("a text may hold \(Value.maximumTextSize) bytes"))
      }
      return .text(text)
    }
  }

  private func matrix(_ rows: [[Expression]], _ place: Place) throws -> Evaluation {
    let codes = try rows.map { try $0.map(evaluation) }
    return { frame in
      let rows = try codes.map { try $0.map { try $0(frame) } }
      do {
        if let matrix = try frame.machine.session.options.composition?.matrix(rows) { return matrix }
        return try .list(rows.map { try .list($0) })
      } catch { throw place.diagnostic(error) }
    }
  }
}
