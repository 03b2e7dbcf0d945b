import Execution
import Networks
import Passports
import Tensors
import Training

/// Trains scales and shifts that no passport made, through an emulation block (`EmulationBlock`): the attack of Chen et
/// al. (CVPR 2023) on whoever knows the weights and has some of the data, but no passport.
///
/// In every attacked layer γ starts at 1 and β at 0; the layer scales by γ'' = block(γ) and shifts by β. The
/// cross-entropy trains γ, β and the blocks; nothing else of the suspect moves. While it trains, an attacked batch
/// normalisation takes the batch's moments and keeps running ones of its own, as in any training; what these differ by
/// from the suspect's is a factor above 0 and a summand for each channel: `network` writes them into scale and shift.
public struct EmulationTraining {
  public let settings: ForgerySettings
  public let block: EmulationBlock
  /// The attacked layers' normalisations, in order of computation.
  public let layers: [String]
  private let suspect: Network
  /// By full name: `<layer>.scale`, `.shift`, and those of the block.
  var variables: [String: Tensor]
  /// Running statistics; those of the attacked layers move.
  private(set) var buffers: [String: Tensor]
  private var optimizer: Optimizer
  private let executor: Executor
  private var steps = 0

  /// - Parameter layers: which normalisations are attacked; those that could carry passports.
  /// - Throws: `NetworkError` where settings are out of range and for layers that are not there.
  public init(
    _ suspect: Network, layers selection: LayerSelection = .all, block: EmulationBlock, settings: ForgerySettings
  ) throws {
    try settings.check()
    let released = try suspect.released()
    let nodes = try released.protecting(selection, seed: 0).passportNodes
    self.settings = settings
    self.block = block
    self.suspect = released
    layers = nodes.map(\.path)
    variables = [:]
    for node in nodes {
      let channels = node.shape[0]
      variables[node.path + ".scale"] = try Tensor(repeating: 1, shape: [channels])
      variables[node.path + ".shift"] = try Tensor(repeating: 0, shape: [channels])
      for (name, tensor) in try block.variables(channels: channels, path: node.path, seed: settings.seed) {
        variables["\(node.path).\(name)"] = tensor
      }
    }
    buffers = released.buffers
    optimizer = Optimizer(settings.optimizer)
    executor = Executor(released, isExact: settings.isExact)
  }

  /// How many numbers are trained.
  public var variableCount: Int { variables.values.reduce(0) { $0 + $1.count } }

  /// What a step found before it changed anything.
  struct Outcome {
    var loss: Float
    var correct: Int
    /// Shortened, by variable.
    var gradients: [String: Tensor]
  }

  /// One forward, one backward, one update; an interrupted step leaves no trace.
  mutating func step(_ batch: Objective.Batch, poll: @escaping () throws -> Void = {}) throws -> Outcome {
    let tracked = variables.mapValues(\.tracked)
    let pass = ForwardPass(
      isTraining: true, parameters: try suspect.parameters.merging(affines(tracked)) { $1 }, buffers: buffers,
      randomness: RandomStream(seed: settings.seed, name: "forge/dropout").substream(steps), poll: poll)
    let logits = try executor.outputs(batch.samples, [pass])[0]
    let loss = try logits.crossEntropy(labels: batch.labels)
    let gradients = try settings.gradients(of: loss, by: tracked, step: steps).gradients
    let correct = try zip(logits.detached.predictedClasses(), batch.labels).count { $0 == $1 }
    try optimizer.apply(gradients, to: &variables)
    // Other normalisations keep the suspect's statistics.
    for name in layers.flatMap(Self.statistics) { buffers[name] = pass.buffers[name] }
    steps += 1
    return Outcome(loss: try loss.scalar(), correct: correct, gradients: gradients)
  }

  /// Trains for all epochs.
  public mutating func run(
    on samples: any Samples, poll: @escaping () throws -> Void = {},
    observe: (ForgeryProgress) throws -> Void = { _ in }
  ) throws {
    let settings = settings
    try settings.run(
      on: samples, shape: suspect.inputShape, firstStep: steps,
      step: { batch in
        let outcome = try step(batch, poll: poll)
        return (Double(outcome.loss), outcome.correct)
      }, observe: observe)
  }

  /// The suspect with the scales γ'' and shifts β that were trained; all else of it is as it was, to the bit.
  public func network() throws -> Network {
    var network = suspect
    let affines = try affines(variables)
    for path in layers {
      guard var scale = affines[path + ".bn.weight"], var shift = affines[path + ".bn.bias"] else { continue }
      let (mean, variance) = (path + ".bn.running_mean", path + ".bn.running_var")
      if let ownMean = suspect.buffers[mean], let ownVariance = suspect.buffers[variance],
        let movedMean = buffers[mean], let movedVariance = buffers[variance]
      {
        // γ (x - m) / √(v + ε) + β with the moved m and v, in terms of the suspect's.
        let epsilon = try Tensor(NormalizationLayer.epsilon)
        let deviation = try (movedVariance + epsilon).squareRoot()
        shift = try shift + scale * (ownMean - movedMean) / deviation
        scale = try scale * (ownVariance + epsilon).squareRoot() / deviation
      }
      try network.replace(path + ".bn.weight", by: scale)
      try network.replace(path + ".bn.bias", by: shift)
    }
    return network
  }

  /// Scales and shifts of the attacked layers, under the names that they have in a released network.
  func affines(_ variables: [String: Tensor]) throws -> [String: Tensor] {
    func find(_ name: String) throws -> Tensor {
      guard let tensor = variables[name] else { throw NetworkError("forge: there is nothing named \(name) to train") }
      return tensor
    }
    var affines: [String: Tensor] = [:]
    for path in layers {
      affines[path + ".bn.weight"] = try block.emulate(find(path + ".scale")) { try find("\(path).\($0)") }
      affines[path + ".bn.bias"] = try find(path + ".shift")
    }
    return affines
  }

  private static func statistics(of path: String) -> [String] {
    [path + ".bn.running_mean", path + ".bn.running_var"]
  }
}

extension ForgeryMeasurement.BitCount {
  /// How many bits of a claim's signature the signs of a network's scales show: γ'' where it was emulated, and then
  /// 1 minus the share is what Chen et al. call bit dissimilarity. Layers that the network does not have show none.
  public init(of claim: Claim, inScalesOf network: Network) throws {
    let matches = claim.passports.reduce(0) { sum, passport in
      sum + (network.parameters[passport.path + ".bn.weight"].map(passport.signature.matches) ?? 0)
    }
    try self.init(matches: matches, bits: claim.passports.reduce(0) { $0 + $1.signature.signs.count })
  }
}
