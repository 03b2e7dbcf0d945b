/// The way from numbers to places along an axis, for any two finite ends: no difference of theirs overflows.
struct Scale: Equatable {
  let low: Double
  let high: Double

  /// Ends that lie apart, equal ones being moved away from each other.
  init(spanning first: Double, _ second: Double) {
    let low = first.isFinite ? first : 0
    let high = second.isFinite ? max(second, low) : low
    let size = max(low.magnitude, high.magnitude)
    if high / 2 - low / 2 > size * 1e-12, size > 1e-290 {
      (self.low, self.high) = (low, high)
    } else {
      // A flat line stands in the middle.
      let room = size > 1e-290 ? size / 2 : 1
      let limit = Double.greatestFiniteMagnitude
      (self.low, self.high) = (max(low - room, -limit), min(high + room, limit))
    }
  }

  /// 0 at the low end, 1 at the high one.
  func share(of value: Double) -> Double { (value / 2 - low / 2) / (high / 2 - low / 2) }

  /// The number at a share of the way.
  func value(at share: Double) -> Double { low * (1 - share) + high * share }

  /// The scale that ends on ticks, as `Ticks` chooses them.
  func extendedToTicks(atMost count: Int, wholeNumbers: Bool = false) -> Scale {
    let ticks = Ticks(of: self, atMost: count, style: .plain, wholeNumbers: wholeNumbers)
    let step = ticks.step
    func moved(_ end: Double, _ rule: FloatingPointRoundingRule, _ tolerance: Double) -> Double {
      let moved = (end / step + tolerance).rounded(rule) * step
      return moved.isFinite ? moved : end
    }
    return Scale(spanning: min(moved(low, .down, 1e-9), low), max(moved(high, .up, -1e-9), high))
  }
}
