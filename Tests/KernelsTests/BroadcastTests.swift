import Testing

@testable import Kernels

private let shapes = [[], [1], [5], [2, 3], [3, 1, 4], [2, 3, 4], [2, 1, 3, 2], [4, 40_000], [3, 0, 2], [1, 1, 70_001]]

/// The strides of a contiguous tensor of `shape` whose axes in `repeated` have length 1, seen at full size.
private func strides(_ shape: [Int], repeated: Int) -> (strides: [Int], count: Int) {
  var result = [Int](repeating: 0, count: shape.count), count = 1
  for axis in shape.indices.reversed() where repeated >> axis & 1 == 0 {
    result[axis] = count
    count *= shape[axis]
  }
  return (result, count)
}

/// The place that element `index` of `shape` has under `strides`.
private func place(_ index: Int, _ shape: [Int], _ strides: [Int]) -> Int {
  var rest = index, result = 0
  for axis in shape.indices.reversed() {
    result += rest % shape[axis] * strides[axis]
    rest /= shape[axis]
  }
  return result
}

@Suite struct BroadcastTests {
  @Test func everyRepetitionOfAxesMatchesIndexing() {
    for shape in shapes {
      let count = shape.reduce(1, *), masks = 0..<1 << shape.count
      for left in masks {
        for right in masks where count < 1000 || left == 0 || right == 0 {
          let (aStrides, aCount) = strides(shape, repeated: left), (bStrides, bCount) = strides(shape, repeated: right)
          let a = samples(max(aCount, 1), seed: 1), b = samples(max(bCount, 1), seed: 2)
          let c = output(count) {
            Broadcast.binary(.subtract, shape: shape, aStrides: aStrides, a, bStrides: bStrides, b, into: $0)
          }
          let expected = (0..<count).map { a[place($0, shape, aStrides)] - b[place($0, shape, bStrides)] }
          #expect(c == expected, "\(shape) \(aStrides) \(bStrides)")
        }
      }
    }
  }

  @Test func everySumOverAxesMatchesIndexing() {
    for shape in shapes {
      for mask in 0..<1 << shape.count {
        let (outputStrides, resultCount) = strides(shape, repeated: mask), count = shape.reduce(1, *)
        let x = samples(max(count, 1), seed: 3)
        let y = output(resultCount) { Broadcast.sum(shape: shape, x, strides: outputStrides, into: $0) }
        var expected = [Double](repeating: 0, count: resultCount)
        for index in 0..<count { expected[place(index, shape, outputStrides)] += Double(x[index]) }
        #expect(error(y, expected) < 1e-7, "\(shape) \(outputStrides)")
      }
    }
  }

  @Test func copiesFollowPermutedAndReversedStrides() {
    let x = samples(24, seed: 1)
    let permuted = output(24) { Broadcast.stridedCopy(shape: [4, 2, 3], strides: [1, 12, 4], x, into: $0) }
    #expect(permuted == (0..<24).map { x[place($0, [4, 2, 3], [1, 12, 4])] })
    let reversed = x.withUnsafeBufferPointer { buffer in
      output(24) { if let start = buffer.baseAddress {
        Broadcast.stridedCopy(shape: [24], strides: [-1], start + 23, into: $0) } }
    }
    #expect(reversed == x.reversed())
  }

  @Test func sumsDoNotDependOnTheThreadCount() {
    let x = samples(300_000, seed: 1)
    let cases = [([300_000], [0]), ([300, 1000], [0, 1]), ([300, 1000], [1, 0]), ([30, 100, 100], [0, 1, 0])]
    for (shape, strides) in cases {
      #expect(isTheSameForEveryThreadCount {
        output(1000) {
          $0.update(repeating: 0, count: 1000)
          Broadcast.sum(shape: shape, x, strides: strides, into: $0)
        }
      })
    }
  }
}

@Suite struct ReductionTests {
  @Test func everyMiddleAxisMatchesItsDefinition() {
    for (outer, count, inner) in [(1, 1, 1), (2, 5, 3), (1, 9, 1), (4, 1, 6), (3, 100, 1), (1, 70, 700)] {
      let x = samples(outer * count * inner, seed: 5)
      let lines = (0..<outer * inner).map { result in
        (0..<count).map { x[result / inner * count * inner + $0 * inner + result % inner] }
      }
      let sum = output(lines.count) { Reduction.sum(outer: outer, count: count, inner: inner, x, into: $0) }
      #expect(error(sum, lines.map { $0.reduce(0.0) { $0 + Double($1) } }) < 1e-7)
      var places = [Int32](repeating: -1, count: lines.count)
      let high = output(lines.count) {
        Reduction.maximum(outer: outer, count: count, inner: inner, x, into: $0, indices: &places)
      }
      #expect(high == lines.map { $0.max() ?? .nan } && zip(lines, places).allSatisfy { $0[Int($1)] == $0.max() })
      let low = output(lines.count) {
        Reduction.minimum(outer: outer, count: count, inner: inner, x, into: $0, indices: &places)
      }
      #expect(low == lines.map { $0.min() ?? .nan } && zip(lines, places).allSatisfy { $0[Int($1)] == $0.min() })
    }
  }

  @Test func theFirstAmongEqualsAndTheFirstNotANumberWin() {
    var place = [Int32(9)]
    _ = output(1) { Reduction.maximum(outer: 1, count: 3, inner: 1, [2, 2, 1], into: $0, indices: &place) }
    #expect(place == [0])
    _ = output(1) { Reduction.maximum(outer: 1, count: 4, inner: 1, [2, .nan, 9, .nan], into: $0, indices: &place) }
    #expect(place == [1])
  }
}
