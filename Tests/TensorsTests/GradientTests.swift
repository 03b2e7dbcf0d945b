import Tensors
import Testing

/// Every operation's derivative against central differences.
struct GradientTests {
  static let pairs: [(Shape, Shape)] = [
    ([], []), ([3], [3]), ([3], []), ([], [3]), ([2, 3], [3]), ([2, 1], [1, 3]), ([3, 1], [2, 1, 4]), ([1], [2, 2]),
  ]

  @Test(arguments: pairs)
  func arithmetic(left: Shape, right: Shape) throws {
    let operands = try [sample(left, seed: 3), sample(right, from: 0.6, to: 2.3)]
    try expectGradient(of: { try $0[0] + $0[1] }, at: operands)
    try expectGradient(of: { try $0[0] - $0[1] }, at: operands)
    try expectGradient(of: { try $0[0] * $0[1] }, at: operands)
    try expectGradient(of: { try $0[0] / $0[1] }, at: operands)
    try expectGradient(of: { try -$0[0] }, at: [operands[0]])
  }

  @Test(arguments: pairs)
  func powers(base: Shape, exponent: Shape) throws {
    let operands = try [sample(base, from: 0.5, to: 2), sample(exponent, from: -1.5, to: 2)]
    try expectGradient(of: { try Tensor.power($0[0], $0[1]) }, at: operands)
  }

  @Test(arguments: pairs)
  func extremesOfPairs(left: Shape, right: Shape) throws {
    // The left values lie on a grid that keeps 0.04 away from the right ones.
    let operands = try [sample(left, seed: 3), sample(right, from: -1.93, to: 1.81)]
    let differences = try (operands[0] - operands[1]).absolute().minimum().scalar()
    try #require(differences > 0.02)
    try expectGradient(of: { try Tensor.maximum($0[0], $0[1]) }, at: operands)
    try expectGradient(of: { try Tensor.minimum($0[0], $0[1]) }, at: operands)
  }

  @Test(arguments: [false, true], [false, true])
  func batchedProducts(left: Bool, right: Bool) throws {
    let operands = try [sample(left ? [2, 4, 3] : [2, 3, 4], seed: 3), sample(right ? [2, 5, 4] : [2, 4, 5])]
    try expectGradient(
      of: { try Tensor.batchedMatrixProduct($0[0], $0[1], transposingLeft: left, transposingRight: right) },
      at: operands)
  }

  @Test func functionsOfOneTensor() throws {
    let any = try sample([2, 5])
    let positive = try sample([2, 5], from: 0.4, to: 3)
    try expectGradient(of: { try $0[0].relu() }, at: [any])
    try expectGradient(of: { try $0[0].leakyRelu() }, at: [any])
    try expectGradient(of: { try $0[0].leakyRelu(slope: 0.3) }, at: [any])
    try expectGradient(of: { try $0[0].exponential() }, at: [any])
    try expectGradient(of: { try $0[0].logarithm() }, at: [positive])
    try expectGradient(of: { try $0[0].squareRoot() }, at: [positive])
    try expectGradient(of: { try $0[0].hyperbolicTangent() }, at: [any])
    try expectGradient(of: { try $0[0].logistic() }, at: [any])
    try expectGradient(of: { try $0[0].absolute() }, at: [any])
    try expectGradient(of: { try $0[0].sine() }, at: [any])
    try expectGradient(of: { try $0[0].cosine() }, at: [any])
  }

  @Test(arguments: [nil, 0, 1, 2, -1] as [Int?])
  func reductions(axis: Int?) throws {
    let x = try sample([2, 3, 4])
    try expectGradient(of: { try $0[0].sum(axis: axis) }, at: [x])
    try expectGradient(of: { try $0[0].mean(axis: axis) }, at: [x])
    try expectGradient(of: { try $0[0].sum(axis: axis, keepingAxis: axis != nil) }, at: [x])
    try expectGradient(of: { try $0[0].maximum(axis: axis) }, at: [x])
    try expectGradient(of: { try $0[0].minimum(axis: axis) }, at: [x])
  }

  @Test func arrangements() throws {
    let (x, y) = (try sample([2, 3, 2]), try sample([2, 1, 2], seed: 5))
    try expectGradient(of: { try $0[0].reshaped(to: [4, -1]) }, at: [x])
    try expectGradient(of: { try $0[0].transposed() }, at: [x])
    try expectGradient(of: { try $0[0].transposed([1, 0, 2]) }, at: [x])
    try expectGradient(of: { try Tensor.concatenated($0, axis: 1) }, at: [x, y, x])
    try expectGradient(of: { try $0[0].sliced(axis: 1, from: 1, count: 2) }, at: [x])
    try expectGradient(of: { try $0[0].gathered(axis: 1, positions: [2, 0, 2]) }, at: [x])
  }

  static let products: [(Shape, Shape)] = [([2, 3], [3, 4]), ([3], [3, 2]), ([2, 3], [3]), ([3], [3])]

  @Test(arguments: products)
  func matrixProducts(left: Shape, right: Shape) throws {
    try expectGradient(of: { try Tensor.matrixProduct($0[0], $0[1]) }, at: [sample(left), sample(right, seed: 4)])
  }

  @Test func denseLayer() throws {
    let inputs = try [sample([3, 4]), sample([2, 4], seed: 4), sample([2], seed: 5)]
    try expectGradient(of: { try $0[0].dense(weight: $0[1], bias: $0[2]) }, at: inputs)
    try expectGradient(of: { try $0[0].dense(weight: $0[1], bias: nil) }, at: Array(inputs[..<2]))
  }

  @Test(arguments: [1, 2], [0, 1, 2])
  func convolutions(stride: Int, padding: Int) throws {
    let inputs = try [sample([2, 4, 5, 4]), sample([2, 4, 3, 3], seed: 4), sample([2], seed: 5)]
    try expectGradient(
      of: { try $0[0].convolution(weight: $0[1], bias: $0[2], stride: stride, padding: padding) }, at: inputs,
      step: 5e-2)
    let grouped = try [inputs[0], sample([4, 2, 3, 2], seed: 6)]
    try expectGradient(
      of: { try $0[0].convolution(weight: $0[1], stride: stride, padding: padding, groups: 2) }, at: grouped,
      step: 5e-2)
  }

  @Test(arguments: [(2, 2, 0), (3, 2, 1), (2, 1, 1)])
  func pooling(kernel: Int, stride: Int, padding: Int) throws {
    let x = try sample([1, 2, 5, 4])
    try expectGradient(of: { try $0[0].maxPooled(kernel: kernel, stride: stride, padding: padding) }, at: [x])
    try expectGradient(of: { try $0[0].averagePooled(kernel: kernel, stride: stride, padding: padding) }, at: [x])
  }

  @Test(arguments: [[4, 4], [2, 4, 3], [2, 4, 2, 2]] as [Shape])
  func normalizations(shape: Shape) throws {
    let inputs = try [sample(shape), sample([4], from: 0.5, to: 1.5), sample([4], seed: 5)]
    let (mean, variance) = (try sample([4]), try sample([4], from: 0.5, to: 2))
    try expectGradient(
      of: { try $0[0].batchNormalized(scale: $0[1], shift: $0[2], epsilon: 1e-5).output }, at: inputs)
    try expectGradient(
      of: { try $0[0].normalized(mean: mean, variance: variance, scale: $0[1], shift: $0[2], epsilon: 1e-5) },
      at: inputs)
    for groups in [1, 2] {
      try expectGradient(
        of: { try $0[0].groupNormalized(groups: groups, scale: $0[1], shift: $0[2], epsilon: 1e-5) }, at: inputs)
    }
  }

  @Test func classification() throws {
    let logits = try sample([3, 4])
    try expectGradient(of: { try $0[0].softmax() }, at: [logits])
    try expectGradient(of: { try $0[0].crossEntropy(labels: [3, 0, 0]) }, at: [logits])
  }

  @Test func dropout() throws {
    let stream = RandomStream(seed: 7, name: "dropout")
    try expectGradient(of: { try $0[0].droppedOut(rate: 0.5, using: stream) }, at: [sample([3, 4])])
  }

  @Test func aVariableUsedTwiceAddsUpItsGradients() throws {
    try expectGradient(of: { try $0[0] * $0[0] + $0[0].sine() * $0[0] }, at: [sample([4])])
  }
}
