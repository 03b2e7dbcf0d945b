import Datasets
import Foundation
import Testing

@testable import Training

/// Prints the microseconds that a batch of 64 images and 2 triggers takes, and the order of an epoch, when
/// TRAINING_THROUGHPUT is set in the environment.
@Test(.enabled(if: getenv("TRAINING_THROUGHPUT") != nil)) func batchThroughput() throws {
  func pictures(_ count: Int, seed: UInt64) throws -> TriggerSet {
    let pictures = try AbstractPictures.make(count: count, size: 32, channels: 3, seed: seed)
    return try TriggerSet(from: pictures, count: count, classes: 10, seed: seed)
  }
  var plan = TrainingPlan(epochs: 1, seed: 1)
  plan.triggers = try pictures(100, seed: 1)
  let images = try pictures(4096, seed: 2).samples
  let tensor = try TensorSamples(images.batch(Array(0..<images.count), draws: nil), labels: images.labels)
  let kinds: [(String, any Samples, augments: Bool)] = [
    ("images", images, false), ("augmented", images, true), ("tensor", tensor, false),
  ]
  for (name, samples, augments) in kinds {
    plan.augments = augments
    var recipe = BatchRecipe(plan, samples)
    let places = (0..<recipe.batchesPerEpoch).map { BatchPlace(epoch: 0, batch: $0, step: $0) }
    let time = try best { for place in places { _ = try recipe.batch(at: place) } }
    print("\(name): \(Int(time / Double(places.count))) µs a batch")
    #expect(time > 0)
  }
  print("order of 50,000 samples: \(Int(best { _ = plan.batches(of: 50_000, epoch: 0) })) µs")
}

/// Microseconds of the best of ten runs after one to warm up.
private func best(_ body: () throws -> Void) rethrows -> Double {
  try body()
  return try (0..<10).map { _ in try ContinuousClock().measure(body) / .microseconds(1) }.min() ?? .infinity
}
