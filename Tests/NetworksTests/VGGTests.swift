import Networks
import Tensors
import Testing

struct VGGTests {
  /// Parameters of `vgg11_bn` and `vgg16_bn` as torchvision states them: for 1,000 classes, with a bias a convolution
  /// and three dense layers (4096, 4096, 1000) on 7 x 7 positions.
  static let torchvision = [(VGG.Depth.eleven, 8, 132_868_840, 2752), (.sixteen, 13, 138_365_992, 4224)]

  @Test(arguments: torchvision)
  func parametersOfTheConfigurations(depth: VGG.Depth, convolutions: Int, total: Int, channels: Int) throws {
    let network = try VGG.make(depth, classes: 10, seed: 1)
    let denseLayers = (7 * 7 * 512 + 1) * 4096 + (4096 + 1) * 4096 + (4096 + 1) * 1000
    #expect(network.parameterCount == total - denseLayers - channels + (512 + 1) * 10)
    #expect(network.nodes.count { $0.layer is ConvolutionLayer } == convolutions)
    #expect(network.nodes.count { $0.layer is MaxPoolLayer } == 5)
    #expect(network.nodes.reduce(0) { $0 + ($1.layer is NormalizationLayer ? $1.shape[0] : 0) } == channels)
    #expect(network.outputShape == [10])
  }

  @Test func layersAreNamedAfterTheirPlace() throws {
    let network = try VGG.make(.eleven, classes: 10, widths: [16, 16, 16, 32, 16, 16, 16, 48], seed: 1)
    for (path, shape) in [
      ("features.0", [16, 32, 32]), ("features.1", [16, 16, 16]), ("features.5", [32, 8, 8]),
      ("features.11", [48, 2, 2]), ("features.12", [48, 1, 1]), ("flatten", [48]), ("classifier", [10]),
    ] { #expect(network.node(at: path)?.shape == shape, "\(path)") }
    #expect(network.parameters["features.5.conv.weight"]?.shape == [32, 16, 3, 3])
    #expect(network.name == "vgg11")
    let larger = try VGG.make(.eleven, classes: 10, input: [1, 64, 96], widths: [Int](repeating: 8, count: 8), seed: 1)
    #expect(larger.node(at: "flatten")?.shape == [8 * 2 * 3])
  }

  @Test func whatDoesNotFit() {
    #expect(throws: NetworkError("vgg16: 13 widths were expected, not 8")) {
      _ = try VGG.make(.sixteen, classes: 10, widths: [Int](repeating: 8, count: 8), seed: 1)
    }
    #expect(throws: NetworkError(
      "vgg11: an image of at least 32 x 32 was expected, not [1, 28, 28]",
      help: "it is halved 5 times; fashion(size: 32) gives larger pictures")
    ) { _ = try VGG.make(.eleven, classes: 10, input: [1, 28, 28], seed: 1) }
    for input: Shape in [[3, 1024], [], [3, 32, -5]] {
      #expect(throws: NetworkError.self) { _ = try VGG.make(.eleven, classes: 10, input: input, seed: 1) }
    }
  }
}
