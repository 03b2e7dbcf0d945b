import Networks
import Tensors
import Training

/// How long and on what a forger trains; the released code's settings unless told otherwise.
public struct ForgerySettings: Sendable {
  public var epochs: Int
  public var batchSize = 64
  /// Share of the samples that the forger has, above 0 and up to 1; which ones is drawn.
  public var share = 1.0
  public var optimizer = OptimizerSettings.sgd(rate: 0.01, momentum: 0.9, decay: 5e-4)
  /// Largest norm of all gradients together; longer ones are shortened to it.
  public var clip = 2.0
  /// Pictures are cropped and flipped; clouds are changed as their samples say.
  public var augments = false
  /// Layer by layer, on the reference path, instead of fused.
  public var isExact = false
  /// Of the passports' start, the signature, the samples' choice and order, augmentation and dropout.
  public var seed: UInt64

  public init(epochs: Int, seed: UInt64) {
    self.epochs = epochs
    self.seed = seed
  }

  var plan: TrainingPlan {
    var plan = TrainingPlan(epochs: epochs, seed: seed)
    plan.batchSize = batchSize
    plan.augments = augments
    return plan
  }

  func check() throws {
    guard epochs >= 1 else { throw NetworkError("forge: epochs is a whole number of at least 1, not \(epochs)") }
    guard batchSize >= 1 else { throw NetworkError("forge: batch is a whole number of at least 1, not \(batchSize)") }
    guard share > 0, share <= 1 else {
      throw NetworkError(
        "forge: the share of the samples is above 0% and up to 100%, not \(share.asShare)", help: "share: 10%")
    }
  }
}

/// Where a forger's training stands: means over the epoch so far.
public struct ForgeryProgress: Sendable {
  /// Counted from 1.
  public var epoch: Int
  public var epochs: Int
  /// Batches of this epoch that are done.
  public var batch: Int
  public var batches: Int
  public var loss: Double
  /// Accuracy of what is forged on the epoch's batches.
  public var accuracy: Double
}

extension ForgerySettings {
  /// Goes through the samples that a forger could get hold of, batch by batch, for all epochs.
  ///
  /// - Parameters:
  ///   - firstStep: how many steps were taken before.
  ///   - step: takes a batch; gives its loss, and how many samples were right.
  ///   - endEpoch: called after each epoch, with its number from 1.
  func run(
    on samples: any Samples, shape: Shape, firstStep: Int = 0,
    step: (Objective.Batch) throws -> (loss: Double, correct: Int),
    observe: (ForgeryProgress) throws -> Void, endEpoch: (Int) throws -> Void = { _ in }
  ) throws {
    let drawn = try samples.drawn(share, seed: seed)
    guard drawn.sampleShape == shape else {
      throw NetworkError("forge: the samples have shape \(drawn.sampleShape), and the model takes \(shape)")
    }
    let recipe = BatchRecipe(plan, drawn)
    let loader = BatchLoader(recipe, from: BatchPlace(epoch: 0, batch: 0, step: 0))
    defer { loader.stop() }
    var steps = firstStep
    for epoch in 0..<epochs {
      var (loss, correct, seen) = (0.0, 0, 0)
      for number in 0..<recipe.batchesPerEpoch {
        let batch = try loader.batch(at: BatchPlace(epoch: epoch, batch: number, step: steps))
        let outcome = try step(batch)
        steps += 1
        loss += outcome.loss
        correct += outcome.correct
        seen += batch.labels.count
        try observe(
          ForgeryProgress(
            epoch: epoch + 1, epochs: epochs, batch: number + 1, batches: recipe.batchesPerEpoch,
            loss: loss / Double(number + 1), accuracy: Double(correct) / Double(max(seen, 1))))
      }
      try endEpoch(epoch + 1)
    }
  }
}

extension ForgerySettings {
  /// Gradients of a step's loss by the variables that it reaches, shortened, and their norm before.
  ///
  /// - Parameter step: how many steps were taken before.
  /// - Throws: `NetworkError` for a loss that is no number.
  func gradients(
    of loss: Tensor, by variables: [String: Tensor], step: Int
  ) throws -> (gradients: [String: Tensor], norm: Double) {
    guard try loss.scalar().isFinite else {
      throw NetworkError(
        "forge: the loss is no number any more in step \(step + 1)", help: "use a smaller learning rate")
    }
    let names = variables.keys.sorted()
    let found = try loss.reachedGradients(by: names.compactMap { variables[$0] })
    let reached = zip(names, found).compactMap { name, gradient in gradient.map { (name, $0) } }
    var gradients = Dictionary(uniqueKeysWithValues: reached)
    let norm = try gradients.shorten(to: clip)
    return (gradients, norm)
  }
}

extension [String: Tensor] {
  /// Shortens all gradients together to a norm of at most `limit`, as PyTorch's `clip_grad_norm_` does.
  ///
  /// - Returns: the norm before.
  fileprivate mutating func shorten(to limit: Double) throws -> Double {
    // In a fixed order: sums of floating-point numbers depend on it.
    let squares = keys.sorted().reduce(0.0) { sum, name in
      sum + (self[name]?.elements.reduce(0.0) { $0 + Double($1) * Double($1) } ?? 0)
    }
    let norm = squares.squareRoot()
    let factor = limit / (norm + 1e-6)
    guard factor < 1 else { return norm }
    let scale = try Tensor(Float(factor))
    self = try mapValues { try $0 * scale }
    return norm
  }
}
