import Language

/// How a number shows itself; arithmetic carries it along where the result is still of that kind.
public enum NumberStyle: UInt8, Sendable {
  /// `2`, `0.1`, `1e-20`
  case plain
  /// `61.4%`; the number itself is 0.614
  case percent
  /// `4.2s`; the number is in seconds
  case duration

  init(_ unit: NumberUnit) {
    switch unit {
    case .none: self = .plain
    case .percent: self = .percent
    case .milliseconds, .seconds, .minutes, .hours: self = .duration
    }
  }

  /// The style of a result. Sums keep percent and durations (`1 - 30%` is 70%); a product keeps percent only of two
  /// percents (`50% * 100` is 50); dividing by a plain number keeps the style, by the same style gives a plain ratio.
  static func result(of operation: BinaryOperator, _ left: NumberStyle, _ right: NumberStyle) -> NumberStyle {
    if left == .plain && right == .plain { return .plain }
    switch operation {
    case .add, .subtract:
      if left == right { return left }
      return left == .duration || right == .duration ? .duration : .percent
    case .multiply:
      if left == .percent && right == .percent { return .percent }
      if left == .duration && right == .duration { return .plain }
      return left == .duration || right == .duration ? .duration : .plain
    case .divide:
      if left == .duration && right != .duration { return .duration }
      return right == .plain ? left : .plain
    case .modulo: return left
    case .power, .matrixProduct: return .plain
    }
  }

  /// The style that several numbers share, plain where they differ.
  static func shared(_ styles: some Sequence<NumberStyle>) -> NumberStyle {
    var common: NumberStyle?
    for style in styles {
      guard common == nil || common == style else { return .plain }
      common = style
    }
    return common ?? .plain
  }
}

extension Double {
  /// The number as this style shows it.
  func shown(as style: NumberStyle) -> String {
    guard isFinite else { return isNaN ? "nan" : self < 0 ? "-inf" : "inf" }
    switch style {
    case .plain: return shortest
    case .percent: return (self * 100).trimmed(decimals: 2) + "%"
    case .duration: return shownAsDuration
    }
  }

  /// Shortest text that reads back as the same number, without `.0`.
  private var shortest: String {
    var text = description
    if text.hasSuffix(".0") { text.removeLast(2) }
    if let mark = text.firstIndex(of: "e") {
      text.replaceSubrange(mark..., with: text[mark...].filter { $0 != "+" })
      if let zero = text.firstRange(of: ".0e") { text.replaceSubrange(zero, with: "e") }
    }
    return text
  }

  /// At most this many decimals, without trailing zeros.
  func trimmed(decimals: Int) -> String {
    var text = fixed(decimals: decimals)
    guard text.contains(".") else { return text }
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text == "-0" ? "0" : text
  }

  private var shownAsDuration: String {
    let size = abs(self)
    let sign = self < 0 ? "-" : ""
    if size == 0 { return "0s" }
    if size < 0.9995 { return sign + (size * 1000).trimmed(decimals: size < 0.01 ? 2 : 0) + "ms" }
    if size < 59.95 { return sign + size.trimmed(decimals: 1) + "s" }
    if size < 3599.5 {
      let seconds = size.rounded()
      let rest = seconds.truncatingRemainder(dividingBy: 60)
      return sign + (seconds / 60).rounded(.down).trimmed(decimals: 0) + "min"
        + (rest == 0 ? "" : " " + rest.trimmed(decimals: 0) + "s")
    }
    let minutes = (size / 60).rounded()
    let rest = minutes.truncatingRemainder(dividingBy: 60)
    return sign + (minutes / 60).rounded(.down).trimmed(decimals: 0) + "h"
      + (rest == 0 ? "" : " " + rest.trimmed(decimals: 0) + "min")
  }
}
