extension Keyword {
  /// One line for the reference.
  public var summary: String {
    switch self {
    case .fn: "declares a function, or makes one without a name: `fn f(x, y = 2) { x + y }`"
    case .model: "declares a model: `model net(classes) on [3, 32, 32] { … }`, each line piped into the next"
    case .on: "the shape of one sample, in a `model` declaration"
    case .for: "a loop, or a comprehension: `for i in 1..3 { … }`, `[x * 2 for x in xs]`"
    case .while: "a loop as long as a condition holds: `while loss > 0.1 { … }`"
    case .in: "between the names and the sequence of a loop; as an operator, membership"
    case .if: "`if a { … } else { … }`, an expression; in a comprehension, a filter"
    case .else: "what happens otherwise; stands on the line of the closing brace"
    case .return: "leaves a function with a value, or with none"
    case .break: "leaves the innermost loop"
    case .continue: "goes on with the next turn of the innermost loop"
    case .expect: "fails the script if its condition is false, and shows both sides: `expect accuracy > 45%`"
    case .and: "both"
    case .or: "one of both, or both"
    case .not: "the opposite of true or false"
    case .mod: "the remainder of a division: `7 mod 3` is 1"
    case .by: "the step of a range: `0..1 by 0.1`"
    case .true, .false: "the truth values"
    case .none: "no value"
    }
  }
}
