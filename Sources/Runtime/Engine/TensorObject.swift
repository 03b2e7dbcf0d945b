import Figures
import Language
import Tensors

/// A tensor as a script holds it: arithmetic with broadcasting, masks from comparisons, indexing and slicing.
struct TensorObject: ObjectValue {
  let tensor: Tensor
  /// How it shows itself if not by its numbers; what is computed from it is an ordinary tensor again.
  let figure: Figure?

  init(_ tensor: Tensor, figure: Figure? = nil) {
    self.tensor = tensor
    self.figure = figure
  }

  var kindName: String { "a tensor" }
  var isDisplay: Bool { figure != nil }
  var summary: String { "tensor \(tensor.shape)" }
  var shapeText: String { "\(tensor.shape)" }
  var byteCount: Int? { tensor.count * MemoryLayout<Float>.stride }
  var fieldNames: [String] { ["shape", "count"] }
  var count: Int? { tensor.shape.first }

  func describe() -> String { figure.map(TerminalPicture.plain) ?? TensorText.describe(tensor) }

  func field(_ name: String) throws -> Value? {
    switch name {
    case "shape": try .list(tensor.shape.map(Value.integer))
    case "count": .integer(tensor.count)
    default: nil
    }
  }

  /// A number or a list counts as a tensor beside one.
  static func tensor(from value: Value) throws -> Tensor? {
    switch value {
    case .object(let object): return (object as? TensorObject)?.tensor
    case .number(let number, _): return try Tensor(Float(number))
    case .boolean(let boolean): return try Tensor(boolean ? 1 : 0)
    case .list, .range: return try nested(value)
    default: return nil
    }
  }

  /// Lists of lists of numbers, all rows equally long; tensors inside are stacked.
  private static func nested(_ value: Value) throws -> Tensor? {
    let parts = try value.elements()
    if case .number? = parts.first {
      let numbers = parts.compactMap { part -> Float? in
        if case .number(let number, _) = part { Float(number) } else { nil }
      }
      return numbers.count == parts.count ? try Tensor(numbers, shape: [numbers.count]) : nil
    }
    guard !parts.isEmpty else { return try Tensor([], shape: [0]) }
    var rows: [Tensor] = []
    for part in parts {
      guard let row = try tensor(from: part) else { return nil }
      rows.append(try row.reshaped(to: [1] + row.shape))
    }
    return try Tensor.concatenated(rows, axis: 0)
  }

  // MARK: Operators

  func unary(_ operation: UnaryOperator) throws -> Value? {
    operation == .negate ? .object(TensorObject(try -tensor)) : nil
  }

  func binary(_ operation: BinaryOperator, _ other: Value, isReversed: Bool) throws -> Value? {
    guard let other = try TensorObject.tensor(from: other) else { return nil }
    let (left, right) = isReversed ? (other, tensor) : (tensor, other)
    let result: Tensor? =
      switch operation {
      case .add: try left + right
      case .subtract: try left - right
      case .multiply: try left * right
      case .divide: try left / right
      case .power: try Tensor.power(left, right)
      case .matrixProduct: try Tensor.matrixProduct(left, right)
      case .modulo: nil
      }
    return result.map { .object(TensorObject($0)) }
  }

  /// Ones and zeros, element by element; `==` between tensors of other shapes is false.
  func compare(_ comparison: ComparisonOperator, _ other: Value, isReversed: Bool) throws -> Value? {
    guard let other = try TensorObject.tensor(from: other) else { return nil }
    let (left, right) = isReversed ? (other, tensor) : (tensor, other)
    let result: Tensor
    switch comparison {
    case .equal: result = try Tensor.compare(left, right, .equal)
    case .notEqual: result = try Tensor.compare(left, right, .notEqual)
    case .less: result = try Tensor.compare(left, right, .less)
    case .lessOrEqual: result = try Tensor.compare(left, right, .lessEqual)
    case .greater: result = try Tensor.compare(left, right, .greater)
    case .greaterOrEqual: result = try Tensor.compare(left, right, .greaterEqual)
    case .in: return nil
    }
    return result.rank == 0 ? .boolean(try result.scalar() != 0) : .object(TensorObject(result))
  }

  // MARK: Indexing

  func element(at indices: [IndexValue]) throws -> Value? {
    guard indices.count <= tensor.rank else {
      throw TensorError("\(indices.count) indices are too many for a tensor of shape \(tensor.shape)")
    }
    var result = tensor
    var axis = 0
    for index in indices {
      if case .value(.number) = index {
        let position = try Value.positions(index, in: result.shape[axis], axis: axis)[0]
        result = try result.sliced(axis: axis, from: position, count: 1)
        result = try result.reshaped(to: result.shape.enumerated().filter { $0.offset != axis }.map(\.element))
      } else {
        if case .whole = index {
        } else {
          result = try result.gathered(
            axis: axis, positions: Value.positions(index, in: result.shape[axis], axis: axis))
        }
        axis += 1
      }
    }
    return TensorObject.value(result)
  }

  func elements() throws -> [Value]? {
    guard let count = tensor.shape.first else { return nil }
    guard count <= List.maximumCount else {
      throw TensorError("a tensor of shape \(tensor.shape) is too long to walk over")
    }
    return try (0..<count).map { row in
      TensorObject.value(try tensor.sliced(axis: 0, from: row, count: 1).reshaped(to: Shape(tensor.shape.dropFirst())))
    }
  }

  /// A scalar that is not being differentiated is a plain number; everything else stays a tensor.
  static func value(_ tensor: Tensor) -> Value {
    if tensor.rank == 0, !tensor.isTracked, let number = try? tensor.scalar() { return .number(Double(number)) }
    return .object(TensorObject(tensor))
  }

  // MARK: General natives

  func apply(_ native: String, _ call: NativeCall) throws -> Value? {
    let axis: Int?
    switch native {
    case "sum", "mean", "max", "min":
      guard call.more.isEmpty else {
        guard native == "max" || native == "min", call.more.count == 1,
          let other = try TensorObject.tensor(from: call.more[0])
        else {
          throw call.fail(
            "takes one tensor, or two to compare element by element", help: "name the axis: \(native)(x, axis: 0)")
        }
        return .object(TensorObject(try native == "max" ? .maximum(tensor, other) : .minimum(tensor, other)))
      }
      axis = call.isGiven("axis") ? try call.integer("axis") : nil
    default: axis = nil
    }
    let result: Tensor? =
      switch native {
      case "sum": try tensor.sum(axis: axis)
      case "mean": try tensor.mean(axis: axis)
      case "max": try tensor.maximum(axis: axis)
      case "min": try tensor.minimum(axis: axis)
      case "abs": try tensor.absolute()
      case "sqrt": try tensor.squareRoot()
      case "exp": try tensor.exponential()
      case "log" where !call.isGiven("base"): try tensor.logarithm()
      case "sin": try tensor.sine()
      case "cos": try tensor.cosine()
      case "tanh": try tensor.hyperbolicTangent()
      case "round" where !call.isGiven("digits"): try tensor.rounded()
      default: nil
      }
    return result.map(TensorObject.value)
  }
}

extension Value {
  /// The positions that an index stands for along an axis of a tensor; a mask is a list of truths or a tensor of ones
  /// and zeros.
  static func positions(_ index: IndexValue, in length: Int, axis: Int) throws -> [Int] {
    if case .value(.object(let object)) = index, let mask = (object as? TensorObject)?.tensor {
      guard mask.rank == 1 else {
        throw TensorError("an index along axis \(axis) is a vector, not a tensor of shape \(mask.shape)")
      }
      let numbers = mask.elements
      guard mask.count == length, numbers.allSatisfy({ $0 == 0 || $0 == 1 }) else {
        return try Value.positions(.value(.list(numbers.map { .number(Double($0)) })), in: length, of: .object(object))
      }
      return numbers.indices.filter { numbers[$0] == 1 }
    }
    if case .value(.number(let number, _)) = index {
      guard let whole = Int(exactly: number), (-length..<max(length, 1)).contains(whole), length > 0 else {
        throw TensorError(
          "index \(number.shown(as: .plain)) is outside axis \(axis), which has \(length) elements",
          help: length == 0
            ? "the axis is empty" : "positions count from 0 to \(length - 1), or from the end: -1 is the last")
      }
      return [whole < 0 ? whole + length : whole]
    }
    return try Value.positions(index, in: length, of: .none)
  }
}

/// How the prompt shows a tensor: its shape, and its numbers as far as they fit.
enum TensorText {
  private static let mostNumbers = 200
  private static let edge = 3

  static func describe(_ tensor: Tensor) -> String {
    if tensor.rank == 0 { return number(tensor.elements[0]) }
    guard tensor.count > 0 else { return "tensor \(tensor.shape), empty" }
    let body = rows(
      tensor, axis: 0, offset: 0, strides: strides(tensor.shape), isCut: tensor.count > mostNumbers, indent: 1)
    return "tensor \(tensor.shape)\n\(body)"
  }

  private static func rows(_ tensor: Tensor, axis: Int, offset: Int, strides: [Int], isCut: Bool, indent: Int) -> String
  {
    let length = tensor.shape[axis]
    let isLast = axis == tensor.rank - 1
    let shown = isCut && length > 2 * edge ? Array(0..<edge) + [-1] + Array(length - edge..<length) : Array(0..<length)
    let parts = shown.map { position -> String in
      if position < 0 { return "…" }
      let at = offset + position * strides[axis]
      return isLast
        ? tensor.read { number($0[at]) }
        : rows(tensor, axis: axis + 1, offset: at, strides: strides, isCut: isCut, indent: indent + 1)
    }
    let separator = isLast ? ", " : ",\n" + String(repeating: " ", count: indent)
    return "[" + parts.joined(separator: separator) + "]"
  }

  private static func strides(_ shape: Shape) -> [Int] {
    shape.indices.map { shape[($0 + 1)...].reduce(1, *) }
  }

  /// Six significant digits are all that float32 holds.
  private static func number(_ value: Float) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    if value == value.rounded(), value.magnitude < 1e6 { return String(Int(value)) }
    let magnitude = value.magnitude
    return magnitude < 1e-3 || magnitude >= 1e6
      ? Double(value).scientific(decimals: 3) : Double(value).trimmed(decimals: 4)
  }
}
