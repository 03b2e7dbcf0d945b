import Kernels

/// Each sample's points through a matrix of their own: y = (T + I)ᵀ x, as PointNet's T-Nets do.
struct Transform: Operation {
  let cloud: Feature.ID
  let matrices: Feature.ID
  let output: Feature.ID

  var inputs: [Feature.ID] { [cloud, matrices] }
  var readBackward: [Feature.ID] { [cloud, matrices] }

  func storage(_ program: Program, _ extent: Extent) -> OperationStorage {
    OperationStorage(scratch: transform(program, extent).scratchCount)
  }

  func forward(_ run: Run) {
    transform(run.program, run.extent).forward(
      run.values(cloud), matrices: run.values(matrices), into: run.values(output), scratch: run.scratch,
      level: run.level)
  }

  func backward(_ run: Run) {
    let transform = transform(run.program, run.extent)
    run.giveGradient(to: cloud) {
      transform.backwardInput(
        outputGradient: run.outputGradient(), matrices: run.values(matrices), into: $0, scratch: run.scratch,
        level: run.level)
    }
    run.giveGradient(to: matrices) {
      transform.backwardMatrices(
        run.values(cloud), outputGradient: run.outputGradient(), into: $0, scratch: run.scratch, level: run.level)
    }
  }

  private func transform(_ program: Program, _ extent: Extent) -> PointTransform {
    let feature = program.features[cloud]
    return PointTransform(
      samples: extent.samples * extent.copies(feature), points: feature.positions, channels: feature.channels)
  }
}
