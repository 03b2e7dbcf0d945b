/// The stack machine of pickle: each operation is one byte, with its argument behind it.
///
/// Memory is bounded by the number of operations, since texts and arrays are parts of the file.
struct PickleMachine {
  /// The largest release has about 400,000.
  static let mostOperations = 1 << 20
  private static let mostElementsOfATuple = 16

  private let bytes: [UInt8]
  private var position = 0
  /// Where the operation at work begins, for errors.
  private var start = 0
  private var stack: [Pickle.Value] = []
  /// Lengths of the stack at the marks that are open.
  private var marks: [Int] = []
  /// What a later operation may ask for; nil for what may change after it was put here.
  private var memo: [Int: Pickle.Value?] = [:]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func run() throws -> Pickle.Value {
    guard try byte() == 0x80, (2...5).contains(try byte()) else {
      throw Pickle.Failure(offset: 0, expected: "a pickle of protocol 2 to 5", found: "other bytes")
    }
    for _ in 0..<Self.mostOperations {
      start = position
      let operation = try byte()
      if operation == UInt8(ascii: ".") {
        let value = try pop()
        guard stack.isEmpty, marks.isEmpty else { throw failure("one value at the end", "several") }
        return value
      }
      if try perform(operation) { continue }
      throw failure("an operation of a pickle of plain data", "0x\(String(operation, radix: 16))")
    }
    throw failure("at most \(Self.mostOperations) operations", "more")
  }

  /// Does what a byte asks for; false where that is nothing a file of plain data needs.
  private mutating func perform(_ operation: UInt8) throws -> Bool {
    switch Unicode.Scalar(operation) {
    // Constants and numbers.
    case "N": stack.append(.none)
    case "\u{88}": stack.append(.boolean(true))
    case "\u{89}": stack.append(.boolean(false))
    case "K": stack.append(.integer(Int(try byte())))
    case "M": stack.append(.integer(try number(of: 2)))
    case "J": stack.append(.integer(Int(Int32(truncatingIfNeeded: try number(of: 4)))))
    case "\u{8A}": stack.append(.integer(try longInteger()))
    // Texts: of Python 2, of bytes, of Unicode; with lengths of 1, 4 and 8 bytes.
    case "U", "C", "\u{8C}": stack.append(.text(try text(lengthBytes: 1)))
    case "T", "B", "X": stack.append(.text(try text(lengthBytes: 4)))
    case "\u{8E}", "\u{8D}", "\u{96}": stack.append(.text(try text(lengthBytes: 8)))
    // Containers.
    case "(": marks.append(stack.count)
    case ")": stack.append(.tuple([]))
    case "]": stack.append(.list([]))
    case "}": stack.append(.dictionary([:]))
    case "\u{85}": try makeTuple(of: pop(count: 1))
    case "\u{86}": try makeTuple(of: pop(count: 2))
    case "\u{87}": try makeTuple(of: pop(count: 3))
    case "t": try makeTuple(of: popToMark())
    case "a": try append(pop(count: 1))
    case "e": try append(popToMark())
    case "s": try setItems(pop(count: 2))
    case "u": try setItems(popToMark())
    // The memo.
    case "q": try remember(as: Int(byte()))
    case "r": try remember(as: number(of: 4))
    case "\u{94}": try remember(as: memo.count)
    case "h": try recall(Int(byte()))
    case "j": try recall(number(of: 4))
    // A frame says how many bytes could be read ahead.
    case "\u{95}": _ = try number(of: 8)
    // Arrays.
    case "c": try pushName(module: line(), name: line())
    case "\u{93}":
      let names = try pop(count: 2).map(string)
      try pushName(module: names[0], name: names[1])
    case "R":
      let parts = try pop(count: 2)
      stack.append(try PickledArray.called(parts[0], with: parts[1], or: failure))
    case "b":
      let parts = try pop(count: 2)
      stack.append(try PickledArray.built(parts[0], from: parts[1], or: failure))
    default: return false
    }
    return true
  }

  // MARK: Containers

  private mutating func makeTuple(of elements: [Pickle.Value]) throws {
    guard elements.count <= Self.mostElementsOfATuple else {
      throw failure("a tuple of at most \(Self.mostElementsOfATuple) elements", "\(elements.count)")
    }
    for element in elements {
      switch element {
      case .tuple(let inner) where inner.allSatisfy(\.isScalar): continue
      case .name, .byteType: continue
      case let element where element.isScalar: continue
      default: throw failure("a tuple of plain values", "a container in it")
      }
    }
    stack.append(.tuple(elements))
  }

  private mutating func append(_ elements: [Pickle.Value]) throws {
    guard elements.allSatisfy(\.isScalar) else { throw failure("a list of numbers or texts", "a container in it") }
    guard case .list(var list) = try pop() else { throw failure("a list to append to", "something else") }
    list.append(contentsOf: elements)
    stack.append(.list(list))
  }

  private mutating func setItems(_ items: [Pickle.Value]) throws {
    guard items.count.isMultiple(of: 2) else { throw failure("a value for each key", "a key without one") }
    guard case .dictionary(var dictionary) = try pop() else {
      throw failure("a dictionary to add to", "something else")
    }
    for place in stride(from: 0, to: items.count, by: 2) {
      switch items[place + 1] {
      case .list, .array: break
      case let value where value.isScalar: break
      default: throw failure("a number, a text, a list or an array as a value", "something else")
      }
      dictionary[try string(items[place])] = items[place + 1]
    }
    stack.append(.dictionary(dictionary))
  }

  // MARK: Memo and names

  private mutating func remember(as index: Int) throws {
    guard let value = stack.last, stack.count > marks.last ?? 0 else { throw failure("a value to remember", "none") }
    switch value {
    case .list, .dictionary, .array, .blankArray: memo.updateValue(nil, forKey: index)
    default: memo.updateValue(value, forKey: index)
    }
  }

  private mutating func recall(_ index: Int) throws {
    guard let place = memo[index] else { throw failure("a value that was remembered", "number \(index)") }
    guard let value = place else { throw failure("lists and arrays that stand once", "one that is shared") }
    stack.append(value)
  }

  private mutating func pushName(module: String, name: String) throws {
    guard let known = Pickle.Name(module: module, name: name) else {
      let hint = module == "_codecs" ? "; save it again with protocol 3 or newer" : ""
      throw failure("no other name than those of a NumPy array", "\(module) \(name)\(hint)")
    }
    stack.append(.name(known))
  }

  // MARK: Stack

  private mutating func pop() throws -> Pickle.Value {
    guard stack.count > marks.last ?? 0, let value = stack.popLast() else { throw failure("a value", "an empty stack") }
    return value
  }

  private mutating func pop(count: Int) throws -> [Pickle.Value] {
    guard stack.count - (marks.last ?? 0) >= count else { throw failure("\(count) values", "an empty stack") }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  private mutating func popToMark() throws -> [Pickle.Value] {
    guard let mark = marks.popLast(), mark <= stack.count else { throw failure("values behind a mark", "no mark") }
    defer { stack.removeSubrange(mark...) }
    return Array(stack[mark...])
  }

  // MARK: Bytes

  private mutating func byte() throws -> UInt8 {
    guard position < bytes.count else { throw failure("the end of the pickle", "the end of the file") }
    defer { position += 1 }
    return bytes[position]
  }

  private mutating func slice(_ length: Int) throws -> ArraySlice<UInt8> {
    guard length <= bytes.count - position else {
      throw failure("\(length) bytes", "\(bytes.count - position) bytes up to the end of the file")
    }
    defer { position += length }
    return bytes[position..<position + length]
  }

  /// A little-endian number without sign that is a length or an index.
  private mutating func number(of count: Int) throws -> Int {
    let bits = try slice(count).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard let number = Int(exactly: bits) else { throw failure("a length", "\(bits)") }
    return number
  }

  private mutating func text(lengthBytes: Int) throws -> ArraySlice<UInt8> { try slice(try number(of: lengthBytes)) }

  /// Up to eight bytes, little-endian in two's complement.
  private mutating func longInteger() throws -> Int {
    let length = Int(try byte())
    guard length <= 8 else { throw failure("a number of at most 8 bytes", "one of \(length)") }
    let digits = try slice(length)
    let sign: Int = (digits.last ?? 0) >= 128 ? -1 : 0
    return digits.reversed().reduce(sign) { $0 << 8 | Int($1) }
  }

  /// A text up to the end of the line.
  private mutating func line() throws -> String {
    let rest = bytes[position...].prefix(100)
    guard let end = rest.firstIndex(of: 10) else { throw failure("a name on a line", "a line without end") }
    defer { position = end + 1 }
    return String(decoding: bytes[position..<end], as: UTF8.self)
  }

  private func string(_ value: Pickle.Value) throws -> String {
    guard case .text(let text) = value, text.count <= 100 else {
      throw failure("a text of at most 100 bytes as a name", "something else")
    }
    return String(decoding: text, as: UTF8.self)
  }

  private func failure(_ expected: String, _ found: String) -> Pickle.Failure {
    Pickle.Failure(offset: start, expected: expected, found: found)
  }
}
