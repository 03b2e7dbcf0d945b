extension Double {
  /// A share as messages name it: 1.2 is "120%"; what is no number stays as it is.
  public var asShare: String {
    guard isFinite else { return "\(self)" }
    let percent = (self * 1e4).rounded() / 100
    return percent == percent.rounded() && percent.magnitude < 1e15 ? "\(Int(percent))%" : "\(percent)%"
  }
}
