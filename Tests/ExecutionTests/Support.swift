import Execution
import Networks
import Passports
import Tensors

/// What a network gives for a batch in its branches, and how a loss on that depends on the parameters.
struct Computed {
  var outputs: [Tensor] = []
  var buffers: [String: Tensor] = [:]
  var gradients: [String: Tensor] = [:]

  /// Both branches of a protected network, or the one of a plain network; the loss weighs the outputs by fixed numbers.
  init(
    _ network: Network, _ batch: Tensor, _ executor: Executor, branches: [Branch], isTraining: Bool = true,
    wantsGradients: Bool = true
  ) throws {
    let parameters = wantsGradients ? network.parameters.mapValues(\.tracked) : network.parameters
    let passes = branches.map {
      ForwardPass(
        branch: $0, isTraining: isTraining, parameters: parameters, buffers: network.buffers,
        randomness: RandomStream(seed: 3, name: "draws"))
    }
    outputs = try executor.outputs(batch, passes)
    buffers = passes[0].buffers
    guard wantsGradients else { return }
    var loss = try Tensor(0)
    for (index, output) in outputs.enumerated() {
      loss = try loss + (output * Tensor.random(output.shape, seed: 90 + UInt64(index))).sum()
    }
    let names = network.parameterNames
    let found = try loss.reachedGradients(by: names.compactMap { parameters[$0] })
    for (name, gradient) in zip(names, found) { gradients[name] = gradient }
  }
}

extension Network {
  /// Two set abstractions for clouds of 40 points, the second with the features of the first.
  static func setAbstraction() throws -> Network {
    let cloud = try Stage.input([3, 40])
    let centres = try cloud.appending(FarthestPointsLayer(count: 9))
    let features = try cloud.appending(NeighboursLayer(radius: 0.7, count: 6), others: [centres])
      .appending(ConvolutionLayer(channels: 18, kernel: 1)).appending(NormalizationLayer()).appending(ReluLayer())
      .appending(LocalMaximumLayer())
    let fewer = try centres.appending(FarthestPointsLayer(count: 4))
    return try centres.appending(NeighboursLayer(radius: 1.1, count: 5), others: [fewer, features])
      .appending(ConvolutionLayer(channels: 20, kernel: 1)).appending(NormalizationLayer()).appending(ReluLayer())
      .appending(LocalMaximumLayer()).appending(FlattenLayer()).appending(DenseLayer(width: 6))
      .network(named: "abstraction", seed: 3)
  }

  /// The two branches, with random passports; only one of a network without.
  func testBranches() throws -> [Branch] {
    guard carriesPassports else { return [.free] }
    let passports = try Passport(seed: 5).issue(for: self)
    return [.free, .aware(try passports.patches(in: self))]
  }

  /// With parameters that are all of ordinary size: a new FC block would make scales of a thousandth.
  func enlivened() throws -> Network {
    var network = self
    for (name, tensor) in parameters where name.contains("fc.") {
      network.parameters[name] = try tensor * Tensor(6)
    }
    for (name, tensor) in parameters where name.hasSuffix(".bias") || name.hasSuffix("scale") {
      network.parameters[name] = try tensor + Tensor.random(tensor.shape, seed: 11) * Tensor(0.3)
    }
    return network
  }
}

extension Tensor {
  /// Uniform in (-1, 1).
  static func random(_ shape: Shape, seed: UInt64) throws -> Tensor {
    var stream = RandomStream(seed: seed, name: "test")
    let count = try shape.elementCount()
    return try Tensor(shape: shape) { target in
      for index in 0..<count { target[index] = stream.signedUniform() }
    }
  }

  /// The largest absolute value.
  var largest: Float { elements.reduce(0) { max($0, abs($1)) } }

  /// The largest difference to another tensor.
  func distance(to other: Tensor) -> Float {
    guard shape == other.shape else { return .infinity }
    return zip(elements, other.elements).reduce(0) {
      let distance = abs($1.0 - $1.1)
      return distance.isNaN ? .infinity : max($0, distance)
    }
  }

  /// Every element multiplied by a number within `share` of one.
  func disturbed(by share: Float, seed: Int) throws -> Tensor {
    try self + self * Tensor.random(shape, seed: 1000 + UInt64(seed)) * Tensor(share)
  }
}

extension Network {
  func disturbed(by share: Float, seed: Int) throws -> Network {
    var network = self
    network.parameters = try parameters.mapValues { try $0.disturbed(by: share, seed: seed) }
    return network
  }
}

extension Computed {
  /// Everything, by name.
  var named: [String: Tensor] {
    var named = gradients.reduce(into: [:]) { $0["gradient of " + $1.key] = $1.value }
    for (index, output) in outputs.enumerated() { named["output of branch \(index)"] = output }
    return named.merging(buffers) { first, _ in first }
  }
}
