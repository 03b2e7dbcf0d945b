import Language

private func list(_ summary: String = "a list, a range or a tensor") -> Native.Parameter {
  .init("values", "list", summary)
}
private let function = Native.Parameter("function", "function", "called with each element")

/// Natives on lists and whatever else `for` walks over.
let listNatives: [Native] = [
  Native(
    "len", area: "general", [.init("value", "list", "a list, range, record, text or tensor")],
    summary: "How many elements, fields or characters there are.", example: "len([1, 2, 3])"
  ) { call in
    switch call.value("value") {
    case .list(let list): return .integer(list.count)
    case .range(let range): return .integer(range.count)
    case .record(let record): return .integer(record.fields.count)
    case .text(let text): return .integer(text.count)
    case .object(let object):
      if let count = object.count { return .integer(count) }
      fallthrough
    default: throw call.mismatch("value", expected: "a list, a range, a record, a text or a tensor")
    }
  },
  Native(
    "range", area: "general",
    [
      .init("start", "number", "where it starts, or where it ends if it is the only one"),
      .init("end", "number", default: "none", "before which it ends"),
      .init("by", "number", default: "1", "the step"),
    ],
    summary: "The numbers from start to before end; range(n) counts from 0.", example: "range(5)"
  ) { call in
    let start = try call.number("start")
    let step = try call.number("by", default: 1)
    guard call.isGiven("end") else { return .range(try NumberRange(0, start, isClosed: false, step: step)) }
    return .range(try NumberRange(start, try call.number("end"), isClosed: false, step: step))
  },
  Native(
    "map", area: "general", [list(), function],
    summary: "The list of what a function gives for each element.", example: "map([1, 2, 3], x -> x * x)"
  ) { call in
    let function = try call.callable("function")
    return try .list(try call.list("values").map { try call.session.call(function, [$0]) })
  },
  Native(
    "filter", area: "general", [list(), function],
    summary: "The elements for which a function gives true.", example: "filter(1..6, x -> x mod 2 == 0)"
  ) { call in
    try .list(try call.list("values").filter { try call.test($0) })
  },
  Native(
    "any", area: "general", [list(), .init("function", "function", default: "none", "tests each element")],
    summary: "Whether some element is true, or makes the function give true.", example: "any([1, 5], x -> x > 3)"
  ) { call in
    .boolean(try call.list("values").contains { try call.test($0) })
  },
  Native(
    "all", area: "general", [list(), .init("function", "function", default: "none", "tests each element")],
    summary: "Whether every element is true, or makes the function give true.", example: "all([1, 5], x -> x > 3)"
  ) { call in
    .boolean(try call.list("values").allSatisfy { try call.test($0) })
  },
  Native(
    "sort", area: "general",
    [
      list("numbers or texts"), .init("by", "function", default: "none", "gives what to sort each element by"),
      .init("descending", "boolean", default: "false", "the largest first"),
    ],
    summary: "The elements in ascending order; equal ones keep theirs.", example: "sort([3, 1, 2], descending: true)"
  ) { call in
    let values = try call.list("values")
    let isDescending = try call.boolean("descending", default: false)
    let key = call.isGiven("by") ? try call.callable("by") : nil
    let keys = try key.map { key in try values.map { try call.session.call(key, [$0]) } } ?? values
    let order = try values.indices.sorted { left, right in
      let (first, second) = isDescending ? (right, left) : (left, right)
      return try Value.compare(.less, keys[first], keys[second]).equals(.boolean(true))
    }
    return try .list(order.map { values[$0] })
  },
  Native(
    "reverse", area: "general", [list()], summary: "The elements from last to first.", example: "reverse(1..3)"
  ) { call in
    if case .text(let text) = call.value("values") { return .text(String(text.reversed())) }
    return try .list(try call.list("values").reversed())
  },
  Native(
    "zip", area: "general", [list(), .init("others", "list", "the second list; more may follow")], isVariadic: true,
    summary: "Lists of the first elements, the second ones, and so on, as long as the shortest.",
    example: "zip([1, 2], [\"a\", \"b\"])"
  ) { call in
    let lists = try call.all.map { try $0.elements() }
    let length = lists.map(\.count).min() ?? 0
    return try .list((0..<length).map { position in try .list(lists.map { $0[position] }) })
  },
  Native(
    "enumerate", area: "general", [list()], summary: "Pairs of position and element.",
    example: "[\"{i}{x}\" for i, x in enumerate([\"a\", \"b\"])]"
  ) { call in
    try .list(try call.list("values").enumerated().map { try .list([.integer($0.offset), $0.element]) })
  },
  Native(
    "keys", area: "general", [.init("record", "record", "a record")], summary: "The names of a record's fields.",
    example: "keys({loss: 1, rate: 2})"
  ) { call in
    if case .object(let object) = call.value("record") { return try .list(object.fieldNames.map { .text($0) }) }
    return try .list(try call.record("record").names.map { .text($0) })
  },
  Native(
    "values", area: "general", [.init("record", "record", "a record")], summary: "The values of a record's fields.",
    example: "values({loss: 1, rate: 2})"
  ) { call in
    try .list(try call.record("record").fields.map(\.value))
  },
  Native(
    "contains", area: "general",
    [.init("value", "list", "a list, range, text or record"), .init("element", "value", "what to look for")],
    summary: "Whether an element, a part of a text or a field is there; the same as `in`.",
    example: "contains([1, 2, 3], 2)"
  ) { call in
    try Value.compare(.in, call.value("element"), call.value("value"))
  },
]

extension NativeCall {
  /// What the argument `function` says of an element, or the element itself where there is no function.
  fileprivate func test(_ element: Value) throws -> Bool {
    let result = isGiven("function") ? try session.call(try callable("function"), [element]) : element
    guard case .boolean(let boolean) = result else {
      throw fail("'function' must give true or false, not \(result.kindName)", argument: "function")
    }
    return boolean
  }
}
