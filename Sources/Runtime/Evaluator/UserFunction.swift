import Language

/// A function or model that a script declared, with the values that it captured.
///
/// Captured values are those that the names had when the function was made; it cannot change them, so functions never
/// form a cycle. Names of the session itself are looked up when the function runs.
public final class UserFunction: Sendable {
  /// What a declaration compiles to, once; each evaluation of a lambda makes a `UserFunction` around it.
  final class Code: Sendable {
    struct Parameter: Sendable {
      var name: String
      var defaultValue: Evaluation?
    }

    let name: String?
    let parameters: [Parameter]
    /// Slots of the frame; the parameters come first.
    let slotCount: Int
    /// Where the captured values go.
    let capturedSlots: [Int]
    /// Where the function finds itself, so that it can call itself.
    let ownSlot: Int?
    let body: Evaluation
    let isModel: Bool
    let documentation: String?
    let place: Place

    init(
      name: String?, parameters: [Parameter], slotCount: Int, capturedSlots: [Int], ownSlot: Int?,
      body: @escaping Evaluation, isModel: Bool, documentation: String?, place: Place
    ) {
      self.name = name
      self.parameters = parameters
      self.slotCount = slotCount
      self.capturedSlots = capturedSlots
      self.ownSlot = ownSlot
      self.body = body
      self.isModel = isModel
      self.documentation = documentation
      self.place = place
    }
  }

  let code: Code
  let captured: [Value?]
  let depth: Int

  init(_ code: Code, captured: [Value?]) throws {
    self.code = code
    self.captured = captured
    var deepest = 0
    for value in captured { deepest = max(deepest, value?.depth ?? 0) }
    depth = Int(try List.level(above: deepest))
  }

  public var name: String? { code.name }
  public var isModel: Bool { code.isModel }
  public var documentation: String? { code.documentation }
  /// The text of the declaration, as it was written.
  public var sourceText: String { code.place.source.text(in: code.place.span) }

  /// `fn residual(x, width)`
  public var signatureText: String {
    let parameters = code.parameters.map { $0.defaultValue == nil ? $0.name : $0.name + ": …" }
    return "\(isModel ? "model" : "fn")\(name.map { " " + $0 } ?? "")(\(parameters.joined(separator: ", ")))"
  }

  /// What the resolver checks calls against.
  public var signature: Signature {
    Signature(name ?? "fn", code.parameters.map { .init($0.name, isRequired: $0.defaultValue == nil) })
  }

  /// The slots of a frame with the arguments in place; nil where a default is to be computed.
  func slots(for arguments: Arguments) throws -> [Value?] {
    let parameters = code.parameters
    var slots = [Value?](repeating: nil, count: code.slotCount)
    guard arguments.positional.count <= parameters.count else {
      let limit = parameters.count == 1 ? "1 argument" : "\(parameters.count) arguments"
      throw Failure("\(name ?? "this function") takes \(limit), not \(arguments.positional.count)")
    }
    for (position, value) in arguments.positional.enumerated() { slots[position] = value }
    for (label, value) in arguments.labelled {
      guard let position = parameters.firstIndex(where: { $0.name == label }) else {
        throw Failure.unknownLabel(label, of: name ?? "this function", among: parameters.map(\.name))
      }
      guard slots[position] == nil else { throw Failure("'\(label)' is given twice", argument: label) }
      slots[position] = value
    }
    for (position, parameter) in parameters.enumerated()
    where slots[position] == nil && parameter.defaultValue == nil {
      throw Failure("\(name ?? "this function") needs '\(parameter.name)'", help: "it is \(signatureText)")
    }
    for (slot, value) in zip(code.capturedSlots, captured) { slots[slot] = value }
    if let own = code.ownSlot { slots[own] = .function(self) }
    return slots
  }
}

/// What stands in the parentheses of a call, evaluated.
public struct Arguments: Sendable {
  public var positional: [Value]
  public var labelled: [(label: String, value: Value)]

  public init(_ positional: [Value] = [], labelled: [(label: String, value: Value)] = []) {
    self.positional = positional
    self.labelled = labelled
  }
}

extension Failure {
  static func unknownLabel(_ label: String, of owner: String, among labels: [String]) -> Failure {
    var failure = Failure("'\(label)' is no argument of \(owner)", argument: label)
    if let near = EditDistance.closest(to: label, among: labels) {
      failure.help = ["did you mean '\(near)'?"]
    } else {
      failure.help = [labels.isEmpty ? "it takes none" : "it takes \(labels.joined(separator: ", "))"]
    }
    return failure
  }
}
