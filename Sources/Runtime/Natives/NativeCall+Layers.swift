import Networks
import Tensors

// What natives that append layers have in common.

extension NativeCall {
  /// `init:` of a layer with weights.
  func initialization(default start: Initialization) throws -> Initialization {
    let choices: [Initialization] = [.kaimingFanOut, .kaimingFanIn, .uniformFanIn]
    let name = try choice("init", of: choices.map(\.rawValue), default: start.rawValue)
    return Initialization(rawValue: name) ?? start
  }

  /// `kind:` of a network's normalisations.
  func normalizationKind() throws -> NormalizationKind {
    let kinds: [NormalizationKind] = [.batch, .group, .instance, .layer]
    return NormalizationKind(rawValue: try choice("kind", of: kinds.map(\.rawValue), default: "batch")) ?? .batch
  }

  /// Puts a layer behind the stage `x`, or runs it once on the tensor `x` with fresh weights and statistics.
  func append(_ layer: any Layer) throws -> Value { try append { try $0.appending(layer) } }

  /// Puts layers behind the stage `x`, or runs them once on the tensor `x` with fresh weights and statistics.
  func append(_ layers: (Stage) throws -> Stage) throws -> Value {
    if case .object(let object as StageObject) = value("x") {
      return .object(StageObject(try layers(object.stage)))
    }
    guard let x = try TensorObject.tensor(from: value("x")) else {
      throw mismatch("x", expected: "a stage or a tensor")
    }
    guard x.rank >= 2 else {
      throw fail(
        "a batch of samples was expected, not a tensor of shape \(x.shape)", argument: "x",
        help: "the first axis counts the samples")
    }
    let network = try layers(Stage.input(Shape(x.shape.dropFirst())))
      .network(named: native.name, seed: session.nextSeed(for: native.name))
    let pass = ForwardPass(
      isTraining: true, parameters: network.parameters, buffers: network.buffers,
      randomness: RandomStream(seed: session.nextSeed(for: native.name), name: native.name))
    return .object(TensorObject(try network.forward(x, pass)))
  }
}
