import Tensors
import Testing

@testable import Networks

@Suite struct HeadTests {
  @Test func theHeadIsTheLastLayerWithWeights() throws {
    let alexnet = try AlexNet.make(classes: 10, widths: [16, 16, 16, 16, 16], seed: 1)
    #expect(alexnet.head?.path == "classifier")
    #expect(alexnet.headParameterNames == ["classifier.weight", "classifier.bias"])
    let pointnet = try PointNet.make(classes: 10, points: 16, widths: [16, 16, 32, 16, 16], seed: 1)
    #expect(pointnet.head?.path == "p3.linear")
    #expect(pointnet.headParameterNames == ["p3.linear.weight", "p3.linear.bias", "p3.bn.weight", "p3.bn.bias"])
    let none = try Stage.input([3]).appending(ReluLayer()).network(named: "none", seed: 1)
    #expect(none.head == nil)
    #expect(none.headParameterNames.isEmpty)
  }

  @Test func aNewHeadIsThatOfANewNetworkAndTheRestStays() throws {
    for plain in [
      try AlexNet.make(classes: 10, input: [3, 16, 16], widths: [16, 16, 16, 16, 16], seed: 1),
      try ResNet18.make(classes: 10, input: [3, 16, 16], widths: [8, 8, 8, 8], seed: 1),
      try PointNet.make(classes: 10, points: 16, widths: [16, 16, 32, 16, 16], seed: 1),
    ] {
      let names = plain.headParameterNames
      let restarted = try plain.restartingHead(seed: 9)
      let replaced = try plain.replacingHead(classes: 12, seed: 9)
      let fresh = try Network(name: plain.name, inputShape: plain.inputShape, nodes: plain.nodes, seed: 9)
      #expect(replaced.outputShape == [12])
      #expect(replaced.nodes.map(\.path) == plain.nodes.map(\.path).filter { $0 != "p3" })
      for (name, tensor) in plain.parameters {
        let expected = names.contains(name) ? fresh : plain
        #expect(restarted.parameters[name]?.elements == expected.parameters[name]?.elements)
        if !names.contains(name) { #expect(replaced.parameters[name]?.elements == tensor.elements) }
      }
      for (name, tensor) in plain.buffers { #expect(replaced.buffers[name]?.elements == tensor.elements) }
      let batch = try Tensor(repeating: 0.5, shape: [2] + plain.inputShape)
      let pass = ForwardPass(parameters: replaced.parameters, buffers: replaced.buffers)
      #expect(try replaced.forward(batch, pass).shape == [2, 12])
    }
  }
}
