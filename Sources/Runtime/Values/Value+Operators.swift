import Glibc
import Language

extension Value {
  /// `left op right`: numbers, texts and lists here, everything else by the objects' hooks.
  static func binary(_ operation: BinaryOperator, _ left: Value, _ right: Value) throws -> Value {
    switch (left, right) {
    case (.number(let first, let firstStyle), .number(let second, let secondStyle)):
      if let result = arithmetic(operation, first, second) {
        return .number(result, .result(of: operation, firstStyle, secondStyle))
      }
    case (.text(let first), .text(let second)) where operation == .add:
      guard first.utf8.count + second.utf8.count <= maximumTextSize else {
        throw Failure("a text may hold \(maximumTextSize) bytes")
      }
      return .text(first + second)
    case (.list(var first), .list(let second)) where operation == .add:
      try first.append(contentsOf: second)
      return .list(first)
    default: break
    }
    if case .object(let object) = left, let result = try object.binary(operation, right, isReversed: false) {
      return result
    }
    if case .object(let object) = right, let result = try object.binary(operation, left, isReversed: true) {
      return result
    }
    throw unsuitable(operation, left, right)
  }

  /// The most bytes that a text may hold.
  static let maximumTextSize = 1 << 28

  /// Nil for the matrix product, which numbers do not have; `mod` takes the sign of its right side.
  @inline(__always)
  static func arithmetic(_ operation: BinaryOperator, _ left: Double, _ right: Double) -> Double? {
    switch operation {
    case .add: return left + right
    case .subtract: return left - right
    case .multiply: return left * right
    case .divide: return left / right
    case .power: return pow(left, right)
    case .modulo:
      let rest = fmod(left, right)
      return rest != 0 && (rest < 0) != (right < 0) ? rest + right : rest
    case .matrixProduct: return nil
    }
  }

  private static func unsuitable(_ operation: BinaryOperator, _ left: Value, _ right: Value) -> Failure {
    var failure = Failure("'\(operation.rawValue)' does not go between \(left.kindName) and \(right.kindName)")
    switch (left, right) {
    case (.text, _) where operation == .add, (_, .text) where operation == .add:
      failure.help = ["put values into a text with braces: \"loss {x:.3}\""]
    case (.list, .number), (.number, .list), (.range, .number), (.number, .range):
      failure.help = ["for arithmetic on every element write [x * 2 for x in xs]"]
    case (.none, _), (_, .none):
      failure.help = ["none stands for something that was not given or not measured"]
    default: break
    }
    return failure
  }

  static func unary(_ operation: UnaryOperator, _ operand: Value) throws -> Value {
    switch (operation, operand) {
    case (.negate, .number(let number, let style)): return .number(-number, style)
    case (.not, .boolean(let boolean)): return .boolean(!boolean)
    case (_, .object(let object)):
      if let result = try object.unary(operation) { return result }
    default: break
    }
    let wanted = operation == .not ? "'not' needs true or false" : "'-' needs a number"
    throw Failure("\(wanted), and this is \(operand.kindName)")
  }

  static func compare(_ comparison: ComparisonOperator, _ left: Value, _ right: Value) throws -> Value {
    if case .number(let first, _) = left, case .number(let second, _) = right, comparison != .in {
      return .boolean(holds(comparison, first, second))
    }
    if case .object(let object) = left, let result = try object.compare(comparison, right, isReversed: false) {
      return result
    }
    if case .object(let object) = right, let result = try object.compare(comparison, left, isReversed: true) {
      return result
    }
    switch comparison {
    case .equal: return .boolean(left.equals(right))
    case .notEqual: return .boolean(!left.equals(right))
    case .in: return .boolean(try right.contains(left))
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      guard case .text(let first) = left, case .text(let second) = right else {
        throw Failure("\(left.kindName) and \(right.kindName) have no order")
      }
      return .boolean(holds(comparison, first, second))
    }
  }

  @inline(__always)
  static func holds<Operand: Comparable>(
    _ comparison: ComparisonOperator, _ left: Operand, _ right: Operand
  ) -> Bool {
    switch comparison {
    case .equal, .in: left == right
    case .notEqual: left != right
    case .less: left < right
    case .lessOrEqual: left <= right
    case .greater: left > right
    case .greaterOrEqual: left >= right
    }
  }

  /// Equal by value; numbers whatever their style, functions if they are the same one.
  func equals(_ other: Value) -> Bool {
    switch (self, other) {
    case (.none, .none): true
    case (.boolean(let left), .boolean(let right)): left == right
    case (.number(let left, _), .number(let right, _)): left == right
    case (.text(let left), .text(let right)): left == right
    case (.list(let left), .list(let right)):
      left.count == right.count && zip(left.elements, right.elements).allSatisfy { $0.equals($1) }
    case (.record(let left), .record(let right)):
      left.fields.count == right.fields.count
        && left.fields.allSatisfy { field in right[field.name].map { field.value.equals($0) } ?? false }
    case (.range(let left), .range(let right)):
      left.count == right.count && (left.count == 0 || (left.start == right.start && left.step == right.step))
    case (.range(let range), .list(let list)), (.list(let list), .range(let range)):
      range.count == list.count
        && list.elements.indices.allSatisfy { list.elements[$0].equals(.number(range.number(at: $0))) }
    case (.function(let left), .function(let right)): left === right
    case (.native(let left), .native(let right)): left === right
    case (.object(let left), .object(let right)):
      if case .boolean(true)? = try? left.compare(.equal, .object(right), isReversed: false) { true } else { false }
    default: false
    }
  }

  /// `element in self`
  private func contains(_ element: Value) throws -> Bool {
    switch (self, element) {
    case (.list(let list), _): return list.elements.contains { $0.equals(element) }
    case (.range(let range), .number(let number, _)): return range.contains(number)
    case (.text(let text), .text(let part)): return part.isEmpty || text.firstRange(of: part) != nil
    case (.record(let record), .text(let name)): return record[name] != nil
    case (.object(let object), _):
      if let elements = try object.elements() { return elements.contains { $0.equals(element) } }
    default: break
    }
    throw Failure("'in' does not look for \(element.kindName) in \(kindName)")
  }
}

extension String {
  /// Where a part stands first, compared character by character.
  func firstRange(of part: String) -> Range<Index>? {
    let wanted = Array(part)
    guard !wanted.isEmpty else { return startIndex..<startIndex }
    var start = startIndex
    while start < endIndex {
      var position = start
      var matched = 0
      while matched < wanted.count, position < endIndex, self[position] == wanted[matched] {
        position = index(after: position)
        matched += 1
      }
      if matched == wanted.count { return start..<position }
      start = index(after: start)
    }
    return nil
  }
}
