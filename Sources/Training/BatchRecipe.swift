import Tensors

/// Where a batch stands in a training.
public struct BatchPlace: Sendable, Equatable {
  /// Complete epochs before it.
  public var epoch: Int
  /// Batches of its epoch before it.
  public var batch: Int
  /// Steps of the whole training before it.
  public var step: Int

  public init(epoch: Int, batch: Int, step: Int) {
    self.epoch = epoch
    self.batch = batch
    self.step = step
  }
}

/// How the batches of a training are made: each depends on plan, samples and place alone, whoever makes it, and when.
public struct BatchRecipe: Sendable {
  public let epochs: Int
  public let batchesPerEpoch: Int
  private let plan: TrainingPlan
  private let samples: any Samples
  /// The order of the latest batch's epoch: with many samples, drawing it takes longer than making a batch.
  private var order: (epoch: Int, batches: [[Int]])?

  /// Expects a batch size of at least 1, and at least one sample.
  public init(_ plan: TrainingPlan, _ samples: any Samples) {
    epochs = plan.epochs
    batchesPerEpoch = plan.batchesPerEpoch(of: samples.count)
    self.plan = plan
    self.samples = samples
  }

  /// The batch at a place, which lies within its epoch.
  mutating func batch(at place: BatchPlace) throws -> Objective.Batch {
    let positions = batches(epoch: place.epoch)[place.batch]
    let triggers = plan.triggers?.samples(beside: samples)
    let chosen = triggers.map { plan.triggerPositions(of: $0.count, step: place.step) } ?? []
    let shape = [positions.count + chosen.count] + samples.sampleShape
    let values = try Tensor(shape: shape) { target in
      try samples.write(positions, draws: plan.draws(positions, epoch: place.epoch), to: target)
      let end = target + positions.count * (try samples.sampleShape.elementCount())
      try triggers?.write(chosen, draws: plan.triggerDraws(chosen, step: place.step), to: end)
    }
    return Objective.Batch(
      samples: values, labels: samples.batchLabels(positions) + (triggers?.batchLabels(chosen) ?? []),
      triggers: chosen.count, softTargets: try samples.softTargets?.rows(positions))
  }

  private mutating func batches(epoch: Int) -> [[Int]] {
    if let order, order.epoch == epoch { return order.batches }
    let batches = plan.batches(of: samples.count, epoch: epoch)
    order = (epoch, batches)
    return batches
  }
}
