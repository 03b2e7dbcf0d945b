import Execution
import Files
import Foundation
import Networks
import Passports
import Tensors
import Testing
import Training

/// Passports on every kind of layer that can carry one, with every normalisation, on any subset of layers: from one
/// step of training to what an owner does with the result.
struct PassportPlacementTests {
  struct Placement: Sendable, CustomTestStringConvertible {
    var weighted: String
    var normalization: NormalizationKind
    var selection: LayerSelection
    var paths: [String]

    var testDescription: String { "\(weighted), \(normalization.rawValue), \(paths.joined(separator: " and "))" }

    /// Two such layers, of 16 and 32 channels, and a head for eight classes.
    func network() throws -> Network {
      let input: Shape = ["conv": [3, 6, 6], "conv1d": [3, 12], "dense": [10]][weighted] ?? []
      var stage = try Stage.input(input)
      for channels in [16, 32] {
        let layer: any Layer =
          switch weighted {
          case "conv": ConvolutionLayer(channels: channels, kernel: 3, stride: channels / 16)
          case "conv1d": Conv1dLayer(channels: channels)
          default: DenseLayer(width: channels)
          }
        stage = try stage.appending(layer).appending(NormalizationLayer(normalization)).appending(ReluLayer())
      }
      if stage.shape.count > 1 { stage = try stage.appending(GlobalPoolLayer(takesMaximum: false)) }
      return try stage.appending(DenseLayer(width: 8), path: "head").network(named: weighted, seed: 1)
    }
  }

  static let placements = ["conv", "conv1d", "dense"].flatMap { weighted in
    [NormalizationKind.batch, .group, .instance, .layer, .identity]
      .filter { weighted != "dense" || $0 != .instance }
      .flatMap { kind in
        [
          Placement(weighted: weighted, normalization: kind, selection: .all, paths: ["norm1", "norm2"]),
          Placement(weighted: weighted, normalization: kind, selection: .named(["norm2"]), paths: ["norm2"]),
          Placement(weighted: weighted, normalization: kind, selection: .numbered([1]), paths: ["norm1"]),
        ]
      }
  }

  @Test(arguments: placements)
  func fromTrainingToVerification(_ placement: Placement) throws {
    let plain = try placement.network()
    var network = try plain.protecting(placement.selection, seed: 2)
    #expect(network.passportNodes.map(\.path) == placement.paths)
    let passports = try Passport(text: "Ab", seed: 3).issue(for: network)
    let patches = try passports.patches(in: network)
    let batch = try random([6] + plain.inputShape, "batch")

    let step = TrainingStep(
      objective: Objective(), passports: passports, patches: patches,
      randomness: RandomStream(seed: 1, name: "step"), executor: Executor(network))
    #expect(step.executor.isFused)
    try expectSignatureSlope(network, passports, patches, batch)
    let untrained = network
    let outcome = try step.gradients(of: &network, .init(samples: batch, labels: [0, 1, 2, 3, 4, 5]), .both)
    // A bias before a batch normalisation has a gradient of zero, but it has one.
    #expect(Set(outcome.gradients.keys) == Set(network.parameterNames))
    let isFinite = outcome.gradients.values.allSatisfy { $0.isFinite }
    #expect(isFinite)
    var optimizer = Optimizer(.sgd(rate: 0.05, momentum: 0.9, decay: 0))
    try optimizer.apply(outcome.gradients, to: &network.parameters)
    for path in placement.paths {
      for name in ["scale", "bias", "fc.0.weight", "fc.2.weight"] {
        let name = path + "." + name
        #expect(network.parameters[name]?.elements != untrained.parameters[name]?.elements, "\(name) stands still")
      }
      let names = network.bufferNames.filter { $0.hasPrefix(path) }
      #expect(names.count == (placement.normalization == .batch ? 4 : 0))
      for name in names { #expect(network.buffers[name]?.elements != untrained.buffers[name]?.elements, "\(name)") }
    }
    try expectLife(of: network, plain: plain, passports, patches, batch)
  }

  /// The gradient of the sign loss by each layer's weights, along a random direction, against a central difference of
  /// equation (6) in double precision; the same whether layers are fused.
  private func expectSignatureSlope(
    _ network: Network, _ passports: [IssuedPassport], _ patches: [String: LayerPassport], _ batch: Tensor
  ) throws {
    let objective = Objective()
    for passport in passports {
      let name = passport.source + ".weight"
      let weight = try #require(network.parameters[name])
      let direction = try random(weight.shape, "direction")
      func loss(_ offset: Float) throws -> Double {
        var moved = network
        moved.parameters[name] = try weight + direction * Tensor(offset)
        let reading = try #require(moved.readings(passports)[passport.path]).scale.elements
        return zip(reading.map(Double.init), passport.signature.signs.map(Double.init)).reduce(0) { sum, channel in
          sum + 0.1 * max(0.1 - channel.0 * channel.1, 0) + 1e-5 * channel.0 * channel.0
        }
      }
      // No channel of these layers comes so near to the kink of the hinge.
      let stepSize: Float = 1e-4
      let slope = try (loss(stepSize) - loss(-stepSize)) / Double(2 * stepSize)
      for isExact in [true, false] {
        var parameters = network.parameters
        let tracked = weight.tracked
        parameters[name] = tracked
        let pass = ForwardPass(
          branch: .aware(patches), isTraining: true, parameters: parameters, buffers: network.buffers)
        _ = try Executor(network, isExact: isExact).outputs(batch, [pass])
        let reading = try #require(pass.readings[passport.path])
        let gradient = try objective.signLoss(reading, passport.signature).gradients(by: [tracked])[0]
        let predicted = Double(try (gradient * direction).sum().scalar())
        // Readings of about one in float32 are off by 6e-8, weighed by 0.1 over 2e-4.
        #expect(abs(slope - predicted) < 1e-3 + 0.01 * abs(predicted), "\(passport.path): \(predicted), \(slope)")
        #expect(abs(predicted) > 0.01, "\(passport.path)")
      }
    }
  }

  /// Release, attach, and files of both: no logit changes.
  private func expectLife(
    of network: Network, plain: Network, _ passports: [IssuedPassport], _ patches: [String: LayerPassport],
    _ batch: Tensor
  ) throws {
    func logits(_ network: Network, _ branch: Branch = .free) throws -> [Float] {
      try network.forward(
        batch, ForwardPass(branch: branch, parameters: network.parameters, buffers: network.buffers)).elements
    }
    let aware = Branch.aware(patches)
    let released = try network.released()
    #expect(try released.architectureText() == plain.architectureText())
    #expect(try logits(released) == logits(network))
    #expect(try logits(network, aware) != logits(network))

    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("placement-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = ["net", "claim"].map { folder.appendingPathComponent($0).path }
    try network.save(to: files[0])
    try Claim(of: network, passports: passports, triggerHash: nil).save(to: files[1])
    let read = try Network(Safetensors.File(path: files[0]), layers: .complete)
    #expect(try logits(read) == logits(network) && logits(read, aware) == logits(network, aware))
    let attached = try released.attaching(Claim(Safetensors.File(path: files[1])))
    #expect(try attached.architectureText() == network.architectureText())
    #expect(try logits(attached, aware) == logits(network, aware))
  }

  /// A passport belongs to all channels of a layer's input, of which an output of a convolution in groups sees a part.
  @Test func convolutionsInGroupsCarryNone() throws {
    let grouped = try Stage.input([16, 6, 6]).appending(ConvolutionLayer(channels: 32, kernel: 3, groups: 4))
    #expect(grouped.weightedPath == nil)
    let network = try grouped.appending(NormalizationLayer())
      .appending(ConvolutionLayer(channels: 16, kernel: 1)).appending(NormalizationLayer())
      .appending(GlobalPoolLayer(takesMaximum: false)).network(named: "groups", seed: 1)
    #expect(try network.protecting(.all, seed: 1).passportNodes.map(\.path) == ["norm2"])
    #expect(throws: NetworkError(
      "layers: there is none named 'norm1' that can carry a passport", help: "the layers are norm2")
    ) { _ = try network.protecting(.named(["norm1"]), seed: 1) }
  }

  /// Layer normalisation has one mean and one variance a sample, over all channels and positions.
  @Test(arguments: ["conv", "conv1d", "dense"])
  func layerNormalizationIsOverChannelsAndPositions(weighted: String) throws {
    let shape: Shape = ["conv": [8, 2, 3], "conv1d": [8, 5], "dense": [8]][weighted] ?? []
    var network = try Stage.input(shape).appending(NormalizationLayer(.layer), path: "norm")
      .network(named: "layer", seed: 1)
    let (scale, shift) = (try random([8], "scale"), try random([8], "shift"))
    (network.parameters["norm.bn.weight"], network.parameters["norm.bn.bias"]) = (scale, shift)
    let batch = try random([3] + shape, "batch")
    let size = try shape.elementCount()
    let rows = stride(from: 0, to: batch.count, by: size).map { Array(batch.elements[$0..<$0 + size]).map(Double.init) }
    let expected = rows.flatMap { row in
      let mean = row.reduce(0, +) / Double(size)
      let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(size)
      return row.enumerated().map { index, x in
        let channel = index / (size / 8)
        return Double(scale.elements[channel]) * (x - mean) / (variance + 1e-5).squareRoot()
          + Double(shift.elements[channel])
      }
    }
    for isExact in [true, false] {
      let pass = ForwardPass(isTraining: true, parameters: network.parameters, buffers: network.buffers)
      let found = try Executor(network, isExact: isExact).outputs(batch, [pass])[0].elements
      for (found, expected) in zip(found, expected) { #expect(abs(Double(found) - expected) < 1e-5) }
    }
  }

  @Test(arguments: [[16], [16, 1], [16, 1, 1]] as [Shape])
  func instanceNormalizationNeedsPositions(shape: Shape) throws {
    let error = #expect(throws: NetworkError.self) {
      _ = try Stage.input(shape).appending(NormalizationLayer(.instance))
    }
    #expect(error?.message.hasPrefix("norm: instance normalisation has nothing to average over") == true)
    #expect(error?.help == "use norm(kind: \"layer\"), norm(kind: \"group\") or norm(kind: \"batch\") there")
    #expect(throws: NetworkError.self) {
      _ = try PassportNormalizationLayer(.instance, source: "conv1").outputShape(of: [shape])
    }
  }
}
