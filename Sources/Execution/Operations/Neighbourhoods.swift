import Kernels

// The sampling and the grouping of a set abstraction (Networks, `FarthestPointsLayer` and `NeighboursLayer`).

/// Points of a cloud that cover it.
struct ChooseFarthest: Operation {
  let input: Feature.ID
  let output: Feature.ID
  let count: Int

  var inputs: [Feature.ID] { [input] }

  /// The position of each chosen point.
  func storage(_ program: Program, _ extent: Extent) -> OperationStorage {
    OperationStorage(state: extent.rows(program.features[output]))
  }

  func forward(_ run: Run) {
    let (from, to) = (run.feature(input), run.feature(output))
    CloudSearch(samples: run.samples(of: to), points: from.positions).farthest(
      count, of: run.values(input), from.strides, into: run.integerState)
    gather(run).forward(
      run.values(input), from.strides, positions: run.integerState, into: run.values(output), to.strides)
    RowOperations.clearSurplus(rows: run.rows(output), channels: to.channels, width: to.rowLength, run.values(output))
  }

  func backward(_ run: Run) {
    run.giveGradient(to: input) {
      Elementwise.fill(run.count(input), 0, into: $0)
      gather(run).backward(
        outputGradient: run.outputGradient(), run.feature(output).strides, positions: run.integerState, into: $0,
        run.feature(input).strides)
    }
  }

  private func gather(_ run: Run) -> PointGather {
    PointGather(samples: run.samples(of: run.feature(output)), channels: 3, chosen: count)
  }
}

/// The points of a cloud around each centre, relative to it, and under them the points' features.
struct GatherNeighbours: Operation {
  /// The cloud, the centres and perhaps the features.
  let inputs: [Feature.ID]
  let output: Feature.ID
  let radius: Float
  let count: Int

  private var cloud: Feature.ID { inputs[0] }
  private var centres: Feature.ID { inputs[1] }
  private var features: Feature.ID? { inputs.count > 2 ? inputs[2] : nil }

  /// The position of each neighbour.
  func storage(_ program: Program, _ extent: Extent) -> OperationStorage {
    OperationStorage(state: extent.rows(program.features[output]))
  }

  func forward(_ run: Run) {
    let (points, centres, to) = (run.feature(cloud), run.feature(centres), run.feature(output))
    CloudSearch(samples: run.samples(of: to), points: points.positions).neighbours(
      count, within: radius, of: (centres.positions, UnsafePointer(run.values(self.centres)), centres.strides),
      among: run.values(cloud), points.strides, into: run.integerState)
    gather(run, channels: 3).forward(
      run.values(cloud), points.strides, positions: run.integerState, into: run.values(output), to.strides)
    subtraction(run).forward(
      centres: run.values(self.centres), centres.strides, from: run.values(output), to.strides)
    if let features {
      gather(run, channels: run.feature(features).channels).forward(
        run.values(features), run.feature(features).strides, positions: run.integerState,
        into: run.values(output) + 3 * to.strides.channel, to.strides)
    }
    RowOperations.clearSurplus(rows: run.rows(output), channels: to.channels, width: to.rowLength, run.values(output))
  }

  func backward(_ run: Run) {
    let from = run.feature(output).strides
    run.giveGradient(to: cloud) { scatter(run, to: cloud, channels: 3, firstChannel: 0, into: $0) }
    run.giveGradient(to: centres) {
      Elementwise.fill(run.count(centres), 0, into: $0)
      subtraction(run).backward(
        outputGradient: run.outputGradient(), from, into: $0, run.feature(centres).strides)
    }
    if let features {
      run.giveGradient(to: features) {
        scatter(run, to: features, channels: run.feature(features).channels, firstChannel: 3, into: $0)
      }
    }
  }

  private func scatter(
    _ run: Run, to input: Feature.ID, channels: Int, firstChannel: Int, into gradient: UnsafeMutablePointer<Float>
  ) {
    let from = run.feature(output).strides
    Elementwise.fill(run.count(input), 0, into: gradient)
    gather(run, channels: channels).backward(
      outputGradient: run.outputGradient() + firstChannel * from.channel, from, positions: run.integerState,
      into: gradient, run.feature(input).strides)
  }

  private func gather(_ run: Run, channels: Int) -> PointGather {
    let feature = run.feature(output)
    return PointGather(samples: run.samples(of: feature), channels: channels, chosen: feature.positions)
  }

  private func subtraction(_ run: Run) -> CentreSubtraction {
    CentreSubtraction(
      samples: run.samples(of: run.feature(output)), channels: 3, centres: run.feature(centres).positions,
      neighbours: count)
  }
}

extension Feature {
  fileprivate var strides: ActivationStrides { .rows(positions: positions, width: rowLength) }
}
