import Datasets
import Networks
import Passports
import Tensors

/// Which branches are trained, and when.
public enum BranchSchedule: Sendable, Equatable, Codable {
  /// Both in every step, as the released code does.
  case together
  /// One branch a step: the passport-aware one in this share of the steps, evenly spread (the paper's 50 % and 10 %).
  case alternate(ratio: Double)

  func choice(step: Int) -> BranchChoice {
    switch self {
    case .together: .both
    case .alternate(let ratio):
      (Double(step + 1) * ratio).rounded(.down) > (Double(step) * ratio).rounded(.down) ? .aware : .free
    }
  }
}

/// Everything that decides the course of a training, apart from the network and the data.
public struct TrainingPlan: Sendable {
  public var epochs: Int
  public var batchSize = 64
  /// None for a plain network, or to train the passport-free branch alone.
  public var passport: Passport?
  /// Instead of a passport: what Uchida's scheme embeds.
  public var watermark: Watermark?
  public var triggers: TriggerSet?
  /// Trigger samples appended to every batch; 2 in the released code.
  public var triggersPerBatch = 2
  public var branches = BranchSchedule.together
  public var objective = Objective()
  public var optimizer = OptimizerSettings.sgd(rate: 0.01, momentum: 0.9, decay: 5e-4)
  public var schedule = Schedule.constant
  /// Pictures are cropped after padding by 4, and flipped; clouds are changed as their samples say.
  public var augments = false
  /// Full names of the parameters that are trained; none for all. The others stay as they are, without gradients,
  /// weight decay or memory in the optimiser; running statistics move all the same.
  public var trained: Set<String>?
  public var validation: (any Samples)?
  /// Seconds after which training stops; none for no limit. The only clock in the tool.
  public var budget: Double?
  /// Where a checkpoint is written after each epoch and when training stops early.
  public var checkpoint: String?
  /// A checkpoint to continue from.
  public var resume: String?
  /// Layer by layer, on the reference path, instead of fused.
  public var isExact = false
  public var seed: UInt64

  public init(epochs: Int, seed: UInt64) {
    self.epochs = epochs
    self.seed = seed
  }

  /// Refuses names of parameters that a network does not have, and a training of none.
  func check(trained network: Network) throws {
    guard let trained else { return }
    guard !trained.isEmpty else { throw TrainingError("not one parameter is to be trained") }
    if let stranger = trained.subtracting(network.parameters.keys).min() {
      throw TrainingError(
        "the model has no parameter named \(stranger) to train", help: "parameters(net) shows their names")
    }
  }

  /// Refuses what cannot be trained with, before any time is spent.
  func check(samples: any Samples) throws {
    guard epochs >= 1 else { throw TrainingError("epochs is a whole number of at least 1, not \(epochs)") }
    guard batchSize >= 1 else { throw TrainingError("batch is a whole number of at least 1, not \(batchSize)") }
    guard samples.count > 0 else { throw TrainingError("there are no samples to train on") }
    guard optimizer.rate > 0, optimizer.rate.isFinite else {
      throw TrainingError("the learning rate is a number above 0, not \(optimizer.rate)")
    }
    if case .alternate(let ratio) = branches, !(0...1).contains(ratio) {
      throw TrainingError(
        "train: ratio is the share of passport-aware steps, from 0% to 100%, not \(ratio.asShare)", help: "ratio: 50%")
    }
    if let triggers {
      guard samples.softTargets == nil else {
        throw TrainingError("triggers have labels, and these samples are learned by probabilities")
      }
      guard triggersPerBatch >= 1 else { throw TrainingError("a batch takes at least one trigger") }
      let shape = triggers.samples.sampleShape
      guard shape == samples.sampleShape else {
        throw TrainingError(
          "triggers have shape \(shape), and the samples \(samples.sampleShape)",
          help: samples.sampleShape.count == 3
            ? "make them alike, for instance with fashion(size: 32, channels: 3)"
            : "make them alike, for instance with furniture(points: \(samples.sampleShape.last ?? 1))")
      }
    }
  }

  /// The batches of an epoch: every sample at most once, in an order of that epoch's own; an incomplete last batch is
  /// dropped (unless it is the only one), as the released code does.
  func batches(of count: Int, epoch: Int) -> [[Int]] {
    var stream = RandomStream(seed: seed, name: "train/order").substream(epoch)
    let order = stream.permutation(count)
    let size = min(batchSize, count)
    return (0..<batchesPerEpoch(of: count)).map { Array(order[$0 * size..<($0 + 1) * size]) }
  }

  /// How many batches an epoch of so many samples has, of which there is at least one.
  func batchesPerEpoch(of count: Int) -> Int { count / min(batchSize, count) }

  /// What augmentation does with each sample of a batch: fixed by epoch and sample, whatever the order.
  func draws(_ positions: [Int], epoch: Int) -> [AugmentationDraw]? {
    guard augments else { return nil }
    let stream = RandomStream(seed: seed, name: "train/augment").substream(epoch)
    return positions.map { position in
      var own = stream.substream(position)
      return AugmentationDraw(bits: own.nextWord())
    }
  }

  /// What augmentation does with each trigger of a step, where it does anything.
  func triggerDraws(_ positions: [Int], step: Int) -> [AugmentationDraw]? {
    guard augments, triggers?.areAugmented == true else { return nil }
    let stream = RandomStream(seed: seed, name: "train/triggers/augment").substream(step)
    return positions.indices.map { place in
      var own = stream.substream(place)
      return AugmentationDraw(bits: own.nextWord())
    }
  }

  /// The triggers of a step: all of them in turn, in an order that changes from round to round.
  func triggerPositions(of count: Int, step: Int) -> [Int] {
    var orders: [Int: [Int]] = [:]
    return (0..<triggersPerBatch).map { offset in
      let (round, place) = (step * triggersPerBatch + offset).quotientAndRemainder(dividingBy: count)
      if let order = orders[round] { return order[place] }
      var stream = RandomStream(seed: seed, name: "train/triggers").substream(round)
      let order = stream.permutation(count)
      orders[round] = order
      return order[place]
    }
  }
}

/// A mistake in how a training was asked for.
public struct TrainingError: ExplainedError, Equatable {
  public var message: String
  public var help: String?

  public init(_ message: String, help: String? = nil) {
    self.message = message
    self.help = help
  }
}
