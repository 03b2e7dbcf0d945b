import Kernels
import Networks
import Tensors

// What goes into a run and what comes out of it: tensors, channels first.

extension Run {
  /// Lays the samples of a batch [samples, shape...] from `first` on out as rows.
  func load(_ batch: Tensor, from first: Int = 0) {
    let feature = feature(Program.input)
    batch.read {
      feature.readPlanes(
        $0 + first * feature.channels * feature.positions, samples: extent.samples, into: values(Program.input))
    }
  }

  /// All outputs, one behind the other in one vector: each [branches * samples, shape...].
  func outputs() throws -> Tensor {
    try Tensor(shape: [program.outputs.reduce(0) { $0 + outputCount($1) }]) { target in
      var place = target
      for output in program.outputs {
        let feature = feature(output)
        feature.writePlanes(values(output), samples: samples(of: feature), into: place)
        place += outputCount(output)
      }
    }
  }

  /// The way back, from the gradient of `outputs`.
  func backward(from gradient: Tensor) throws {
    try gradient.read { source in
      var place = source
      var places: [Feature.ID: UnsafePointer<Float>] = [:]
      for output in program.outputs {
        places[output] = place
        place += outputCount(output)
      }
      try backward { output, target in
        guard let source = places[output] else { return }
        let feature = feature(output)
        feature.readPlanes(source, samples: samples(of: feature), into: target)
      }
    }
  }

  /// Takes the vector of outputs apart: the network's output for each branch, and the penalties, which go into the
  /// passes.
  func distribute(_ outputs: Tensor, shape: Shape, to passes: [ForwardPass]) throws -> [Tensor] {
    var start = 0
    func next(_ output: Feature.ID, branch: Int) throws -> Tensor {
      let count = outputCount(output) / extent.branches
      return try outputs.sliced(axis: 0, from: start + branch * count, count: count)
    }
    let results = try passes.indices.map {
      try next(program.outputs[0], branch: $0).reshaped(to: [extent.samples] + shape)
    }
    start += outputCount(program.outputs[0])
    for penalty in program.penalties {
      for (branch, pass) in passes.enumerated() {
        try penalty.layer.leavePenalty(
          of: next(penalty.feature, branch: branch).reshaped(to: [extent.samples, -1]), channels: penalty.channels,
          LayerPass(path: penalty.path, pass: pass))
      }
      start += outputCount(penalty.feature)
    }
    return results
  }

  /// Samples over all branches for which a feature is held.
  func samples(of feature: Feature) -> Int { extent.samples * extent.copies(feature) }

  private func outputCount(_ output: Feature.ID) -> Int {
    let feature = feature(output)
    return samples(of: feature) * feature.channels * feature.positions
  }
}

extension Feature {
  /// From channels first to rows.
  func readPlanes(
    _ planes: UnsafePointer<Float>, samples: Int, into rows: UnsafeMutablePointer<Float>
  ) {
    RowLayout.rows(
      samples: samples, channels: channels, positions: positions, width: rowLength, fromPlanes: planes, into: rows)
  }

  /// From rows to channels first.
  func writePlanes(
    _ rows: UnsafePointer<Float>, samples: Int, into planes: UnsafeMutablePointer<Float>
  ) {
    RowLayout.planes(
      samples: samples, channels: channels, positions: positions, width: rowLength, fromRows: rows, into: planes)
  }
}
