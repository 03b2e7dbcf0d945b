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
    let (rows, to) = (run.rows(output), run.feature(output))
    var first = 0
    for input in inputs {
      let from = run.feature(input)
      RowOperations.copyChannels(
        rows: rows, channels: from.channels, .init(UnsafePointer(run.values(input)), width: from.rowLength),
        into: .init(run.values(output), width: to.rowLength, first: first))
      first += from.channels
    }
    RowOperations.clearSurplus(rows: rows, channels: to.channels, width: to.rowLength, run.values(output))
  }

  func backward(_ run: Run) {
    let (rows, from) = (run.rows(output), run.feature(output))
    var first = 0
    for input in inputs {
      let to = run.feature(input)
      run.giveGradient(to: input) {
        RowOperations.copyChannels(
          rows: rows, channels: to.channels,
          .init(UnsafePointer(run.outputGradient()), width: from.rowLength, first: first),
          into: .init($0, width: to.rowLength))
        RowOperations.clearSurplus(rows: rows, channels: to.channels, width: to.rowLength, $0)
      }
      first += to.channels
    }
  }
}
