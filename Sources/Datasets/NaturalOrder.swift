/// The order in which people number their files: 1, 2, …, 10, and bytes where there are no digits.
enum NaturalOrder {
  /// Whether `left` comes before `right`; names that differ only in leading zeros keep the order of their bytes.
  static func precedes(_ left: String, _ right: String) -> Bool {
    let (leftParts, rightParts) = (parts(left), parts(right))
    for (first, second) in zip(leftParts, rightParts) where first != second {
      return first < second
    }
    if leftParts.count != rightParts.count { return leftParts.count < rightParts.count }
    return left.utf8.lexicographicallyPrecedes(right.utf8)
  }

  /// A run of digits, or one other byte.
  private enum Part: Equatable, Comparable {
    /// Digits without leading zeros; the longer number is the greater.
    case number(length: Int, digits: String)
    case byte(UInt8)

    static func < (left: Part, right: Part) -> Bool {
      switch (left, right) {
      case (.number(let leftLength, let leftDigits), .number(let rightLength, let rightDigits)):
        (leftLength, leftDigits) < (rightLength, rightDigits)
      case (.byte(let left), .byte(let right)): left < right
      case (.number, .byte(let byte)): UInt8(ascii: "0") < byte
      case (.byte(let byte), .number): byte < UInt8(ascii: "0")
      }
    }
  }

  private static func parts(_ name: String) -> [Part] {
    var parts: [Part] = []
    var rest = Array(name.utf8)[...]
    while let first = rest.first {
      let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      if digits.isEmpty {
        parts.append(.byte(first))
        rest = rest.dropFirst()
      } else {
        let significant = digits.drop { $0 == UInt8(ascii: "0") }
        parts.append(.number(length: significant.count, digits: String(decoding: significant, as: UTF8.self)))
        rest = rest.dropFirst(digits.count)
      }
    }
    return parts
  }
}
