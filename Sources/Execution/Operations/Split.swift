import Kernels

/// Holds a shared feature for each branch, where an operation reads it together with others that are.
struct Split: Operation {
  let input: Feature.ID
  let output: Feature.ID

  var inputs: [Feature.ID] { [input] }

  func forward(_ run: Run) {
    let (from, to) = (run.feature(input), run.feature(output))
    let rows = run.rows(input)
    for branch in 0..<run.extent.branches {
      RowLayout.copy(
        rows: rows, channels: from.channels, run.values(input), rowLength: from.rowLength,
        into: run.values(output) + branch * rows * to.rowLength, rowLength: to.rowLength)
    }
  }

  func backward(_ run: Run) {
    let count = run.rows(input) * run.feature(output).rowLength
    let gradient = run.outputGradient()
    run.giveGradient(to: input) { target in
      target.update(from: gradient, count: count)
      for branch in 1..<max(run.extent.branches, 1) {
        Elementwise.axpy(count, 1, gradient + branch * count, into: target)
      }
    }
  }
}
