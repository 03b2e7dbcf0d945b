import Datasets
import Networks
import Passports
import Tensors
import Testing

@testable import Training

/// Triggers of points beside clouds: in batches, in their augmentation, and learned by a network.
@Suite struct PointTriggerTests {
  private func clouds(_ count: Int, points: Int = 24) throws -> PointSet {
    try Solids.make(train: count, test: 1, points: points, seed: 3).train
  }

  private func plan(triggers: TriggerSet) -> TrainingPlan {
    var plan = TrainingPlan(epochs: 1, seed: 11)
    plan.batchSize = 8
    plan.triggersPerBatch = 4
    plan.triggers = triggers
    return plan
  }

  private func triggers(_ count: Int = 8, points: Int = 24) throws -> TriggerSet {
    let source = try Furniture.load(points: points).test
    return try TriggerSet(from: source, count: count, classes: 10, seed: 5, without: [3])
  }

  @Test func triggersPassThroughTheAugmentationOfTheSamples() throws {
    let (set, marks) = (try clouds(16), try triggers())
    let place = BatchPlace(epoch: 0, batch: 1, step: 1)
    let chosen = plan(triggers: marks).triggerPositions(of: 8, step: 1)
    let plain = try marks.samples.batch(chosen, draws: nil).elements
    func tail(augments: Bool, _ augmentation: PointAugmentation) throws -> [Float] {
      var plan = plan(triggers: marks)
      plan.augments = augments
      var recipe = BatchRecipe(plan, CloudSamples(set, augmentation: augmentation))
      let batch = try recipe.batch(at: place)
      #expect(batch.labels.suffix(4) == ArraySlice(marks.samples.batchLabels(chosen)))
      return Array(batch.samples.elements.suffix(plain.count))
    }
    #expect(try tail(augments: false, .released) == plain)
    #expect(try tail(augments: true, PointAugmentation()) == plain)
    var doubling = PointAugmentation()
    doubling.scale = 2...2
    #expect(try tail(augments: true, doubling) == plain.map { 2 * $0 })
    #expect(try tail(augments: true, .released) == tail(augments: true, .released))
  }

  @Test func imagesAreNotAugmented() throws {
    var plan = try Small.plan(epochs: 1)
    plan.augments = true
    #expect(plan.triggerDraws([0, 1], step: 3) == nil)
  }

  @Test func otherShapesAreRefused() throws {
    let plan = plan(triggers: try triggers(points: 12))
    let net = try PointNet.make(classes: 10, points: 24, widths: [8, 8, 8, 8, 8], seed: 1)
    let error = #expect(throws: TrainingError.self) { try Trainer(net, on: CloudSamples(clouds(16)), plan: plan) }
    #expect(error?.message == "triggers have shape [3, 12], and the samples [3, 24]")
    #expect(error?.help == "make them alike, for instance with furniture(points: 24)")
  }
}
