import Networks
import Tensors
import Testing

/// Which channels belong together in the networks of the zoo, and in what a script can compose.
@Suite struct ChannelStructureTests {
  private func structure(_ network: Network) throws -> (Network, ChannelStructure) {
    (network, try ChannelStructure(of: network))
  }

  private func segment(
    _ path: String, _ network: Network, _ structure: ChannelStructure
  ) throws -> ChannelStructure.Segment {
    let index = try #require(network.nodes.firstIndex { $0.path == path })
    return try #require(structure.outputs[index].first)
  }

  @Test func aResidualStreamIsOneOrder() throws {
    let (network, structure) = try structure(
      ResNet18.make(classes: 10, input: [3, 8, 8], widths: [16, 16, 32, 32], seed: 1))
    let stem = try segment("convbnrelu_1", network, structure)
    for path in ["layer1.0.convbn_2", "layer1.1.convbn_2", "layer1.1.relu"] {
      #expect(try segment(path, network, structure).order == stem.order)
    }
    #expect(try segment("layer1.0.convbnrelu_1", network, structure).order != stem.order)
    let second = try segment("layer2.0.shortcut", network, structure)
    #expect(try segment("layer2.1.convbn_2", network, structure).order == second.order && second.order != stem.order)
    // Rows of each convolution have a sign and a scale of their own, in front of their normalisation.
    let rows = try segment("layer1.0.convbn_2.conv", network, structure)
    #expect(rows.order == stem.order && rows.scale != stem.scale)
    #expect(structure.scales[rows.scale].mayFlip && structure.scales[rows.scale].mayScale)
    #expect(!structure.scales[stem.scale].mayFlip && structure.scales[stem.scale].mayScale)
    #expect(try structure.orders[segment("linear", network, structure).order].isPinned)
  }

  @Test func aTransformsMatricesFollowItsChannels() throws {
    let (network, structure) = try structure(
      PointNet.make(classes: 8, points: 16, widths: [16, 16, 32, 16, 16], seed: 1))
    let cloud = try segment("convp1", network, structure)
    #expect(try segment("fstn", network, structure).order == cloud.order)
    let matrix = try segment("fstn.fc3", network, structure)
    #expect(structure.orders[matrix.order].matrixOf?.order == cloud.order)
    #expect(!structure.orders[cloud.order].isPinned)
    // The first transform maps the points themselves.
    #expect(try structure.orders[segment("stn.fc3", network, structure).order].isPinned)
    #expect(try structure.orders[segment("stn", network, structure).order].isPinned)
  }

  @Test func groupsStayTogether() throws {
    for (kind, block, signs) in [
      (NormalizationKind.group, 16, 16), (.layer, 1, Int.max), (.instance, 1, 1), (.batch, 1, 1),
    ] {
      let (network, structure) = try structure(
        AlexNet.make(classes: 4, input: [1, 16, 16], normalization: kind, widths: [32, 32, 32, 32, 32], seed: 1))
      let rows = try segment("features.2.conv", network, structure)
      #expect(structure.orders[rows.order].blockSize == block)
      #expect(structure.scales[rows.scale].signBlock == signs)
      #expect(structure.scales[rows.scale].mayScale == (kind == .batch))
      #expect(structure.scales[rows.scale].mayFlip)
    }
  }

  @Test func whatALayerMixesIsPinned() throws {
    let network = try Stage.input([4, 8, 8])
      .appending(ConvolutionLayer(channels: 8, kernel: 3), path: "first")
      .appending(ConvolutionLayer(channels: 8, kernel: 3, groups: 4), path: "grouped")
      .appending(FlattenLayer()).appending(DenseLayer(width: 3), path: "head").network(named: "net", seed: 1)
    let structure = try ChannelStructure(of: network)
    for path in ["first", "grouped", "head"] {
      #expect(try structure.orders[segment(path, network, structure).order].isPinned)
    }
  }

  @Test func aSecondBranchIsRefused() throws {
    let network = try Stage.input([1, 8, 8])
      .appending(ConvolutionLayer(channels: 8, kernel: 3), path: "conv")
      .appending(BranchNormalizationLayer(), path: "norm").network(named: "net", seed: 1)
    let error = #expect(throws: NetworkError.self) { try ChannelStructure(of: network) }
    #expect(error?.message == "norm carries a passport branch")
  }
}
