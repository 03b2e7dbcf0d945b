/// `a..b`, `a..<b`, either with `by step`: numbers that are computed when they are asked for.
public struct NumberRange: Sendable {
  public let start: Double
  public let end: Double
  public let step: Double
  public let isClosed: Bool
  public let style: NumberStyle
  /// How many numbers it holds.
  public let count: Int

  /// The numbers `start + i * step`; a closed range holds floor((end − start) / step + 1e-9) + 1 of them.
  public init(
    _ start: Double, _ end: Double, isClosed: Bool = true, step: Double = 1, style: NumberStyle = .plain
  ) throws {
    guard start.isFinite, end.isFinite, step.isFinite else {
      throw Failure("a range runs between finite numbers, not from \(start) to \(end)")
    }
    guard step != 0 else { throw Failure("a range cannot advance by 0", help: "write a step such as by 0.1") }
    let turns = (end - start) / step
    let wanted = isClosed ? (turns + 1e-9).rounded(.down) + 1 : (turns - 1e-9).rounded(.up)
    guard wanted < 9e15 else { throw Failure("a range of \(wanted) numbers is too long") }
    (self.start, self.end, self.step) = (start, end, step)
    (self.isClosed, self.style) = (isClosed, style)
    count = wanted >= 1 ? Int(wanted) : 0
  }

  /// The number at a position; the caller has checked the position.
  func number(at position: Int) -> Double { start + Double(position) * step }

  func contains(_ number: Double) -> Bool {
    let turn = ((number - start) / step).rounded()
    guard turn >= 0, turn < Double(count) else { return false }
    return abs(start + turn * step - number) <= 1e-9 * max(1, abs(number))
  }
}
