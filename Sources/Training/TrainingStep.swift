import Execution
import Networks
import Passports
import Tensors

/// Which branches one step trains.
public enum BranchChoice: Sendable { case free, aware, both }

/// One step of training: forward through the chosen branches, one backward, one update.
///
/// Between `gradients` and the optimiser is the place where several machines would add up theirs.
public struct TrainingStep {
  public var objective: Objective
  public var passports: [IssuedPassport]
  public var patches: [String: LayerPassport]
  /// What Uchida's scheme embeds; none in the others.
  public var watermark: Watermark?
  /// Full names of the parameters to differentiate by; none for all.
  public var trained: Set<String>?
  public var randomness: RandomStream
  /// Sends the batch through the branches; made for the network's architecture.
  public var executor: Executor
  public var poll: () throws -> Void

  public init(
    objective: Objective, passports: [IssuedPassport], patches: [String: LayerPassport], watermark: Watermark? = nil,
    trained: Set<String>? = nil, randomness: RandomStream, executor: Executor, poll: @escaping () throws -> Void = {}
  ) {
    self.objective = objective
    self.passports = passports
    self.patches = patches
    self.watermark = watermark
    self.trained = trained
    self.randomness = randomness
    self.executor = executor
    self.poll = poll
  }

  /// What a step found: losses of the branches that it took, and how many task samples each got right.
  public struct Outcome {
    public var loss: Float
    public var free: Objective.BranchLoss?
    public var aware: Objective.BranchLoss?
    public var signLoss: Float?
    public var readings: [String: PassportReading] = [:]
    /// Gradients by parameter; a parameter that the loss does not depend on has none.
    public var gradients: [String: Tensor]
  }

  /// Passes a batch through the network in training mode, updates its running statistics, and differentiates the loss.
  public func gradients(of network: inout Network, _ batch: Objective.Batch, _ choice: BranchChoice) throws -> Outcome {
    let names = network.parameterNames
    var tracked = network.parameters
    for name in trained ?? Set(names) { tracked[name] = tracked[name]?.tracked }
    let branches: [Branch] =
      switch choice {
      case .free: [.free]
      case .aware: [.aware(patches)]
      case .both: [.free, .aware(patches)]
      }
    let passes = branches.map { pass($0, tracked, network.buffers) }
    let losses = try zip(executor.outputs(batch.samples, passes), passes).map { logits, pass in
      try objective.branchLoss(logits: logits, penalties: pass.penalties, batch)
    }
    network.buffers = passes[passes.count - 1].buffers
    let free = choice == .aware ? nil : losses[0]
    let aware = choice == .free ? nil : losses[losses.count - 1]
    let readings = passes[passes.count - 1].readings
    let sign = try signLoss(readings, tracked, choice)
    let parts = [free?.total, aware?.total, sign].compactMap { $0 }
    let loss = try parts.dropFirst().reduce(parts[0]) { try $0 + $1 }
    let found = try loss.reachedGradients(by: names.compactMap { tracked[$0] })
    let gradients = zip(names, found).compactMap { name, gradient in gradient.map { (name, $0) } }
    // Detached: the computation holds the parameters, and the optimiser writes in place what nobody else holds.
    return Outcome(
      loss: try loss.scalar(), free: free?.detached, aware: aware?.detached, signLoss: try sign?.scalar(),
      readings: readings.mapValues { PassportReading(scale: $0.scale.detached, shift: $0.shift.detached) },
      gradients: Dictionary(uniqueKeysWithValues: gradients))
  }

  /// What writes the signature: the sign loss of the passports' readings, or the watermark's.
  private func signLoss(
    _ readings: [String: PassportReading], _ parameters: [String: Tensor], _ choice: BranchChoice
  ) throws -> Tensor? {
    if let watermark, let weight = parameters[watermark.source + ".weight"] {
      return try objective.watermarkLoss(watermark, weight: weight)
    }
    return try choice == .free ? nil : objective.signLoss(readings, passports)
  }

  private func pass(_ branch: Branch, _ parameters: [String: Tensor], _ buffers: [String: Tensor]) -> ForwardPass {
    ForwardPass(
      branch: branch, isTraining: true, parameters: parameters, buffers: buffers, randomness: randomness, poll: poll)
  }
}
