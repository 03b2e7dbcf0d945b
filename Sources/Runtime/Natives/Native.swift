import Language

/// A function of the engine as data: one value drives calls, argument checks, completion, help and its own test.
public final class Native: Sendable {
  /// One argument: its label, what kind of value it takes, and one line on what it does.
  public struct Parameter: Sendable {
    public let label: String
    /// `number`, `text`, `list`, `model`, …, as help shows it.
    public let type: String
    /// The default as it would be written in a script; nil for a required argument.
    public let defaultText: String?
    public let summary: String

    public init(_ label: String, _ type: String, default defaultText: String? = nil, _ summary: String) {
      self.label = label
      self.type = type
      self.defaultText = defaultText
      self.summary = summary
    }
  }

  public let name: String
  /// Where help lists it: `data`, `layers`, `models`, `method`, `attacks`, `statistics`, `tensors`, `general`.
  public let area: String
  public let parameters: [Parameter]
  /// Takes any number of positional arguments beyond its required parameters; the optional ones go by label only.
  public let isVariadic: Bool
  /// One line.
  public let summary: String
  /// Source that runs as it stands; help shows it with its result.
  public let example: String
  private let body: @Sendable (NativeCall) throws -> Value

  public init(
    _ name: String, area: String, _ parameters: [Parameter] = [], isVariadic: Bool = false, summary: String,
    example: String, run body: @escaping @Sendable (NativeCall) throws -> Value
  ) {
    self.name = name
    self.area = area
    self.parameters = parameters
    self.isVariadic = isVariadic
    self.summary = summary
    self.example = example
    self.body = body
  }

  public var signature: Signature {
    Signature(
      name, parameters.map { .init($0.label, isRequired: $0.defaultText == nil) }, isVariadic: isVariadic)
  }

  /// `round(value, digits: 0)`
  public var signatureText: String {
    var shown = parameters.map { $0.label + ($0.defaultText.map { ": \($0)" } ?? "") }
    if isVariadic { shown.append("…") }
    return "\(name)(\(shown.joined(separator: ", ")))"
  }

  /// Matches arguments with parameters and runs; an object among the first arguments may answer in its own way.
  func call(_ arguments: Arguments, in session: Session) throws -> Value {
    var values = [Value?](repeating: nil, count: parameters.count)
    guard arguments.positional.count <= parameters.count || isVariadic else {
      let limit = parameters.count == 1 ? "1 argument" : "\(parameters.count) arguments"
      throw Failure(
        "\(name) takes \(limit), not \(arguments.positional.count)", help: "it is \(signatureText)")
    }
    let places = isVariadic ? parameters.prefix { $0.defaultText == nil }.count : parameters.count
    for (position, value) in arguments.positional.prefix(places).enumerated() { values[position] = value }
    for (label, value) in arguments.labelled {
      guard let position = parameters.firstIndex(where: { $0.label == label }) else {
        throw Failure.unknownLabel(label, of: name, among: parameters.map(\.label))
      }
      guard values[position] == nil else { throw Failure("'\(label)' is given twice", argument: label) }
      values[position] = value
    }
    for (parameter, value) in zip(parameters, values) where value == nil && parameter.defaultText == nil {
      throw Failure(
        "\(name) needs '\(parameter.label)': \(parameter.summary)", help: "it is \(signatureText)")
    }
    let call = NativeCall(
      native: self, values: values, more: Array(arguments.positional.dropFirst(places)), session: session)
    for case .object(let object)? in values.prefix(1) {
      if let result = try object.apply(name, call) { return result }
    }
    return try body(call)
  }
}
