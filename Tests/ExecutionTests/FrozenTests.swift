import Kernels
import Networks
import Passports
import Tensors
import Testing

@testable import Execution

/// The way back of a network of which only some parameters are trained.
@Suite struct FrozenTests {
  private func network(_ name: String) throws -> Network {
    switch name {
    case "alexnet": try AlexNet.make(classes: 10, input: [3, 16, 16], widths: [16, 16, 16, 16, 16], seed: 1)
    case "resnet18": try ResNet18.make(classes: 10, input: [3, 16, 16], widths: [16, 16, 16, 16], seed: 1)
    default: try PointNet.make(classes: 10, points: 16, widths: [16, 16, 32, 16, 16], dropout: 0, seed: 1)
    }
  }

  private func gradients(_ network: Network, trained: Set<String>) throws -> [String: [Float]] {
    let parameters = Dictionary(
      uniqueKeysWithValues: network.parameters.map { ($0, trained.contains($0) ? $1.tracked : $1) })
    let passes = try network.testBranches().map {
      ForwardPass(branch: $0, isTraining: true, parameters: parameters, buffers: network.buffers)
    }
    let batch = try Tensor.random([6] + network.inputShape, seed: 3)
    let outputs = try Executor(network).outputs(batch, passes)
    var loss = try outputs.reduce(try Tensor(0)) { try $0 + $1.crossEntropy(labels: [0, 1, 2, 3, 4, 5]) }
    for pass in passes {
      for (_, penalty) in pass.penalties.sorted(by: { $0.key < $1.key }) { loss = try loss + penalty }
    }
    let names = network.parameterNames
    let found = try loss.reachedGradients(by: names.compactMap { parameters[$0] })
    return Dictionary(
      uniqueKeysWithValues: zip(names, found).compactMap { name, gradient in gradient.map { (name, $0.elements) } })
  }

  /// From the front, from the middle and from the head on, in both branches: the same bits, and nothing for the others.
  @Test(arguments: ["alexnet", "resnet18", "pointnet"], [false, true])
  func gradientsAreThoseOfTheWholeNetwork(name: String, isProtected: Bool) throws {
    let plain = try network(name)
    let network = try (isProtected ? plain.protecting(.all, seed: 2) : plain).enlivened()
    let names = network.parameterNames
    let all = try gradients(network, trained: Set(names))
    #expect(all.count == names.count)
    for start in [1, names.count / 2, names.count - 2] {
      let trained = Set(names[start...])
      let found = try gradients(network, trained: trained)
      #expect(Set(found.keys) == trained)
      for (name, gradient) in found { #expect(gradient == all[name], "\(name), from \(names[start])") }
    }
  }

  @Test func theWayBackEndsWhereNothingIsTrained() throws {
    let program = try #require(Fusion.program(of: network("alexnet")))
    func stepsBack(from first: Int) -> Int {
      var extent = Extent(samples: 4, branches: 1, isTraining: true, isDifferentiated: true)
      extent.firstTrained = first
      return Schedule(program, extent).steps.count { if case .backward = $0 { true } else { false } }
    }
    let count = program.operations.count
    #expect(stepsBack(from: 0) == count)
    #expect(stepsBack(from: count - 1) == 1)
    #expect(stepsBack(from: 3) == count - 3)
  }
}
