import Networks
import Tensors
import Testing

struct ResNet18Tests {
  @Test func parametersOfThePaper() throws {
    let network = try ResNet18.make(classes: 10, seed: 1)
    #expect(network.parameterCount == 11_173_962)
    #expect(network.outputShape == [10])
    #expect(network.nodes.count { $0.layer is ConvolutionLayer } == 20)
    for (path, shape) in [
      ("convbnrelu_1", [64, 32, 32]), ("layer1.1.convbn_2", [64, 32, 32]), ("layer2.0.shortcut", [128, 16, 16]),
      ("layer3.0.convbnrelu_1", [256, 8, 8]), ("layer4.1.convbn_2", [512, 4, 4]), ("pool", [512]),
    ] { #expect(network.node(at: path)?.shape == shape, "\(path)") }
    #expect(network.parameters["layer2.0.shortcut.conv.weight"]?.shape == [128, 64, 1, 1])
    #expect(network.parameters["linear.weight"]?.shape == [10, 512])
    #expect(network.node(at: "layer1.0.shortcut") == nil)
  }

  @Test func placementOfRelus() throws {
    let widths = [16, 16, 16, 16]
    let passport = try ResNet18.make(classes: 10, widths: widths, seed: 1)
    let plain = try ResNet18.make(classes: 10, widths: widths, relus: .plain, seed: 1)
    // One for the stem; two a block and one for the sum, or one and one; and one a shortcut of the last three stages.
    #expect(passport.nodes.count { $0.layer is ReluLayer } == 1 + 8 * 3 + 3)
    #expect(plain.nodes.count { $0.layer is ReluLayer } == 1 + 8 * 2)
    #expect(passport.parameterNames == plain.parameterNames)
  }

  /// What meets in a sum: the released plain network adds normalised values, its passport network rectified ones.
  @Test(arguments: [(ResNet18.ReluPlacement.plain, ""), (.passport, ".relu")])
  func whatIsAdded(relus: ResNet18.ReluPlacement, end: String) throws {
    let network = try ResNet18.make(classes: 10, widths: [16, 16, 24, 32], relus: relus, seed: 1)
    func inputs(of path: String) throws -> [String] {
      try #require(network.node(at: path)).inputs.map { network.nodes[$0].path }
    }
    #expect(try inputs(of: "layer1.0.add") == ["layer1.0.convbn_2" + end, "convbnrelu_1.relu"])
    #expect(try inputs(of: "layer1.1.add") == ["layer1.1.convbn_2" + end, "layer1.0.relu"])
    // Equal widths, but half the size.
    #expect(try inputs(of: "layer2.0.add") == ["layer2.0.convbn_2" + end, "layer2.0.shortcut" + end])
    #expect(try inputs(of: "layer4.0.add") == ["layer4.0.convbn_2" + end, "layer4.0.shortcut" + end])
    #expect(try inputs(of: "layer4.1.add") == ["layer4.1.convbn_2" + end, "layer4.0.relu"])
    #expect(try inputs(of: "pool") == ["layer4.1.relu"])
    let shortcut = try #require(network.node(at: "layer3.0.shortcut.conv")?.layer as? ConvolutionLayer)
    #expect(shortcut.kernel == 1 && shortcut.stride == 2 && shortcut.padding == 0)
  }

  @Test func widthsThatDoNotFit() {
    #expect(throws: NetworkError("resnet18: 4 widths were expected, not 2")) {
      _ = try ResNet18.make(classes: 10, widths: [16, 16], seed: 1)
    }
  }
}
