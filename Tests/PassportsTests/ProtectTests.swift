import Files
import Foundation
import Networks
import Passports
import Tensors
import Testing

/// protect, release, attach; and what a passport is to a layer.
struct ProtectTests {
  private let plain: Network
  private let batch: Tensor

  init() throws {
    plain = try AlexNet.make(classes: 10, widths: [16, 16, 16, 16, 16], seed: 1)
    batch = try random([2, 3, 32, 32], "batch")
  }

  private func logits(_ network: Network, _ branch: Branch = .free) throws -> [Float] {
    let pass = ForwardPass(branch: branch, parameters: network.parameters, buffers: network.buffers)
    return try network.forward(batch, pass).elements
  }

  @Test func blocksOfTheFullNetwork() throws {
    let full = try AlexNet.make(classes: 10, seed: 1)
    #expect(try full.protecting(.all, seed: 1).parameterCount == full.parameterCount + 159_744)
  }

  @Test func blocksOfTheResidualNetwork() throws {
    let full = try ResNet18.make(classes: 10, seed: 1)
    let protected = try full.protecting(.all, seed: 1)
    #expect(protected.parameterCount == full.parameterCount + 870_400)
    #expect(protected.passportNodes.count == 20)
    #expect(protected.passportNodes.reduce(0) { $0 + $1.shape[0] } == 4800)
  }

  @Test func blocksOfThePointNetwork() throws {
    let full = try PointNet.make(classes: 40, seed: 1)
    let protected = try full.protecting(.all, seed: 1)
    #expect(protected.passportNodes.map(\.path) == ["convp1", "convp2", "convp3", "p1", "p2", "p3"])
    #expect(protected.passportNodes.reduce(0) { $0 + $1.shape[0] } == 2024)
    // The FC blocks, and a scale and a shift for the passport-aware branch of each normalisation of the two T-Nets.
    let transforms = 2 * 2 * (64 + 128 + 1024 + 512 + 256)
    #expect(protected.parameterCount == full.parameterCount + 699_168 + transforms)
  }

  @Test(arguments: [false, true])
  func aPointNetworkComesBackExactly(sharesStatistics: Bool) throws {
    let plain = try PointNet.make(classes: 10, points: 16, widths: [16, 16, 32, 16, 16], seed: 1)
    var protected = try plain.protecting(.all, seed: 2, form: PassportForm(sharesStatistics: sharesStatistics))
    let clouds = try random([4, 3, 16], "clouds")
    let passports = try Passport(text: "Ab", seed: 3).issue(for: protected)
    let branch = Branch.aware(try passports.patches(in: protected))
    // The branches drift apart, each with statistics, scales and shifts of its own.
    for branch in [Branch.free, branch, branch] {
      let pass = ForwardPass(
        branch: branch, isTraining: true, parameters: protected.parameters, buffers: protected.buffers)
      _ = try protected.forward(clouds, pass)
      protected.buffers = pass.buffers
    }
    for name in protected.parameterNames where name.hasPrefix("stn") && name.contains("bn1") {
      protected.parameters[name] = try random(try #require(protected.parameters[name]).shape, name)
    }
    func logits(_ network: Network, _ branch: Branch = .free) throws -> [Float] {
      let pass = ForwardPass(branch: branch, parameters: network.parameters, buffers: network.buffers)
      return try network.forward(clouds, pass).elements
    }
    let released = try protected.released()
    #expect(try released.architectureText() == plain.architectureText())
    #expect(Set(released.parameters.keys) == Set(plain.parameters.keys))
    #expect(Set(released.buffers.keys) == Set(plain.buffers.keys))
    #expect(try logits(released) == logits(protected))

    let claim = try Claim(of: protected, passports: passports, triggerHash: nil)
    #expect(claim.branches.count == 10)
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("claim-\(sharesStatistics).safetensors")
    defer { try? FileManager.default.removeItem(at: file) }
    try claim.save(to: file.path)
    let attached = try released.attaching(Claim(Safetensors.File(path: file.path)))
    #expect(try attached.architectureText() == protected.architectureText())
    #expect(try logits(attached, branch) == logits(protected, branch))
    #expect(try logits(attached, branch) != logits(attached))
  }

  @Test func aNumberOfSeveralLayers() throws {
    let network = try ResNet18.make(classes: 10, widths: [16, 16, 16, 16], seed: 1)
    #expect(throws: NetworkError(
      "layers: 8 have the number 2, among them layer1.0.convbn_2 and layer1.1.convbn_2",
      help: "name them: protect(net, layers: [\"layer1.0.convbn_2\"])")
    ) { _ = try network.protecting(.numbered([2]), seed: 1) }
    #expect(try network.protecting(.named(["layer1.0", "convbnrelu_1"]), seed: 1).passportNodes.map(\.path) == [
      "convbnrelu_1", "layer1.0.convbnrelu_1", "layer1.0.convbn_2",
    ])
  }

  @Test func narrowLayersAreLeftOut() throws {
    let network = try ResNet18.make(classes: 10, widths: [4, 8, 8, 8], seed: 1)
    #expect(try network.protecting(.all, seed: 1).passportNodes.first?.path == "layer2.0.convbnrelu_1")
    #expect(throws: NetworkError(
      "norm: a passport needs at least 8 channels, and this layer has 4",
      help: "give the layer before it more channels, or leave the passport out")
    ) { _ = try network.protecting(.named(["convbnrelu_1"]), seed: 1) }
  }

  @Test func releaseLeavesNoTrace() throws {
    let protected = try plain.protecting(.all, seed: 2)
    let released = try protected.released()
    #expect(try logits(plain) == logits(protected) && logits(plain) == logits(released))
    #expect(Set(released.parameters.keys) == Set(plain.parameters.keys))
    #expect(Set(released.buffers.keys) == Set(plain.buffers.keys))
    #expect(try released.architectureText() == plain.architectureText())
  }

  @Test func attachPutsTheBranchBackExactly() throws {
    let protected = try plain.protecting(.numbered([4, 6]), seed: 2)
    let passports = try Passport(text: "Ab", seed: 3).issue(for: protected)
    let claim = try Claim(of: protected, passports: passports, triggerHash: nil)
    let attached = try protected.released().attaching(claim)
    let branch = Branch.aware(try passports.patches(in: protected))
    #expect(try logits(attached, branch) == logits(protected, branch))
    #expect(try logits(attached, branch) != logits(attached))
    #expect(Set(attached.parameters.keys) == Set(protected.parameters.keys))
  }

  /// A claim brings its own branch; one that would change the suspect's own tensors is refused.
  @Test func aClaimOnTheFreeBranchIsNone() throws {
    let protected = try plain.protecting(.numbered([4]), seed: 2)
    var claim = try Claim(of: protected, passports: Passport(seed: 3).issue(for: protected), triggerHash: nil)
    claim.layers[0].block["scale"] = try Tensor(repeating: 0, shape: [16])
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("forged.safetensors")
    defer { try? FileManager.default.removeItem(at: file) }
    try claim.save(to: file.path)
    #expect(throws: NetworkError(
      "the claim holds tensors of the passport-free branch", help: "it was not written by save(...)")
    ) { _ = try Claim(Safetensors.File(path: file.path)) }
  }

  @Test func unknownLayers() {
    #expect(throws: NetworkError(
      "layers: there is none with the number 7 that can carry a passport",
      help: "the layers are features.0, features.2, features.4, features.5, features.6")
    ) { _ = try plain.protecting(.numbered([7]), seed: 1) }
  }

  @Test(arguments: [1, 2, 3], [0, 1, 2])
  func meanPatchIsConvolutionAndMean(stride: Int, padding: Int) throws {
    for (kernel, height, width) in [(1, 5, 5), (3, 6, 5), (5, 7, 9)] where padding <= kernel / 2 {
      let layer = ConvolutionLayer(channels: 4, kernel: kernel, stride: stride, padding: padding)
      let passport = try random([1, 3, height, width], "passport")
      let weight = try random([4, 3, kernel, kernel], "weight")
      let direct = try passport.convolution(weight: weight, stride: stride, padding: padding)
        .reshaped(to: [4, -1]).mean(axis: 1)
      let patch = try layer.meanPatch(of: passport)
      let reading = try PassportNormalizationLayer.reading(
        weight: weight, bias: nil, LayerPassport(scalePatch: patch, shiftPatch: patch))
      for (found, expected) in zip(reading.scale.elements, direct.elements) { #expect(abs(found - expected) < 1e-5) }
    }
  }
}

func random(_ shape: Shape, _ name: String) throws -> Tensor {
  var stream = RandomStream(seed: 1, name: name)
  return try Tensor((0..<shape.elementCount()).map { _ in stream.signedUniform() }, shape: shape)
}
