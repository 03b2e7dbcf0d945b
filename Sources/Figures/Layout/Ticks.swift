#if canImport(Glibc)
  import Glibc
#endif

/// Round numbers along an axis: multiples of 1, 2 or 5 times a power of ten.
struct Ticks: Equatable {
  struct Tick: Equatable {
    var value: Double
    var text: String
  }

  private(set) var ticks: [Tick] = []
  /// The distance between neighbours.
  let step: Double

  /// - Parameters:
  ///   - count: The most intervals between the ends.
  ///   - wholeNumbers: No tick stands between two whole numbers.
  init(of scale: Scale, atMost count: Int, style: AxisStyle, wholeNumbers: Bool = false) {
    let count = Double(max(count, 1))
    var (mantissa, exponent) = Self.step(atLeast: scale.high / count - scale.low / count)
    if wholeNumbers, exponent < 0 { (mantissa, exponent) = (1, 0) }
    let unit = pow(10, Double(exponent.magnitude))
    step = exponent < 0 ? Double(mantissa) / unit : Double(mantissa) * unit
    guard let first = Int(exactly: (scale.low / step - 1e-9).rounded(.up)),
      let last = Int(exactly: (scale.high / step + 1e-9).rounded(.down)), first <= last, last - first <= 1_000
    else { return }
    let numbers = (first...last).map { DecimalNumber(digits: $0 * mantissa, exponent: exponent) }
    let isScientific = numbers.contains { !$0.isShort(style) }
    ticks = numbers.map { number in
      let value = exponent < 0 ? Double(number.digits) / unit : Double(number.digits) * unit
      return Tick(
        value: min(max(value, scale.low), scale.high), text: number.text(style, isScientific: isScientific))
    }
  }

  /// The smallest of 1, 2, 5 times a power of ten that is not below a positive number.
  private static func step(atLeast least: Double) -> (mantissa: Int, exponent: Int) {
    let exponent = Int(exactly: log10(max(least, 1e-300)).rounded(.down)) ?? 0
    let unit = pow(10, Double(exponent))
    for mantissa in [1, 2, 5] where Double(mantissa) * unit >= least * (1 - 1e-9) { return (mantissa, exponent) }
    return (1, exponent + 1)
  }
}

/// `digits` times ten to the power of `exponent`, written without any rounding.
struct DecimalNumber: Equatable {
  var digits: Int
  var exponent: Int

  /// Whether it is written out, instead of with a power of ten.
  func isShort(_ style: AxisStyle) -> Bool {
    let exponent = style == .percent ? exponent + 2 : exponent
    return digits == 0 || (exponent >= -4 && String(digits.magnitude).count + exponent <= 6)
  }

  func text(_ style: AxisStyle, isScientific: Bool) -> String {
    let unit = style == .percent ? "%" : ""
    if digits == 0 { return "0" + unit }
    let sign = digits < 0 ? "-" : ""
    let exponent = style == .percent ? exponent + 2 : exponent
    let text = String(digits.magnitude)
    if isScientific {
      var fraction = text.dropFirst()
      while fraction.last == "0" { fraction.removeLast() }
      return sign + text.prefix(1) + (fraction.isEmpty ? "" : "." + fraction) + "e\(exponent + text.count - 1)" + unit
    }
    if exponent >= 0 { return sign + text + String(repeating: "0", count: exponent) + unit }
    let padded = String(repeating: "0", count: max(0, 1 - exponent - text.count)) + text
    return sign + padded.dropLast(-exponent) + "." + padded.suffix(-exponent) + unit
  }
}

extension Double {
  /// At most four digits, for a number that stands alone: `0.9125`, `91.25%`, `1.5e-7`.
  func figureText(_ style: AxisStyle) -> String {
    guard isFinite else { return isNaN ? "nan" : self < 0 ? "-inf" : "inf" }
    let isPercent = style == .percent && (self * 100).isFinite
    let value = isPercent ? self * 100 : self
    guard value != 0 else { return isPercent ? "0%" : "0" }
    // Four digits: 1000 to 9999 times a power of ten; rounding may carry to a fifth.
    var exponent = (Int(exactly: log10(value.magnitude).rounded(.down)) ?? 0) - 3
    if value == value.rounded(), value.magnitude < 1e9 { exponent = 0 }
    let power = pow(10, Double(exponent.magnitude))
    let scaled = exponent < 0 ? value * power : value / power
    guard scaled.isFinite, var digits = Int(exactly: scaled.rounded()) else { return isPercent ? "0%" : "0" }
    while digits % 10 == 0, digits != 0, exponent < 0 || digits.magnitude > 1_000_000 {
      digits /= 10
      exponent += 1
    }
    let number = DecimalNumber(digits: digits, exponent: exponent)
    let isLong = exponent < -7 || String(digits.magnitude).count + exponent > 9
    return number.text(.plain, isScientific: isLong) + (isPercent ? "%" : "")
  }
}
