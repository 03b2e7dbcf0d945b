import Networks
import Passports
import Tensors

/// Equation (6) of the paper:
///
///     L = L_task + λ₁ Σ_triggers L + λ₂ Σ_layers Σ_channels max(α₀ - b · w, 0)
///
/// L_task and the triggers' losses are cross-entropies of each branch that the step takes. The sign loss reads w before
/// the FC block, and the released code adds 1e-5 Σ w² to it (`lambdaReading`). L_task also holds what the
/// network's transforms cost, as PointNet's second one does.
public struct Objective: Sendable, Equatable, Codable {
  /// Weight of the triggers' mean loss; none mixes them into the mean over the batch, as the released code does.
  public var lambdaTrigger: Float?
  /// λ₂.
  public var lambdaSign: Float
  /// α₀: how far beyond zero a sign should stand.
  public var margin: Float
  /// Whether the shift's reading is signed too (the paper's sum over γ and β); the released code signs the scale only.
  public var signsShift: Bool
  /// Weight of a branch's penalties (`TransformLayer.Regularizer`) in its loss; 0.001 in the released code.
  public var lambdaTransform: Float

  /// Weight of Σ w², which λ₂ does not scale; 1e-5 in the released code.
  public var lambdaReading: Float

  static let usualReading: Float = 1e-5
  /// Uchida et al. 2017, section 3.3.
  static let lambdaWatermark: Float = 0.01

  public init(
    lambdaTrigger: Float? = nil, lambdaSign: Float = 0.1, margin: Float = 0.1, signsShift: Bool = false,
    lambdaTransform: Float = 0.001, lambdaReading: Float = 1e-5
  ) {
    self.lambdaTrigger = lambdaTrigger
    self.lambdaSign = lambdaSign
    self.margin = margin
    self.signsShift = signsShift
    self.lambdaTransform = lambdaTransform
    self.lambdaReading = lambdaReading
  }

  /// A batch: task samples first, then triggers.
  public struct Batch: Sendable {
    public var samples: Tensor
    public var labels: [Int32]
    /// How many of them, at the end, are triggers.
    public var triggers: Int
    /// What is learned instead of the labels, which then only count who is right; a batch of it has no triggers.
    public var softTargets: SoftTargets?

    public init(samples: Tensor, labels: [Int32], triggers: Int = 0, softTargets: SoftTargets? = nil) {
      self.samples = samples
      self.labels = labels
      self.triggers = triggers
      self.softTargets = softTargets
    }
  }

  /// The loss of one branch on a batch: with its triggers and penalties, and of task samples and triggers alone.
  public struct BranchLoss {
    public var total: Tensor
    public var task: Tensor
    public var trigger: Tensor?
    /// Task samples that this branch got right.
    public var correct: Int

    /// The figures alone, without the computation behind them.
    var detached: BranchLoss {
      BranchLoss(total: total.detached, task: task.detached, trigger: trigger?.detached, correct: correct)
    }
  }

  /// L_task + λ₁ Σ_triggers L of one branch, and its penalties (scalars by layer).
  public func branchLoss(
    logits: Tensor, penalties: [String: Tensor] = [:], _ batch: Batch
  ) throws -> BranchLoss {
    var loss = try classificationLoss(logits: logits, batch)
    // In a fixed order: sums of floating-point numbers depend on it.
    for (_, penalty) in penalties.sorted(by: { $0.key < $1.key }) {
      loss.total = try loss.total + penalty * Tensor(lambdaTransform)
    }
    return loss
  }

  private func classificationLoss(logits: Tensor, _ batch: Batch) throws -> BranchLoss {
    let tasks = batch.labels.count - batch.triggers
    let correct = try zip(logits.detached.predictedClasses(), batch.labels.prefix(tasks)).count { $0 == $1 }
    guard batch.triggers > 0 else {
      let loss = try batch.softTargets?.loss(logits: logits) ?? logits.crossEntropy(labels: batch.labels)
      return BranchLoss(total: loss, task: loss, trigger: nil, correct: correct)
    }
    let task = try logits.sliced(axis: 0, from: 0, count: tasks).crossEntropy(labels: Array(batch.labels.prefix(tasks)))
    let trigger = try logits.sliced(axis: 0, from: tasks, count: batch.triggers)
      .crossEntropy(labels: Array(batch.labels.suffix(batch.triggers)))
    let total = try lambdaTrigger.map { try task + trigger * Tensor($0) } ?? logits.crossEntropy(labels: batch.labels)
    return BranchLoss(total: total, task: task, trigger: trigger, correct: correct)
  }

  /// λ₂ Σ max(α₀ - b · w, 0) + 1e-5 Σ w² of one layer.
  public func signLoss(_ reading: PassportReading, _ signature: Signature) throws -> Tensor {
    let signs = try Tensor(signature.signs, shape: [signature.signs.count])
    func loss(_ w: Tensor) throws -> Tensor {
      let hinge = try (Tensor(margin) - signs * w).relu().sum()
      return try hinge * Tensor(lambdaSign) + (w * w).sum() * Tensor(lambdaReading)
    }
    return try signsShift ? loss(reading.scale) + loss(reading.shift) : loss(reading.scale)
  }

  /// Uchida's regulariser: λ Σ_bits cross-entropy of bit and σ(X w̄), written so that no exponential overflows.
  public func watermarkLoss(_ watermark: Watermark, weight: Tensor) throws -> Tensor {
    let signs = try Tensor(watermark.signature.signs, shape: [watermark.signature.signs.count])
    let agreement = try signs * watermark.reading(weight: weight)
    let rest = try (Tensor(1) + (Tensor(0) - agreement.absolute()).exponential()).logarithm()
    return try ((Tensor(0) - agreement).relu() + rest).sum() * Tensor(Self.lambdaWatermark)
  }

  /// The sign loss of all layers.
  public func signLoss(_ readings: [String: PassportReading], _ passports: [IssuedPassport]) throws -> Tensor {
    try passports.reduce(try Tensor(0)) { sum, passport in
      guard let reading = readings[passport.path] else { return sum }
      return try sum + signLoss(reading, passport.signature)
    }
  }
}

// What identifies a training names the weight of Σ w² only where it is not the usual one, as from before it was a choice.
extension Objective {
  private enum CodingKeys: String, CodingKey {
    case lambdaTrigger, lambdaSign, margin, signsShift, lambdaTransform, lambdaReading
  }

  public init(from decoder: any Decoder) throws {
    let weights = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      lambdaTrigger: try weights.decodeIfPresent(Float.self, forKey: .lambdaTrigger),
      lambdaSign: try weights.decode(Float.self, forKey: .lambdaSign),
      margin: try weights.decode(Float.self, forKey: .margin),
      signsShift: try weights.decode(Bool.self, forKey: .signsShift),
      lambdaTransform: try weights.decode(Float.self, forKey: .lambdaTransform),
      lambdaReading: try weights.decodeIfPresent(Float.self, forKey: .lambdaReading) ?? Self.usualReading)
  }

  public func encode(to encoder: any Encoder) throws {
    var weights = encoder.container(keyedBy: CodingKeys.self)
    try weights.encodeIfPresent(lambdaTrigger, forKey: .lambdaTrigger)
    try weights.encode(lambdaSign, forKey: .lambdaSign)
    try weights.encode(margin, forKey: .margin)
    try weights.encode(signsShift, forKey: .signsShift)
    try weights.encode(lambdaTransform, forKey: .lambdaTransform)
    if lambdaReading != Self.usualReading { try weights.encode(lambdaReading, forKey: .lambdaReading) }
  }
}
