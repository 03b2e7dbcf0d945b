import Glibc
import Language
import Ownership

/// How many strangers were convicted.
struct FalseClaimsObject: ObjectValue {
  let found: FalseClaims

  var kindName: String { "a count of false claims" }
  var fieldNames: [String] { ["trials", "bits", "convicted", "bound", "mean", "deviation", "log10_p", "matches"] }
  var summary: String { "\(found.convicted) of \(found.trials) strangers convicted" }

  func describe() -> String {
    let bound = (try? found.bound()) ?? 1
    let smallest = (try? found.smallestLog10P()) ?? 0
    return """
      \(found.trials) strangers, \(found.convicted) convicted: below \(Value.rate(bound).display) with 95% confidence
      matches    \(Value.rate(found.mean).display) of \(found.bits) bits, deviation \(Value.rate(found.deviation).display) \
      (by chance 50%, \(Value.rate(0.5 / Double(max(found.bits, 1)).squareRoot()).display))
      luckiest   \(found.matches.max() ?? 0) bits, log10 p = \(smallest.trimmed(decimals: 1)) \
      (of so many, by chance about \((-log10(Double(found.trials))).trimmed(decimals: 1)))
      """
  }

  func field(_ name: String) throws -> Value? {
    switch name {
    case "trials": .integer(found.trials)
    case "bits": .integer(found.bits)
    case "convicted": .integer(found.convicted)
    case "bound": .rate(try found.bound())
    case "mean": .rate(found.mean)
    case "deviation": .rate(found.deviation)
    case "log10_p": .number(try found.smallestLog10P())
    case "matches": try .list(found.matches.map(Value.integer))
    default: nil
    }
  }
}
