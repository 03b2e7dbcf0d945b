import Glibc
import Language

/// Natives on numbers; each also takes whatever object answers to it, such as a tensor.
let numberNatives: [Native] = [
  elementwise("abs", "The absolute value.", example: "abs(-3)", keepsStyle: true) { abs($0) },
  elementwise("sqrt", "The square root.", example: "sqrt(16)") { $0.squareRoot() },
  elementwise("exp", "The exponential function.", example: "exp(0)") { exp($0) },
  elementwise("sin", "The sine of an angle in radians.", example: "sin(0)") { sin($0) },
  elementwise("cos", "The cosine of an angle in radians.", example: "cos(0)") { cos($0) },
  elementwise("tanh", "The hyperbolic tangent.", example: "tanh(0)") { tanh($0) },
  elementwise("floor", "The largest whole number that is not greater.", example: "floor(2.7)", keepsStyle: true) {
    $0.rounded(.down)
  },
  elementwise("ceil", "The smallest whole number that is not less.", example: "ceil(2.1)", keepsStyle: true) {
    $0.rounded(.up)
  },
  Native(
    "log", area: "general",
    [.init("value", "number", "what to take the logarithm of"), .init("base", "number", default: "none", "e if none")],
    summary: "The logarithm, natural unless a base is given.", example: "log(1000, base: 10)"
  ) { call in
    let number = try call.number("value")
    guard call.isGiven("base") else { return .number(log(number)) }
    let base = try call.number("base")
    if base == 10 { return .number(log10(number)) }
    return .number(base == 2 ? log2(number) : log(number) / log(base))
  },
  Native(
    "pow", area: "general",
    [.init("value", "number", "the base"), .init("exponent", "number", "the power to raise it to")],
    summary: "A power, as value ** exponent.", example: "pow(2, 10)"
  ) { call in
    try Value.binary(.power, call.value("value"), call.value("exponent"))
  },
  Native(
    "round", area: "general",
    [.init("value", "number", "what to round"), .init("digits", "number", default: "0", "decimals to keep")],
    summary: "Rounds to the nearest number with so many decimals, halves away from zero.",
    example: "round(3.14159, digits: 2)"
  ) { call in
    guard case .number(let number, let style) = call.value("value") else {
      throw call.mismatch("value", expected: "a number")
    }
    let scale = pow(10, Double(try call.integer("digits", in: -300...300, default: 0)))
    let rounded = (number * scale).rounded() / scale
    return .number(rounded.isFinite ? rounded : number, style)
  },
  reduction("sum", "The sum of the numbers, 0 if there are none.", example: "sum([1, 2, 3])") { _, numbers in
    numbers.reduce(0, +)
  },
  reduction("mean", "The arithmetic mean of the numbers.", example: "mean([50%, 60%])") { call, numbers in
    guard !numbers.isEmpty else { throw call.fail("there are no numbers to average", argument: "values") }
    return numbers.reduce(0, +) / Double(numbers.count)
  },
  reduction("min", "The smallest of the numbers.", example: "min(3, 1, 2)") { call, numbers in
    guard let least = numbers.min() else { throw call.fail("there are no numbers", argument: "values") }
    return least
  },
  reduction("max", "The largest of the numbers.", example: "max([3, 1, 2])") { call, numbers in
    guard let greatest = numbers.max() else { throw call.fail("there are no numbers", argument: "values") }
    return greatest
  },
]

/// A function of one number.
private func elementwise(
  _ name: String, _ summary: String, example: String, keepsStyle: Bool = false,
  _ function: @escaping @Sendable (Double) -> Double
) -> Native {
  Native(name, area: "general", [.init("value", "number", "a number or a tensor")], summary: summary, example: example)
  {
    call in
    guard case .number(let number, let style) = call.value("value") else {
      throw call.mismatch("value", expected: "a number or a tensor")
    }
    return .number(function(number), keepsStyle ? style : .plain)
  }
}

/// A function of many numbers, given as one list or one by one; keeps the style that they share.
private func reduction(
  _ name: String, _ summary: String, example: String,
  _ function: @escaping @Sendable (NativeCall, [Double]) throws -> Double
) -> Native {
  Native(
    name, area: "general",
    [
      .init("values", "list", "a list or a tensor, or numbers one by one"),
      .init("axis", "number", default: "none", "of a tensor: along which axis; all elements if none"),
    ], isVariadic: true,
    summary: summary, example: example
  ) { call in
    guard !call.isGiven("axis") else { throw call.fail("only a tensor has axes", argument: "axis") }
    var elements = call.all
    if elements.count == 1 {
      if case .number = elements[0] {} else { elements = try call.list("values") }
    }
    var styles: [NumberStyle] = []
    let numbers = try elements.map { element in
      guard case .number(let number, let style) = element else {
        throw call.fail("'values' must hold numbers only, not \(element.kindName)", argument: "values")
      }
      styles.append(style)
      return number
    }
    return .number(try function(call, numbers), .shared(styles))
  }
}
