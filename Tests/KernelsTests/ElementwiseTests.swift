import Glibc
import Testing

@testable import Kernels

private let special: [Float] = [
  0, -0.0, 1, -1, 0.5, .infinity, -.infinity, .leastNormalMagnitude / 8, 3.4e38, -87.4, 88.7, -103, 100, 2,
]

@Suite struct ElementwiseTests {
  private func exact(_ operation: UnaryOperation, _ x: Double) -> Double {
    switch operation {
    case .negate: -x
    case .absolute: abs(x)
    case .sign: x > 0 ? 1 : x < 0 ? -1 : 0
    case .relu: max(x, 0)
    case .squareRoot: x.squareRoot()
    case .exponential: exp(x)
    case .logarithm: log(x)
    case .hyperbolicTangent: tanh(x)
    case .sigmoid: 1 / (1 + exp(-x))
    }
  }

  @Test(arguments: UnaryOperation.allCases) func everyFunctionIsWithinTwoUnitsInTheLastPlace(_ f: UnaryOperation) {
    let x = special + (0..<20_001).map { (Float($0) - 10_000) * 0.01031 }
    let y = output(x.count) { Elementwise.unary(f, x.count, x, into: $0) }
    for (x, y) in zip(x, y) {
      let expected = exact(f, Double(x)), rounded = Float(expected)
      let agrees = rounded.isNaN ? y.isNaN : y == rounded || abs(Double(y) - expected) <= 2 * Double(rounded.ulp)
      #expect(agrees, "\(f)(\(x)) = \(y), not \(expected)")
    }
    #expect(output(1) { Elementwise.unary(f, 1, [.nan], into: $0) }[0].isNaN)
  }

  private func exact(_ operation: BinaryOperation, _ a: Float, _ b: Float) -> Float {
    switch operation {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    case .maximum: max(a, b)
    case .minimum: min(a, b)
    case .power: powf(a, b)
    case .equal: a == b ? 1 : 0
    case .notEqual: a != b ? 1 : 0
    case .less: a < b ? 1 : 0
    case .lessEqual: a <= b ? 1 : 0
    case .greater: a > b ? 1 : 0
    case .greaterEqual: a >= b ? 1 : 0
    }
  }

  @Test(arguments: BinaryOperation.allCases) func everyPairAndScalarMatchesItsDefinition(_ f: BinaryOperation) {
    let count = 70_001
    var a = samples(count, seed: 1).map { abs($0) + 0.1 }, b = samples(count, seed: 2)
    for index in 0..<100 { b[index] = a[index] }
    a[100] = 0
    let c = output(count) { Elementwise.binary(f, count, a, b, into: $0) }
    let right = output(count) { Elementwise.binary(f, count, a, 0.5, into: $0) }
    let left = output(count) { Elementwise.binary(f, count, 0.5, b, into: $0) }
    #expect((0..<count).allSatisfy { c[$0] == exact(f, a[$0], b[$0]) })
    #expect((0..<count).allSatisfy { right[$0] == exact(f, a[$0], 0.5) })
    #expect((0..<count).allSatisfy { left[$0] == exact(f, 0.5, b[$0]) })
  }

  @Test func extremaKeepANotANumber() {
    for f in [BinaryOperation.maximum, .minimum] {
      let c = output(2) { Elementwise.binary(f, 2, [.nan, 1], [1, .nan], into: $0) }
      #expect(c.allSatisfy { $0.isNaN })
    }
  }

  @Test func rectifiersPassGradientsWhereTheInputIsPositive() {
    let x: [Float] = [-2, 0, 3, -1], g: [Float] = [5, 6, 7, .infinity]
    #expect(output(4) { Elementwise.leakyRelu(4, slope: 0.5, x, into: $0) } == [-1, 0, 3, -0.5])
    #expect(output(4) { Elementwise.reluBackward(4, x, gradient: g, into: $0) } == [0, 0, 7, 0])
    #expect(
      output(4) { Elementwise.leakyReluBackward(4, slope: 0.5, x, gradient: g, into: $0) } == [2.5, 3, 7, .infinity])
  }

  @Test func sumsAndCopies() {
    var y: [Float] = [1, 2, 3]
    Elementwise.axpy(3, 2, [1, 0, -1], into: &y)
    #expect(y == [3, 2, 1])
    #expect(output(3) { Elementwise.affine(3, y, scale: 2, shift: 1, into: $0) } == [7, 5, 3])
    #expect(output(3) { Elementwise.fill(3, 4, into: $0) } == [4, 4, 4])
    #expect(output(3) { Elementwise.copy(3, y, into: $0) } == y)
  }
}
