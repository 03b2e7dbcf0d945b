import Kernels
import Networks
import Tensors

// What goes into a run and what comes out of it: tensors, channels first.

extension Run {
  /// Lays a batch [samples, shape...] out as rows.
  func load(_ batch: Tensor) {
    let feature = feature(Program.input)
    batch.read {
      RowLayout.rows(
        samples: extent.samples, channels: feature.channels, positions: feature.positions, rowLength: feature.rowLength,
        fromPlanes: $0, into: values(Program.input))
    }
  }

  /// The network's output in all branches, [branches * samples, shape...].
  func output(shape: Shape) throws -> Tensor {
    let id = program.output
    let feature = feature(id)
    return try Tensor(shape: [extent.branches * extent.samples] + shape) {
      RowLayout.planes(
        samples: extent.samples * extent.copies(feature), channels: feature.channels, positions: feature.positions,
        rowLength: feature.rowLength, fromRows: values(id), into: $0)
    }
  }

  /// The way back, from the gradient of `output`.
  func backward(from gradient: Tensor) throws {
    let feature = feature(program.output)
    try backward { target in
      gradient.read {
        RowLayout.rows(
          samples: extent.samples * extent.copies(feature), channels: feature.channels, positions: feature.positions,
          rowLength: feature.rowLength, fromPlanes: $0, into: target)
      }
    }
  }
}
