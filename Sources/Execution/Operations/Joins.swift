import Kernels

/// The sum of two features.
struct Add: Operation {
  let left: Feature.ID
  let right: Feature.ID
  let output: Feature.ID

  var inputs: [Feature.ID] { [left, right] }
  var inputThatTakesGradient: Feature.ID? { left }

  func forward(_ run: Run) {
    Elementwise.binary(.add, run.count(output), run.values(left), run.values(right), into: run.values(output))
  }

  func backward(_ run: Run) {
    run.passGradient(to: left)
    run.passGradient(to: right)
  }
}

/// The channels of several features side by side.
struct Concatenate: Operation {
  let inputs: [Feature.ID]
  let output: Feature.ID

  func forward(_ run: Run) {
    RowJoin.concatenate(
      rows: run.rows(output), inputs.map { (UnsafePointer(run.values($0)), run.feature($0).channels) },
      into: run.values(output))
  }

  func backward(_ run: Run) {
    var first = 0
    for input in inputs {
      let channels = run.feature(input).channels
      run.giveGradient(to: input) {
        RowJoin.extract(
          rows: run.rows(output), from: run.outputGradient(), width: run.feature(output).rowLength, first: first,
          channels: channels, into: $0)
      }
      first += channels
    }
  }
}
