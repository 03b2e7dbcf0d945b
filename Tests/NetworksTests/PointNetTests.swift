import Networks
import Tensors
import Testing

struct PointNetTests {
  private let narrow: Network

  init() throws {
    narrow = try PointNet.make(classes: 10, points: 32, widths: [16, 24, 64, 32, 16], seed: 1)
  }

  @Test func shapesOfThePaper() throws {
    let network = try PointNet.make(classes: 40, seed: 1)
    for (path, shape) in [
      ("stn.fc3", [9]), ("stn", [3, 1024]), ("convp1", [64, 1024]), ("fstn.fc3", [4096]), ("fstn", [64, 1024]),
      ("convp2", [128, 1024]), ("convp3", [1024, 1024]), ("pool", [1024]), ("p1", [512]), ("p2", [256]), ("p3", [40]),
    ] { #expect(network.node(at: path)?.shape == shape, "\(path)") }
    #expect(network.parameters["convp2.conv.weight"]?.shape == [128, 64, 1])
    #expect(network.parameters["stn.conv1.conv.bias"]?.shape == [64])
    #expect(network.parameters["convp1.conv.bias"] == nil)
    // The T-Net of the points, that of the features, and the rest with its 80 for p3's scale and shift.
    #expect(network.parameterCount == 803_081 + 1_857_344 + 809_912)
  }

  @Test func passportLayersStartByFanOutAndTheTransformsByFanIn() throws {
    let network = try PointNet.make(classes: 40, seed: 1)
    for (name, fanOut) in [("convp3.conv", 1024), ("p1.linear", 512)] {
      let weight = try #require(network.parameters[name + ".weight"])
      let deviation = try (weight * weight).mean().scalar().squareRoot()
      #expect(abs(deviation / (2 / Float(fanOut)).squareRoot() - 1) < 0.02, "\(name)")
    }
    for (name, fanIn) in [("fstn.conv3.conv", 128), ("stn.fc1.linear", 1024)] {
      let largest = try #require(network.parameters[name + ".weight"]).absolute().maximum().scalar()
      #expect((0.99...1).contains(largest * Float(fanIn).squareRoot()), "\(name)")
    }
  }

  @Test func theOrderOfPointsDoesNotMatter() throws {
    var stream = RandomStream(seed: 1, name: "cloud")
    let cloud = try Tensor((0..<2 * 3 * 32).map { _ in stream.signedUniform() }, shape: [2, 3, 32])
    let shuffled = try cloud.gathered(axis: 2, positions: stream.permutation(32))
    func logits(_ batch: Tensor) throws -> [Float] {
      let pass = ForwardPass(parameters: narrow.parameters, buffers: narrow.buffers)
      return try narrow.forward(batch, pass).elements
    }
    for (found, expected) in zip(try logits(shuffled), try logits(cloud)) { #expect(abs(found - expected) < 1e-4) }
  }

  @Test func layersThatOnlyMakeTransforms() {
    let makers = narrow.transformMakers
    #expect(makers.contains("stn.conv1") && makers.contains("fstn.fc3") && makers.contains("stn.pool"))
    #expect(makers.isDisjoint(with: ["stn", "convp1", "fstn", "convp3", "p3", "p2.dropout"]))
  }

  @Test func filesKeepTheArchitecture() throws {
    let text = try narrow.architectureText()
    let again = try Network(architectureText: text, layers: .standard)
    #expect(try again.architectureText() == text)
    #expect(again.parameterNames == narrow.parameterNames)
  }

  /// Files from before a dense layer could start otherwise.
  @Test func olderFilesStartDenseLayersUniformly() throws {
    let text = """
      {"format":"network/1","input":[4],"layers":[{"inputs":[-1],"kind":"dense",\
      "options":"{\\"hasBias\\":true,\\"width\\":2}","path":"dense1"}],"name":"m"}
      """
    let network = try Network(architectureText: text, layers: .standard)
    #expect((network.nodes.first?.layer as? DenseLayer)?.initialization == .uniformFanIn)
    #expect(try network.architectureText() == text)
  }
}

/// What a transform computes and costs.
struct TransformTests {
  /// T is the batch's second input: one cloud of two points, and M = [[1, 2], [0, 1]].
  private func transform(_ t: [Float], _ regularizer: TransformLayer.Regularizer?) throws -> (Tensor, Tensor?) {
    let cloud = try Stage.input([2, 2])
    let matrix = try cloud.appending(FlattenLayer()).appending(DenseLayer(width: 4), path: "t")
    var network = try cloud.appending(TransformLayer(regularizer: regularizer), others: [matrix], path: "x")
      .network(named: "transform", seed: 1)
    network.parameters["t.weight"] = try Tensor(repeating: 0, shape: [4, 4])
    network.parameters["t.bias"] = try Tensor(t, shape: [4]).tracked
    let pass = ForwardPass(parameters: network.parameters, buffers: network.buffers)
    let output = try network.forward(Tensor([1, 2, 3, 4], shape: [1, 2, 2]), pass)
    if let penalty = pass.penalties["x"], let bias = network.parameters["t.bias"] {
      #expect(try penalty.gradients(by: [bias])[0].isFinite)
    }
    return (output, pass.penalties["x"])
  }

  @Test func theMatrixMapsChannels() throws {
    // Mᵀ [[1, 2], [3, 4]]: the second channel gets twice the first.
    let (output, penalty) = try transform([0, 2, 0, 0], nil)
    #expect(output.elements == [1, 2, 5, 8])
    #expect(penalty == nil)
  }

  @Test func regularizers() throws {
    // M Mᵀ - I = [[4, 2], [2, 0]]; M (Mᵀ - I) = M [[0, 0], [2, 0]] = [[4, 0], [2, 0]].
    let orthogonal = try #require(transform([0, 2, 0, 0], .orthogonal).1).scalar()
    let released = try #require(transform([0, 2, 0, 0], .released).1).scalar()
    #expect(abs(orthogonal - Float(24).squareRoot()) < 1e-5)
    #expect(abs(released - Float(20).squareRoot()) < 1e-5)
    // The identity costs nothing, and has a derivative.
    #expect(try #require(transform([0, 0, 0, 0], .orthogonal).1).scalar() < 1e-6)
    #expect(try #require(transform([0, 0, 0, 0], .released).1).scalar() < 1e-6)
  }

  @Test func aMatrixThatDoesNotFit() {
    #expect(throws: NetworkError("transform: a matrix for 3 channels takes a vector of 9, not [4]")) {
      _ = try TransformLayer().outputShape(of: [[3, 8], [4]])
    }
  }
}
