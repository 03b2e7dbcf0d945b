import Glibc

extension RandomStream {
  /// Uniform on [0, 1), a multiple of 2^-24.
  public mutating func uniform() -> Float { Float(nextWord() >> 8) * 0x1p-24 }

  /// Uniform on [-1, 1), a multiple of 2^-23.
  public mutating func signedUniform() -> Float { Float(Int32(bitPattern: nextWord()) >> 8) * 0x1p-23 }

  /// Two independent standard normal numbers by the method of Box and Muller, in double precision.
  public mutating func normalPair() -> (Float, Float) {
    // The half keeps the argument of the logarithm above zero: 2^-33 at the least.
    let radius = (-2 * log((Double(nextWord()) + 0.5) * 0x1p-32)).squareRoot()
    let angle = 2 * Double.pi * (Double(nextWord()) * 0x1p-32)
    return (Float(radius * cos(angle)), Float(radius * sin(angle)))
  }

  /// One standard normal number; `fillNormal` makes two from the same bits.
  public mutating func normal() -> Float { normalPair().0 }

  /// A whole number from 0 to `bound` - 1, each equally likely (Lemire, 2019); 0 for bounds below 2.
  public mutating func integer(below bound: Int) -> Int {
    guard bound > 1 else { return 0 }
    let range = UInt64(bound)
    var product = next().multipliedFullWidth(by: range)
    let threshold = (0 &- range) % range
    while product.low < threshold { product = next().multipliedFullWidth(by: range) }
    return Int(product.high)
  }

  /// True with this probability, to 2^-32; never for 0 or less and for NaN, always for 1 or more.
  public mutating func bernoulli(_ probability: Double) -> Bool { Double(nextWord()) * 0x1p-32 < probability }

  /// -1 or 1, equally likely.
  public mutating func sign() -> Float { nextWord() >> 31 == 0 ? 1 : -1 }

  /// The numbers 0 to `count` - 1 in random order (Fisher and Yates).
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<max(count, 0))
    for last in stride(from: order.count - 1, to: 0, by: -1) { order.swapAt(last, integer(below: last + 1)) }
    return order
  }

  /// Fills with `uniform()`, scaled to [`lower`, `upper`).
  public mutating func fillUniform(
    _ values: UnsafeMutableBufferPointer<Float>, from lower: Float = 0, to upper: Float = 1
  ) {
    for index in values.indices { values[index] = lower + (upper - lower) * uniform() }
  }

  /// Fills with normal numbers of this mean and standard deviation.
  public mutating func fillNormal(_ values: UnsafeMutableBufferPointer<Float>, mean: Float = 0, deviation: Float = 1) {
    for index in stride(from: 0, to: values.count, by: 2) {
      let (first, second) = normalPair()
      values[index] = mean + deviation * first
      if index + 1 < values.count { values[index + 1] = mean + deviation * second }
    }
  }

  /// Fills with random signs.
  public mutating func fillSigns(_ values: UnsafeMutableBufferPointer<Float>) {
    for index in values.indices { values[index] = sign() }
  }
}
