import Glibc
import Tensors
import Testing

/// Values against plain loops.
struct ValueTests {
  @Test func broadcasting() throws {
    let (left, right) = (try sample([3, 1]), try sample([2, 1, 4], from: 0.5, to: 2, seed: 2))
    var (sums, powers): ([Float], [Float]) = ([], [])
    for block in 0..<2 {
      for row in 0..<3 {
        for column in 0..<4 {
          let (a, b) = (left.elements[row], right.elements[block * 4 + column])
          sums.append(a + b)
          powers.append(pow(abs(a), b))
        }
      }
    }
    expectEqual(try left + right, sums, shape: [2, 3, 4])
    expectEqual(try Tensor.power(left.absolute(), right), powers, shape: [2, 3, 4])
  }

  @Test func functions() throws {
    let x = try sample([3, 8], from: -3, to: 3)
    func expect(_ result: Tensor, _ function: (Float) -> Float) {
      expectEqual(result, x.elements.map(function), shape: [3, 8])
    }
    expect(try x.relu()) { max($0, 0) }
    expect(try x.leakyRelu(slope: 0.2)) { $0 > 0 ? $0 : 0.2 * $0 }
    expect(try x.exponential()) { exp($0) }
    expect(try (x * x).logarithm()) { log($0 * $0) }
    expect(try (x * x).squareRoot()) { abs($0) }
    expect(try x.hyperbolicTangent()) { tanh($0) }
    expect(try x.logistic()) { 1 / (1 + exp(-$0)) }
    expect(try x.absolute()) { abs($0) }
    expect(try x.sine()) { sin($0) }
    expect(try x.cosine()) { cos($0) }
    expect(try x.sign()) { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }
    expect(try x.rounded()) { $0.rounded() }
    expect(try Tensor.compare(x, Tensor(1), .greaterEqual)) { $0 >= 1 ? 1 : 0 }
  }

  @Test func reductions() throws {
    let x = try sample([2, 3, 4])
    let numbers = x.elements
    var (sums, largest, positions): ([Float], [Float], [Float]) = ([], [], [])
    for block in 0..<2 {
      for column in 0..<4 {
        let run = (0..<3).map { numbers[(block * 3 + $0) * 4 + column] }
        let best = run.indices.max { run[$0] < run[$1] } ?? 0
        sums.append(run.reduce(0, +))
        largest.append(run[best])
        positions.append(Float(best))
      }
    }
    expectEqual(try x.sum(axis: 1), sums, shape: [2, 4])
    expectEqual(try x.mean(axis: -2, keepingAxis: true), sums.map { $0 / 3 }, shape: [2, 1, 4])
    expectEqual(try x.maximum(axis: 1), largest, shape: [2, 4])
    expectEqual(try x.argmax(axis: 1), positions, shape: [2, 4])
    expectEqual(try x.minimum(), [numbers.min() ?? 0], shape: [])
    expectEqual(try Tensor([2, 5, 5], shape: [3]).argmax(), [1], shape: [])
  }

  @Test func arrangements() throws {
    let x = try Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])
    expectEqual(try x.transposed(), [1, 4, 2, 5, 3, 6], shape: [3, 2])
    expectEqual(try x.gathered(axis: 1, positions: [2, 0]), [3, 1, 6, 4], shape: [2, 2])
    expectEqual(try x.sliced(axis: 0, from: 1, count: 1), [4, 5, 6], shape: [1, 3])
    expectEqual(
      try Tensor.concatenated([x, x.sliced(axis: 1, from: 0, count: 1)], axis: 1), [1, 2, 3, 1, 4, 5, 6, 4],
      shape: [2, 4])
    expectEqual(try x.reshaped(to: [-1, 2]), [1, 2, 3, 4, 5, 6], shape: [3, 2])
  }

  @Test func matrixProduct() throws {
    let (a, b) = (try sample([3, 5]), try sample([5, 2], seed: 2))
    let (left, right) = (a.elements, b.elements)
    var expected = [Float](repeating: 0, count: 6)
    for row in 0..<3 {
      for column in 0..<2 {
        for inner in 0..<5 { expected[row * 2 + column] += left[row * 5 + inner] * right[inner * 2 + column] }
      }
    }
    expectEqual(try Tensor.matrixProduct(a, b), expected, shape: [3, 2])
    let biased = expected.enumerated().map { index, value in value + Float(index % 2 + 1) }
    expectEqual(
      try a.dense(weight: b.transposed(), bias: Tensor([1, 2], shape: [2])), biased, shape: [3, 2])
  }

  @Test(arguments: [1, 2, 3], [0, 1])
  func convolution(stride: Int, padding: Int) throws {
    for groups in [1, 2] { try expectConvolution(stride: stride, padding: padding, groups: groups) }
  }

  private func expectConvolution(stride: Int, padding: Int, groups: Int) throws {
    let (image, weight) = (try sample([2, 4, 5, 6]), try sample([4, 4 / groups, 3, 2], seed: 2))
    let (x, w) = (image.elements, weight.elements)
    let (height, width) = ((2 + 2 * padding) / stride + 1, (4 + 2 * padding) / stride + 1)
    let inputs = 4 / groups
    var expected: [Float] = []
    for cell in 0..<(2 * 4 * height * width) {
      let (column, row) = (cell % width, cell / width % height)
      let (channel, batch) = (cell / (width * height) % 4, cell / (width * height * 4))
      var sum: Float = 0
      for tap in 0..<(inputs * 6) {
        let (input, a, b) = (tap / 6, tap / 2 % 3, tap % 2)
        let (y, z) = (row * stride + a - padding, column * stride + b - padding)
        guard (0..<5).contains(y), (0..<6).contains(z) else { continue }
        let source = channel / (4 / groups) * inputs + input
        sum += w[channel * inputs * 6 + tap] * x[((batch * 4 + source) * 5 + y) * 6 + z]
      }
      expected.append(sum)
    }
    let result = try image.convolution(weight: weight, stride: stride, padding: padding, groups: groups)
    expectEqual(result, expected, shape: [2, 4, height, width])
  }

  @Test func pooling() throws {
    let x = try Tensor((0..<16).map(Float.init), shape: [1, 1, 4, 4])
    expectEqual(try x.maxPooled(kernel: 2), [5, 7, 13, 15], shape: [1, 1, 2, 2])
    expectEqual(try x.averagePooled(kernel: 2), [2.5, 4.5, 10.5, 12.5], shape: [1, 1, 2, 2])
    // Padding counts as zeros.
    expectEqual(try x.averagePooled(kernel: 2, stride: 3, padding: 1), [0, 1.25, 5, 12.5], shape: [1, 1, 2, 2])
  }

  @Test func classification() throws {
    let logits = try Tensor([0, 1, 2, 1000, 0, 0], shape: [2, 3])
    let sum = 1 + exp(Float(1)) + exp(Float(2))
    expectEqual(
      try logits.softmax(), [1 / sum, exp(Float(1)) / sum, exp(Float(2)) / sum, 1, 0, 0], shape: [2, 3])
    expectEqual(try logits.crossEntropy(labels: [1, 0]), [(log(sum) - 1) / 2], shape: [])
    #expect(try logits.predictedClasses() == [2, 0])
  }

  @Test func dropoutKeepsTheMean() throws {
    let ones = try Tensor(repeating: 1, shape: [20_000])
    let dropped = try ones.droppedOut(rate: 0.25, using: RandomStream(seed: 1, name: "dropout"))
    #expect(Set(dropped.elements) == [0, 1 / (1 - 0.25)])
    #expect(abs(try dropped.mean().scalar() - 1) < 0.015)
  }

  @Test func mutationLeavesCopiesAlone() throws {
    var changed = try Tensor([1, 2], shape: [2])
    let kept = changed
    let before = changed.read { $0 }
    try changed.mutate { $0[0] = 9 }
    #expect(changed.elements == [9, 2] && kept.elements == [1, 2])
    #expect(kept.read { $0 } == before)
    let alone = changed.read { $0 }
    try changed.mutate { $0[1] = 8 }
    #expect(changed.read { $0 } == alone, "a tensor held once is written in place")
  }
}
