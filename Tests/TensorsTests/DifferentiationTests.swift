@testable import Tensors
import Testing

/// How derivatives are recorded, asked for and let go.
struct DifferentiationTests {
  @Test func whatDoesNotDependOnAVariableHasZeros() throws {
    let (x, y) = (try Tensor([1, 2], shape: [2]).tracked, try Tensor([3], shape: [1]).tracked)
    let gradients = try (x * x).sum().gradients(by: [x, y])
    #expect(gradients.map(\.elements) == [[2, 4], [0]])
    #expect(try (x * x).sum().reachedGradients(by: [y])[0] == nil)
  }

  @Test func onlyAScalarHasDerivatives() throws {
    let x = try Tensor([1, 2], shape: [2]).tracked
    expectMistake("grad: the function must give a single number, not a tensor of shape [2]") {
      _ = try (x * x).gradients(by: [x])
    }
  }

  @Test func nothingIsRecordedWithoutAVariable() throws {
    let x = try Tensor([1, 2], shape: [2])
    #expect(try !(x * x).relu().sum().isTracked)
    #expect(!x.tracked.detached.isTracked)
  }

  @Test func aTieSendsTheGradientToTheLeft() throws {
    let (x, y) = (try Tensor(1).tracked, try Tensor(1).tracked)
    #expect(try Tensor.maximum(x, y).gradients(by: [x, y]).map { try $0.scalar() } == [1, 0])
    #expect(try Tensor.minimum(x, y).gradients(by: [x, y]).map { try $0.scalar() } == [1, 0])
  }

  @Test func gradientsOfADiamondAreVisitedOnce() throws {
    // 2^60 paths lead from the end to the start.
    let x = try Tensor(1).tracked
    let y = try (0..<60).reduce(x) { value, _ in try value + value }
    #expect(try y.gradients(by: [x])[0].scalar() == 0x1p60)
  }

  @Test func aMillionLinksAreReleasedWithoutOverflow() throws {
    weak var first: Node?
    do {
      let x = try Tensor(1).tracked
      first = x.node
      var chain = x
      for _ in 0..<1_000_000 { chain = chain.recorded(from: [chain]) { [$0] } }
      #expect(try chain.gradients(by: [x])[0].scalar() == 1)
    }
    #expect(first == nil)
  }
}
