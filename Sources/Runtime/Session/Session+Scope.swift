import Language

extension Session: NameScope {
  public var names: [String] {
    variableNames + ["args"] + options.natives.names.filter { machine[$0] == nil }
  }

  public func contains(_ name: String) -> Bool {
    machine[name] != nil || options.natives[name] != nil
  }

  public func signature(of name: String) -> Signature? {
    switch machine[name] {
    case .function(let function): function.signature
    case .native(let native): native.signature
    case nil: options.natives[name]?.signature
    default: nil
    }
  }

  public func isNative(_ name: String) -> Bool { machine[name] == nil && options.natives[name] != nil }

  public var magics: [String] { options.magics.map(\.name) }

  /// The error for a name that nothing is bound to.
  func unknownName(_ name: String) -> Failure {
    var failure = Failure("nothing is named '\(name)'")
    if let near = EditDistance.closest(to: name, among: names) { failure.help = ["did you mean '\(near)'?"] }
    return failure
  }
}

/// The names of a session and of the cells of a script before the one that is checked.
struct ScriptScope: NameScope {
  let base: Session
  private var defined: Set<String> = []
  private var signatures: [String: Signature] = [:]

  init(base: Session) { self.base = base }

  mutating func define(_ definitions: Definitions) {
    for name in definitions.names {
      defined.insert(name)
      signatures[name] = definitions.signatures[name]
    }
  }

  var names: [String] { Array(defined) + base.names }
  var magics: [String] { base.magics }

  func contains(_ name: String) -> Bool { defined.contains(name) || base.contains(name) }

  func isNative(_ name: String) -> Bool { !defined.contains(name) && base.isNative(name) }

  func signature(of name: String) -> Signature? {
    defined.contains(name) ? signatures[name] : base.signature(of: name)
  }
}

/// `args`: what stands behind `--` on the command line, with `args.get(name, default)`.
struct ScriptArguments: ObjectValue {
  private let values: [(name: String, value: Value)]

  init(_ arguments: [(name: String, value: String)]) {
    values = arguments.map { ($0.name, ScriptArguments.value(of: $0.value)) }
  }

  /// Numbers with their units, true and false are what they say; everything else is a text.
  private static func value(of text: String) -> Value {
    if text == "true" || text == "false" { return .boolean(text == "true") }
    let units: [(suffix: String, factor: Double, style: NumberStyle)] = [
      ("%", 0.01, .percent), ("min", 60, .duration), ("ms", 0.001, .duration), ("s", 1, .duration),
      ("h", 3600, .duration), ("", 1, .plain),
    ]
    for unit in units where text.hasSuffix(unit.suffix) {
      let digits = text.dropLast(unit.suffix.count)
      if digits.contains(where: \.isNumber), digits.allSatisfy({ "0123456789.eE+-".contains($0) }),
        let number = Double(digits), number.isFinite
      {
        let scaled = unit.style == .percent ? number / 100 : number * unit.factor
        return .number(scaled, unit.style)
      }
    }
    return .text(text)
  }

  var kindName: String { "the record of script arguments" }
  var fieldNames: [String] { values.map(\.name) + ["get"] }

  func describe() -> String {
    "{" + values.map { "\($0.name): \($0.value.describe())" }.joined(separator: ", ") + "}"
  }

  private func argument(_ name: String) -> Value? { values.last { $0.name == name }?.value }

  func field(_ name: String) throws -> Value? {
    if let value = argument(name) { return value }
    if name == "get" { return .native(get) }
    throw Failure(
      "this script was started without '\(name)'",
      help: "start it with -- \(name)=VALUE", "or give a default: args.get(\(name.quoted), …)")
  }

  func element(at indices: [IndexValue]) throws -> Value? {
    guard indices.count == 1, case .value(.text(let name)) = indices[0] else { return nil }
    return try field(name)
  }

  private var get: Native {
    Native(
      "args.get", area: "general",
      [.init("name", "text", "which argument"), .init("default", "value", default: "none", "if it was not given")],
      summary: "An argument of the script, or a default.", example: "args.get(\"root\", \"data\")"
    ) { [self] call in
      argument(try call.text("name")) ?? call.value("default")
    }
  }
}
