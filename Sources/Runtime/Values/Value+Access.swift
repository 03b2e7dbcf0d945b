import Language

extension Value {
  /// `self.name`
  func field(_ name: String) throws -> Value {
    switch self {
    case .record(let record):
      if let value = record[name] { return value }
      throw Failure.missingField(name, of: "the record", among: record.names)
    case .object(let object):
      if let value = try object.field(name) { return value }
      throw Failure.missingField(name, of: object.kindName, among: object.fieldNames)
    default:
      throw Failure("\(kindName) has no fields, so no '\(name)'")
    }
  }

  /// `self[indices]`
  func element(at indices: [IndexValue]) throws -> Value {
    // The element that an index found is itself what is asked for, whatever it is.
    guard let first = indices.first else { return self }
    if case .object(let object) = self {
      if let value = try object.element(at: indices) { return value }
      throw Failure("\(object.kindName) has no elements to index")
    }
    let rest = Array(indices.dropFirst())
    if case .value(.text(let name)) = first {
      return try field(name).element(at: rest)
    }
    let length = try indexedCount()
    if case .value(.number(let number, _)) = first {
      return try part(at: Value.position(number, in: length, of: self)).element(at: rest)
    }
    let parts = try Value.positions(first, in: length, of: self).map { try part(at: $0).element(at: rest) }
    if case .text = self, rest.isEmpty {
      return .text(parts.map(\.display).joined())
    }
    return try .list(parts)
  }

  private func indexedCount() throws -> Int {
    switch self {
    case .list(let list): return list.count
    case .range(let range): return range.count
    case .text(let text): return text.count
    default: throw Failure("\(kindName) has no elements to index")
    }
  }

  /// The caller has checked the position.
  private func part(at position: Int) throws -> Value {
    switch self {
    case .list(let list): return list.elements[position]
    case .range(let range): return .number(range.number(at: position), range.style)
    case .text(let text): return .text(String(text[text.index(text.startIndex, offsetBy: position)]))
    default: throw Failure("\(kindName) has no elements to index")
    }
  }

  /// A whole number within a length; negative ones count from the end.
  static func position(_ number: Double, in count: Int, of value: Value) throws -> Int {
    guard let whole = Int(exactly: number) else {
      throw Failure("an index is a whole number, not \(number.shown(as: .plain))")
    }
    let position = whole < 0 ? whole &+ count : whole
    guard position >= 0, position < count else {
      let reach = count == 0 ? "it is empty" : "it holds \(count), so 0 to \(count - 1)"
      throw Failure("no element \(whole) in \(value.kindName): \(reach)")
    }
    return position
  }

  /// The positions that a whole axis, a range, a list of numbers or a mask stands for.
  static func positions(_ index: IndexValue, in count: Int, of value: Value) throws -> [Int] {
    switch index {
    case .whole: return Array(0..<count)
    case .value(.range(let range)):
      guard range.count <= List.maximumCount else { throw List.tooLong(range.count) }
      return try (0..<range.count).map { try position(range.number(at: $0), in: count, of: value) }
    case .value(.list(let list)):
      if case .boolean? = list.elements.first {
        guard list.count == count else {
          throw Failure("a mask of \(list.count) does not fit \(value.kindName) of \(count)")
        }
        return list.elements.indices.filter { list.elements[$0].equals(.boolean(true)) }
      }
      return try list.elements.map { element in
        guard case .number(let number, _) = element else {
          throw Failure("an index holds numbers, or true and false, not \(element.kindName)")
        }
        return try position(number, in: count, of: value)
      }
    case .value(let other):
      throw Failure("\(other.kindName) is no index", help: "write a whole number, a range such as 0..<10, or ':'")
    }
  }

  /// Everything that `for` walks over, as an array.
  func elements() throws -> [Value] {
    switch self {
    case .list(let list): return list.elements
    case .range(let range):
      guard range.count <= List.maximumCount else { throw List.tooLong(range.count) }
      return (0..<range.count).map { .number(range.number(at: $0), range.style) }
    case .text(let text): return text.map { .text(String($0)) }
    case .record(let record):
      return try record.fields.map { try .list([.text($0.name), $0.value]) }
    case .object(let object):
      if let elements = try object.elements() { return elements }
    default: break
    }
    throw Failure(
      "\(kindName) is nothing to walk over", help: "for takes a list, a range, a record, a text or a tensor")
  }

  /// The values for several names: the elements of a list of exactly that length.
  func takenApart(into count: Int) throws -> [Value] {
    let parts = try elements()
    guard parts.count == count else {
      throw Failure("\(count) names take \(count) values, and this \(kindName.withoutArticle) holds \(parts.count)")
    }
    return parts
  }
}

extension Value {
  /// One step from a variable to the part that an assignment replaces.
  enum Step {
    case field(String)
    case index([IndexValue])

    /// `["name"]` is the field of that name.
    var named: Step {
      if case .index(let indices) = self, indices.count == 1, case .value(.text(let name)) = indices[0] {
        return .field(name)
      }
      return self
    }
  }

  /// Changes the part at the end of a path in place; lists are not copied when nobody else holds them.
  mutating func update(_ path: ArraySlice<Step>, _ body: (inout Value) throws -> Void) throws {
    guard let step = path.first else { return try body(&self) }
    let rest = path.dropFirst()
    switch (self, step.named) {
    case (.record(var record), .field(let name)):
      self = .none
      defer { self = .record(record) }
      if record[name] == nil && !rest.isEmpty {
        throw Failure.missingField(name, of: "the record", among: record.names)
      }
      try record.update(name) { try $0.update(rest, body) }
    case (.list(var list), .index(let indices)):
      guard let first = indices.first, case .value(.number(let number, _)) = first else {
        throw Failure("an assignment into a list needs one whole number as index")
      }
      let position = try Value.position(number, in: list.count, of: self)
      self = .none
      defer { self = .list(list) }
      let inner = indices.count > 1 ? [.index(Array(indices.dropFirst()))] + rest : rest
      try list.update(position) { try $0.update(inner, body) }
    case (.object(let object), .field(let name)):
      var part = rest.isEmpty ? (try object.field(name) ?? .none) : try field(name)
      try part.update(rest, body)
      guard let changed = try object.replacingField(name, with: part) else {
        throw Failure("the field '\(name)' of \(object.kindName) cannot be assigned")
      }
      self = .object(changed)
    case (.object(let object), .index(let indices)):
      var part = try element(at: indices)
      try part.update(rest, body)
      guard let changed = try object.replacingElement(at: indices, with: part) else {
        throw Failure("an element of \(object.kindName) cannot be assigned")
      }
      self = .object(changed)
    case (_, .field(let name)):
      throw Failure("\(kindName) has no fields, so '\(name)' cannot be assigned")
    case (_, .index):
      throw Failure("an element of \(kindName) cannot be assigned")
    }
  }
}

extension Failure {
  static func missingField(_ name: String, of owner: String, among names: [String]) -> Failure {
    var failure = Failure("\(owner) has no field '\(name)'")
    if let near = EditDistance.closest(to: name, among: names) {
      failure.help = ["did you mean '\(near)'?"]
    } else if !names.isEmpty {
      let listed = names.prefix(12).joined(separator: ", ")
      failure.help = ["it has \(listed)\(names.count > 12 ? ", and \(names.count - 12) more" : "")"]
    }
    return failure
  }
}

extension String {
  /// `a list` without its `a`.
  var withoutArticle: String {
    for article in ["a ", "an ", "the "] where hasPrefix(article) { return String(dropFirst(article.count)) }
    return self
  }
}
