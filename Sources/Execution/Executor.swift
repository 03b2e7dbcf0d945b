import Kernels
import Networks
import Tensors

/// Sends batches through a network, several branches at once: fused and fast, or layer by layer and exact.
public struct Executor: Sendable {
  private let network: Network
  private let program: Program?
  /// For those who only predict: normalisations are folded into the weights before them.
  private let prediction: Program?
  private let level: KernelLevel

  /// - Parameters:
  ///   - network: its architecture; parameters come with each pass.
  ///   - isExact: computes layer by layer, with sums in float64 and convolutions as products of patches.
  ///   - level: which compilation of the fast kernels runs.
  public init(_ network: Network, isExact: Bool = false, level: KernelLevel = .preferred) {
    self.network = network
    self.level = level
    program = isExact ? nil : Fusion.program(of: network)
    prediction = isExact ? nil : Fusion.program(of: network, isPrediction: true)
  }

  /// Whether layers are fused; not where a layer has no fused form.
  public var isFused: Bool { program != nil }

  /// The fused operations, a line each; none where layers run one by one.
  public var summary: String? { program?.description }

  /// The network's output for a batch [samples, input shape...] in each branch, [samples, output shape...].
  ///
  /// The passes are of one mode and one set of parameters; the running statistics that they end with count every
  /// branch, in order. What comes out can be differentiated by the parameters, once.
  public func outputs(_ batch: Tensor, _ passes: [ForwardPass]) throws -> [Tensor] {
    guard let program, let prediction, canFuse(batch, passes) else { return try layerByLayer(batch, passes) }
    if passes.count == 1, !passes[0].isTraining, !passes[0].parameters.values.contains(where: \.isTracked) {
      return [try predict(batch, passes[0], prediction)]
    }
    let names = network.parameterNames.filter { passes[0].parameters[$0] != nil }
    let affines = try Affines(program, passes)
    let inputs = names.compactMap { passes[0].parameters[$0] } + affines.tensors
    let extent = Extent(
      samples: batch.shape[0], branches: passes.count, isTraining: passes[0].isTraining,
      isDifferentiated: inputs.contains(where: \.isTracked),
      firstTrained: program.firstTrained(by: passes[0].parameters, affines), level: level)
    let run = try Run(program, extent, passes: passes, affines: affines)
    run.load(batch)
    try run.forward()
    for pass in passes { pass.take(buffers: run.buffers) }
    let outputs = try run.outputs().differentiable(by: inputs) { gradient in
      try run.backward(from: gradient)
      return names.map { run.parameterGradients[$0] } + affines.slots.map { run.affineGradients[$0] }
    }
    return try run.distribute(outputs, shape: network.outputShape, to: passes)
  }

  /// The outputs of a trained network, in parts of the batch whose features stay in the caches.
  private func predict(_ batch: Tensor, _ pass: ForwardPass, _ program: Program) throws -> Tensor {
    let affines = try Affines(program, [pass])
    let count = batch.shape[0]
    let parts = program.parts(of: count)
    let outputs = try (0..<parts).map { part in
      let samples = part * count / parts..<(part + 1) * count / parts
      let extent = Extent(
        samples: samples.count, branches: 1, isTraining: false, isDifferentiated: false, level: level)
      let run = try Run(program, extent, passes: [pass], affines: affines)
      run.load(batch, from: samples.lowerBound)
      try run.forward()
      return try run.distribute(run.outputs(), shape: network.outputShape, to: [pass])[0]
    }
    return parts == 1 ? outputs[0] : try Tensor.concatenated(outputs, axis: 0)
  }

  private func canFuse(_ batch: Tensor, _ passes: [ForwardPass]) -> Bool {
    guard let first = passes.first, !batch.isTracked, batch.rank == network.inputShape.count + 1, batch.shape[0] > 0
    else { return false }
    return Shape(batch.shape.dropFirst()) == network.inputShape && passes.allSatisfy { $0.captures.isEmpty }
      && passes.allSatisfy { $0.isTraining == first.isTraining }
  }

  /// The reference: each layer's own `forward`, one branch after the other.
  private func layerByLayer(_ batch: Tensor, _ passes: [ForwardPass]) throws -> [Tensor] {
    var buffers = passes.first?.buffers ?? [:]
    let outputs = try passes.map { pass in
      pass.take(buffers: buffers)
      let output = try network.forward(batch, pass)
      buffers = pass.buffers
      return output
    }
    for pass in passes { pass.take(buffers: buffers) }
    return outputs
  }
}
