import Execution
import Networks
import Passports
import Tensors
import Testing

/// The attacks on a protected network train its passports: gradients must reach them through scales and shifts, while
/// the weights stand still.
@Suite struct PassportGradientTests {
  private func network() throws -> Network {
    try AlexNet.make(classes: 10, input: [3, 16, 16], widths: [16, 16, 32, 16, 16], seed: 1)
      .protecting(.all, seed: 2).enlivened()
  }

  /// The gradients of a loss on the passport-aware branch by each layer's passport for the scale.
  private func gradients(_ network: Network, isExact: Bool, shift: [String: Tensor] = [:]) throws -> (
    loss: Float, gradients: [String: Tensor]
  ) {
    let issued = try Passport(seed: 5).issue(for: network)
    var tracked: [String: Tensor] = [:]
    var patches: [String: LayerPassport] = [:]
    for passport in issued {
      guard let source = network.node(at: passport.source)?.layer as? any WeightedLayer else { continue }
      let moved = try shift[passport.path].map { try passport.scale + $0 } ?? passport.scale
      tracked[passport.path] = moved.tracked
      patches[passport.path] = LayerPassport(
        scalePatch: try source.meanPatch(of: tracked[passport.path] ?? moved),
        shiftPatch: try source.meanPatch(of: passport.shift))
    }
    let pass = ForwardPass(
      branch: .aware(patches), isTraining: true, parameters: network.parameters, buffers: network.buffers)
    let batch = try Tensor.random([6] + network.inputShape, seed: 3)
    let logits = try Executor(network, isExact: isExact).outputs(batch, [pass])[0]
    let loss = try logits.crossEntropy(labels: [0, 1, 2, 3, 4, 5])
    let paths = tracked.keys.sorted()
    let found = try loss.gradients(by: paths.compactMap { tracked[$0] })
    return (try loss.scalar(), Dictionary(uniqueKeysWithValues: zip(paths, found)))
  }

  @Test func theyReachThePassportsOfEveryLayer() throws {
    let network = try network()
    let exact = try gradients(network, isExact: true).gradients
    let fused = try gradients(network, isExact: false).gradients
    #expect(exact.count == 5)
    for (path, gradient) in exact {
      let found = try #require(fused[path])
      #expect(gradient.largest > 0)
      #expect(found.distance(to: gradient) < 2e-4 * gradient.largest, "\(path)")
    }
  }

  /// The derivative along a random direction against a central difference of the reference path.
  @Test func theyAreTheSlopeOfTheLoss() throws {
    let network = try network()
    let fused = try gradients(network, isExact: false).gradients
    for (path, gradient) in fused {
      let direction = try Tensor.random(gradient.shape, seed: 7)
      let step: Float = 3e-4
      func loss(_ sign: Float) throws -> Float {
        try gradients(network, isExact: true, shift: [path: direction * Tensor(sign * step)]).loss
      }
      let slope = try (loss(1) - loss(-1)) / (2 * step)
      let predicted = try (gradient * direction).sum().scalar()
      // Pools and ReLUs have kinks within the step: a few percent; float32 losses are off by about 5e-7, over 6e-4.
      #expect(abs(slope - predicted) < 0.05 * max(abs(slope), abs(predicted)) + 1e-3, "\(path): \(predicted), \(slope)")
    }
  }
}
