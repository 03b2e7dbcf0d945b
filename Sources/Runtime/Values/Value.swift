import Tensors

/// Anything that a script can hold; lists and records are values, never shared and changed behind one's back.
public enum Value: Sendable {
  case none
  case boolean(Bool)
  case number(Double, NumberStyle)
  case text(String)
  case list(List)
  case record(Record)
  indirect case range(NumberRange)
  case function(UserFunction)
  case native(Native)
  /// Something of the engine: a tensor, a stage, a model, a passport, a table.
  indirect case object(any ObjectValue)

  /// A plain number.
  public static func number(_ value: Double) -> Value { .number(value, .plain) }

  /// A whole number, shown plainly.
  public static func integer(_ value: Int) -> Value { .number(Double(value), .plain) }

  /// A rate between 0 and 1, shown as percent.
  public static func rate(_ value: Double) -> Value { .number(value, .percent) }

  /// A list of values; fails when they nest deeper than `List.maximumDepth`.
  public static func list(_ elements: [Value]) throws -> Value { .list(try List(elements)) }

  /// A record of named values, in the order given.
  public static func record(_ fields: KeyValuePairs<String, Value>) throws -> Value {
    .record(try Record(fields.map { Record.Field(name: $0.key, value: $0.value) }))
  }

  /// What messages call a value of this kind: `a number`, `a list`, `a tensor`.
  public var kindName: String {
    switch self {
    case .none: "none"
    case .boolean: "true or false"
    case .number: "a number"
    case .text: "a text"
    case .list: "a list"
    case .record: "a record"
    case .range: "a range"
    case .function(let function): function.isModel ? "a model declaration" : "a function"
    case .native: "a function"
    case .object(let object): object.kindName
    }
  }

  /// How many levels of lists, records and closures stand inside; bounded so that release cannot overflow the stack.
  var depth: Int {
    switch self {
    case .none, .boolean, .number, .text, .range, .native: 0
    case .list(let list): list.depth
    case .record(let record): record.depth
    case .function(let function): function.depth
    case .object(let object): object.depth
    }
  }

  public var isNone: Bool {
    if case .none = self { true } else { false }
  }
}

/// A list with value semantics that knows how deeply it nests.
public struct List: Sendable {
  /// Lists, records and closures may nest this deep.
  public static let maximumDepth = 1_000
  /// A list may hold this many elements.
  public static let maximumCount = 20_000_000
  /// From here on a list is only made where the machine has memory for another one.
  static let largeCount = 1_000_000

  public private(set) var elements: [Value]
  private var storedDepth: Int32

  var depth: Int { Int(storedDepth) }
  public var count: Int { elements.count }

  public init(_ elements: [Value]) throws {
    guard elements.count <= List.maximumCount else { throw List.tooLong(elements.count) }
    guard elements.count < List.largeCount || MemoryRoom.has(bytes: elements.count * MemoryLayout<Value>.stride) else {
      throw Failure(
        "there is not enough memory for a list of \(elements.count) elements", help: "free what is not needed: x = none"
      )
    }
    self.elements = elements
    var deepest = 0
    for element in elements { deepest = max(deepest, element.depth) }
    storedDepth = try List.level(above: deepest)
  }

  mutating func append(contentsOf other: List) throws {
    guard count + other.count <= List.maximumCount else { throw List.tooLong(count + other.count) }
    elements.append(contentsOf: other.elements)
    storedDepth = max(storedDepth, other.storedDepth)
  }

  /// Changes one element in place; the position must exist.
  mutating func update<Result>(_ position: Int, _ body: (inout Value) throws -> Result) throws -> Result {
    let result = try body(&elements[position])
    storedDepth = max(storedDepth, try List.level(above: elements[position].depth))
    return result
  }

  /// The depth of a container around something of the given depth.
  static func level(above depth: Int) throws -> Int32 {
    guard depth < maximumDepth else {
      throw Failure(
        "lists, records and functions nest deeper than \(maximumDepth) levels",
        help: "keep the parts side by side in one list, or as the rows of a table")
    }
    return Int32(depth + 1)
  }

  static func tooLong(_ count: Int) -> Failure {
    Failure("a list may hold \(maximumCount) elements, not \(count)", help: "a tensor holds more: zeros([n, m])")
  }
}

/// Named values in the order in which they were written, with value semantics.
public struct Record: Sendable {
  public struct Field: Sendable {
    public var name: String
    public var value: Value

    public init(name: String, value: Value) {
      self.name = name
      self.value = value
    }
  }

  public private(set) var fields: [Field]
  private var storedDepth: Int32

  var depth: Int { Int(storedDepth) }
  public var names: [String] { fields.map(\.name) }

  /// A later field of the same name wins over an earlier one.
  public init(_ fields: [Field] = []) throws {
    self.fields = []
    storedDepth = 1
    var positions: [String: Int] = [:]
    for field in fields {
      if let position = positions[field.name] {
        self.fields[position] = field
      } else {
        positions[field.name] = self.fields.count
        self.fields.append(field)
      }
      storedDepth = max(storedDepth, try List.level(above: field.value.depth))
    }
  }

  public subscript(name: String) -> Value? {
    fields.first { $0.name == name }?.value
  }

  /// Changes a field in place; one that is not there yet starts as none.
  mutating func update<Result>(_ name: String, _ body: (inout Value) throws -> Result) throws -> Result {
    let position: Int
    if let found = fields.firstIndex(where: { $0.name == name }) {
      position = found
    } else {
      position = fields.count
      fields.append(Field(name: name, value: .none))
    }
    let result = try body(&fields[position].value)
    storedDepth = max(storedDepth, try List.level(above: fields[position].value.depth))
    return result
  }
}
