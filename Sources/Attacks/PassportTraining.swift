import Execution
import Networks
import Passports
import Tensors
import Training

/// Trains passports against a network whose weights stand still: the loop of the ambiguity attacks.
///
/// A step passes a batch through the passport-aware branch in training mode (its running statistics go on), and
/// differentiates by the passports alone, or by them and the FC blocks. The weights get no gradients. The last epoch
/// counts: nothing chooses a better one on samples that the forger is measured on.
public struct PassportTraining {
  public let settings: ForgerySettings
  private let objective: ForgeryObjective
  private let owner: [IssuedPassport]
  /// The forger's passports as they started, with his signature.
  private let start: [IssuedPassport]
  /// The suspect with the forger's branch around its weights; its running statistics move, and trained FC blocks.
  private(set) var network: Network
  /// What is trained: passports as `<layer>.scale_passport` and `<layer>.shift_passport`, FC blocks by their names.
  private var variables: [String: Tensor]
  private var optimizer: Optimizer
  private let executor: Executor
  private var steps = 0

  /// - Throws: `NetworkError` where settings are out of range or the claim does not fit the suspect; nothing has been
  ///   computed by then.
  public init(
    _ suspect: Network, owner claim: Claim, forgery: some PassportForgery, settings: ForgerySettings
  ) throws {
    try self.init(
      suspect, owner: claim, forged: claim.forged(by: forgery, seed: settings.seed), objective: forgery.objective,
      trainsBlocks: forgery.blocks == .trained, settings: settings)
  }

  /// From passports, signature and FC blocks that are there already.
  init(
    _ suspect: Network, owner claim: Claim, forged: Claim, objective: ForgeryObjective, trainsBlocks: Bool = false,
    settings: ForgerySettings
  ) throws {
    try settings.check()
    self.settings = settings
    self.objective = objective
    owner = claim.passports
    start = forged.passports
    network = try suspect.attaching(forged)
    variables = [:]
    for layer in forged.layers {
      let path = layer.passport.path
      variables[path + ".scale_passport"] = layer.passport.scale
      variables[path + ".shift_passport"] = layer.passport.shift
      guard trainsBlocks else { continue }
      for (name, tensor) in layer.block { variables[path + "." + name] = tensor }
    }
    optimizer = Optimizer(settings.optimizer)
    executor = Executor(network, isExact: settings.isExact)
  }

  /// The forged passports as they stand, with the forger's signature.
  public var passports: [IssuedPassport] { start.taking(variables) }

  /// What the forger can show: his passports and signature, FC blocks, and the statistics that his training left.
  public func claim() throws -> Claim { try Claim(of: network, passports: passports, triggerHash: nil) }

  /// What a step found before it changed the passports.
  public struct Outcome {
    /// The whole objective.
    public var loss: Float
    public var crossEntropy: Float
    /// Samples that the passport-aware branch got right.
    public var correct: Int
    /// Norm of all gradients together, before they are shortened.
    public var gradientNorm: Double
    /// Shortened, by variable.
    var gradients: [String: Tensor]
  }

  /// One forward, one backward, one update; an interrupted step leaves no trace.
  public mutating func step(_ batch: Objective.Batch, poll: @escaping () throws -> Void = {}) throws -> Outcome {
    let tracked = variables.mapValues(\.tracked)
    let forged = start.taking(tracked)
    let blocks = tracked.filter { network.parameters[$0.key] != nil }
    let pass = ForwardPass(
      branch: .aware(try forged.patches(in: network)), isTraining: true,
      parameters: network.parameters.merging(blocks) { $1 }, buffers: network.buffers,
      randomness: RandomStream(seed: settings.seed, name: "forge/dropout").substream(steps), poll: poll)
    let logits = try executor.outputs(batch.samples, [pass])[0]
    let crossEntropy = try logits.crossEntropy(labels: batch.labels)
    var loss = crossEntropy
    if objective.keepsDistance { loss = try loss + forged.nearness(to: owner) }
    if let sign = objective.sign { loss = try loss + sign.signLoss(pass.readings, forged) }
    let (gradients, norm) = try settings.gradients(of: loss, by: tracked, step: steps)
    let correct = try zip(logits.detached.predictedClasses(), batch.labels).count { $0 == $1 }
    try optimizer.apply(gradients, to: &variables)
    network.buffers = pass.buffers
    for name in blocks.keys { network.parameters[name] = variables[name] }
    steps += 1
    return Outcome(
      loss: try loss.scalar(), crossEntropy: try crossEntropy.scalar(), correct: correct, gradientNorm: norm,
      gradients: gradients)
  }

  /// Trains for all epochs.
  ///
  /// - Parameters:
  ///   - poll: called between layers; throws to stop.
  ///   - observe: called after each batch.
  ///   - endEpoch: called after each epoch, with its number from 1 and the training as it stands.
  public mutating func run(
    on samples: any Samples, poll: @escaping () throws -> Void = {},
    observe: (ForgeryProgress) throws -> Void = { _ in },
    endEpoch: (Int, PassportTraining) throws -> Void = { _, _ in }
  ) throws {
    let settings = settings
    try settings.run(
      on: samples, shape: network.inputShape, firstStep: steps,
      step: { batch in
        let outcome = try step(batch, poll: poll)
        return (Double(outcome.loss), outcome.correct)
      }, observe: observe, endEpoch: { try endEpoch($0, self) })
  }
}

extension [IssuedPassport] {
  /// The same layers and signatures with the passports of this name.
  fileprivate func taking(_ variables: [String: Tensor]) -> [IssuedPassport] {
    map { passport in
      var taken = passport
      taken.scale = variables[passport.path + ".scale_passport"] ?? passport.scale
      taken.shift = variables[passport.path + ".shift_passport"] ?? passport.shift
      return taken
    }
  }

  /// Σ 1/MSE to others of the same layers, over the passports of scale and shift.
  fileprivate func nearness(to others: [IssuedPassport]) throws -> Tensor {
    try zip(self, others).reduce(try Tensor(0)) { sum, pair in
      let (own, other) = pair
      return try [(own.scale, other.scale), (own.shift, other.shift)].reduce(sum) { sum, pair in
        let difference = try pair.0 - pair.1
        return try sum + Tensor(1) / (difference * difference).mean()
      }
    }
  }
}
