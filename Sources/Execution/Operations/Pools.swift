import Kernels
import Networks

/// The largest value of each window.
struct MaximumPool: Operation {
  let input: Feature.ID
  let output: Feature.ID
  let window: PoolingWindow

  var inputs: [Feature.ID] { [input] }

  /// The winner of each window.
  func storage(_ program: Program, _ extent: Extent) -> OperationStorage {
    OperationStorage(state: extent.count(program.features[output]))
  }

  func forward(_ run: Run) {
    RowPooling.maximumForward(
      window.geometry(input, run), input: run.values(input), output: run.values(output), winners: run.integerState,
      level: run.level)
  }

  func backward(_ run: Run) {
    run.giveGradient(to: input) {
      RowPooling.maximumBackward(
        window.geometry(input, run), outputGradient: run.outputGradient(), winners: run.integerState, into: $0,
        level: run.level)
    }
  }
}

/// The mean of each window; padding counts as zeros.
struct AveragePool: Operation {
  let input: Feature.ID
  let output: Feature.ID
  let window: PoolingWindow

  var inputs: [Feature.ID] { [input] }

  func forward(_ run: Run) {
    RowPooling.averageForward(
      window.geometry(input, run), input: run.values(input), output: run.values(output), level: run.level)
  }

  func backward(_ run: Run) {
    run.giveGradient(to: input) {
      RowPooling.averageBackward(
        window.geometry(input, run), outputGradient: run.outputGradient(), into: $0, level: run.level)
    }
  }
}

/// The largest value of each channel over all positions of a sample, or over those of each neighbourhood, which lie one
/// behind the other.
struct GlobalMaximum: Operation {
  let input: Feature.ID
  let output: Feature.ID

  var inputs: [Feature.ID] { [input] }

  /// The position of each maximum.
  func storage(_ program: Program, _ extent: Extent) -> OperationStorage {
    OperationStorage(state: extent.count(program.features[output]))
  }

  func forward(_ run: Run) {
    RowReduction.maximumForward(
      samples: run.rows(output), rows: rows(run), width: run.feature(input).rowLength, run.values(input),
      into: run.values(output), winners: run.integerState, level: run.level)
  }

  func backward(_ run: Run) {
    run.giveGradient(to: input) {
      RowReduction.maximumBackward(
        samples: run.rows(output), rows: rows(run), width: run.feature(input).rowLength,
        outputGradient: run.outputGradient(), winners: run.integerState, into: $0)
    }
  }

  /// Positions of the input that make one of the output.
  private func rows(_ run: Run) -> Int { run.feature(input).positions / run.feature(output).positions }
}

/// The mean of each channel over all positions of a sample.
struct GlobalAverage: Operation {
  let input: Feature.ID
  let output: Feature.ID

  var inputs: [Feature.ID] { [input] }

  func forward(_ run: Run) {
    let feature = run.feature(input)
    RowReduction.averageForward(
      samples: run.rows(output), rows: feature.positions, width: feature.rowLength, run.values(input),
      into: run.values(output), level: run.level)
  }

  func backward(_ run: Run) {
    let feature = run.feature(input)
    run.giveGradient(to: input) {
      RowReduction.averageBackward(
        samples: run.rows(output), rows: feature.positions, width: feature.rowLength,
        outputGradient: run.outputGradient(), into: $0, level: run.level)
    }
  }
}

extension PoolingWindow {
  fileprivate func geometry(_ input: Feature.ID, _ run: Run) -> PoolingGeometry {
    let feature = run.feature(input)
    return PoolingGeometry(
      batch: run.extent.samples * run.extent.copies(feature), channels: feature.channels, inputHeight: feature.height,
      inputWidth: feature.width, kernel: kernel, stride: stride, padding: padding)
  }
}
