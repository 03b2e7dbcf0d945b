import Kernels

// The same values in another arrangement.

/// Holds a shared feature for each branch, where an operation reads it together with others that are.
struct Split: Operation {
  let input: Feature.ID
  let output: Feature.ID

  var inputs: [Feature.ID] { [input] }

  func forward(_ run: Run) {
    let (from, to) = (run.feature(input), run.feature(output))
    let rows = run.rows(input)
    for branch in 0..<run.extent.branches {
      let target = run.values(output) + branch * rows * to.rowLength
      RowOperations.copyChannels(
        rows: rows, channels: from.channels, .init(UnsafePointer(run.values(input)), width: from.rowLength),
        into: .init(target, width: to.rowLength))
      RowOperations.clearSurplus(rows: rows, channels: from.channels, width: to.rowLength, target)
    }
  }

  func backward(_ run: Run) {
    let count = run.rows(input) * run.feature(output).rowLength
    let gradient = run.outputGradient()
    run.giveGradient(to: input) { target in
      Elementwise.copy(count, gradient, into: target)
      for branch in 1..<max(run.extent.branches, 1) {
        Elementwise.axpy(count, 1, gradient + branch * count, into: target)
      }
    }
  }
}

/// The values of an image as one vector, channel after channel.
struct Flatten: Operation {
  let input: Feature.ID
  let output: Feature.ID

  var inputs: [Feature.ID] { [input] }

  func forward(_ run: Run) {
    forEachSample(run) { image, vector, sample in
      let length = image.channels * image.positions
      let target = run.values(output) + sample * vector.rowLength
      image.writePlanes(run.values(input) + sample * image.positions * image.rowLength, samples: 1, into: target)
      (target + length).update(repeating: 0, count: vector.rowLength - length)
    }
  }

  func backward(_ run: Run) {
    run.giveGradient(to: input) { target in
      forEachSample(run) { image, vector, sample in
        image.readPlanes(
          run.outputGradient() + sample * vector.rowLength, samples: 1,
          into: target + sample * image.positions * image.rowLength)
      }
    }
  }

  private func forEachSample(_ run: Run, _ body: (_ image: Feature, _ vector: Feature, _ sample: Int) -> Void) {
    let (image, vector) = (run.feature(input), run.feature(output))
    for sample in 0..<run.extent.samples * run.extent.copies(image) { body(image, vector, sample) }
  }
}
