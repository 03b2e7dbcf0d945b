import Networks
import Tensors
import Testing

struct AlexNetTests {
  @Test func parametersOfThePaper() throws {
    let network = try AlexNet.make(classes: 10, seed: 1)
    #expect(network.parameterCount == 2_493_386)
    #expect(network.outputShape == [10])
    #expect(
      network.parameterNames.prefix(3) == ["features.0.conv.weight", "features.0.bn.weight", "features.0.bn.bias"])
    #expect(network.parameterNames.suffix(2) == ["classifier.weight", "classifier.bias"])
    #expect(network.bufferNames.prefix(2) == ["features.0.bn.running_mean", "features.0.bn.running_var"])
    #expect(Set(network.parameterNames) == Set(network.parameters.keys))
    #expect(Set(network.bufferNames) == Set(network.buffers.keys))
  }

  @Test func convolutionsStartByFanOutAndTheHeadByFanIn() throws {
    let network = try AlexNet.make(classes: 10, seed: 1)
    for (name, fanOut) in [("features.2.conv", 192 * 25), ("features.5.conv", 256 * 9)] {
      let weight = try #require(network.parameters[name + ".weight"])
      let deviation = try (weight * weight).mean().scalar().squareRoot()
      let expected = (2 / Float(fanOut)).squareRoot()
      #expect(abs(deviation / expected - 1) < 0.01)
      #expect(abs(try weight.mean().scalar()) < 0.01 * expected)
    }
    let head = try #require(network.parameters["classifier.weight"])
    let bound = 1 / Float(head.shape[1]).squareRoot()
    let largest = try head.absolute().maximum().scalar()
    #expect((0.99 * bound...bound).contains(largest))
  }

  @Test func twinsOfOneSeedStartAlike() throws {
    let widths = [16, 16, 16, 16, 16]
    let first = try AlexNet.make(classes: 10, widths: widths, seed: 1)
    let twin = try AlexNet.make(classes: 10, widths: widths, seed: 1)
    let other = try AlexNet.make(classes: 10, widths: widths, seed: 2)
    for name in first.parameterNames {
      #expect(first.parameters[name]?.elements == twin.parameters[name]?.elements)
    }
    #expect(
      first.parameters["features.0.conv.weight"]?.elements != other.parameters["features.0.conv.weight"]?.elements)
  }

  @Test func widthsThatDoNotFit() {
    #expect(throws: NetworkError("alexnet: 5 widths were expected, not 1")) {
      _ = try AlexNet.make(classes: 10, widths: [16], seed: 1)
    }
  }
}
