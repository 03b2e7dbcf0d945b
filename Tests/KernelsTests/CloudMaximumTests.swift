import Testing

@testable import Kernels

private struct Shape: CustomTestStringConvertible {
  let samples: Int, points: Int, sets: Int, inputs: Int, outputs: Int
  var testDescription: String { "\(samples)x\(points) in \(sets), \(inputs) to \(outputs)" }
}

private let shapes = [
  Shape(samples: 1, points: 1, sets: 1, inputs: 1, outputs: 1),
  Shape(samples: 4, points: 1, sets: 2, inputs: 3, outputs: 40),
  Shape(samples: 3, points: 17, sets: 1, inputs: 3, outputs: 40),
  Shape(samples: 2, points: 9, sets: 2, inputs: 16, outputs: 16),
  Shape(samples: 4, points: 50, sets: 2, inputs: 24, outputs: 70),
  Shape(samples: 2, points: 300, sets: 1, inputs: 128, outputs: 260),
  Shape(samples: 6, points: 33, sets: 2, inputs: 130, outputs: 20),
]

/// A shape with numbers in it: γ of both signs and zero, statistics that follow the input or not.
private struct Case {
  let naive: NaiveCloudMaximum
  let kernel: CloudMaximum
  let gradient: [Float]

  /// - Parameter isSparse: half of the input is zero, as behind a ReLU.
  init(
    _ shape: Shape, isRectified: Bool = false, follows: Bool = true, isSparse: Bool = false,
    level: KernelLevel = .preferred
  ) {
    let perSet = shape.sets * shape.outputs
    func doubles(_ count: Int, _ seed: UInt64) -> [Double] { KernelsTests.samples(count, seed: seed).map(Double.init) }
    var scale = doubles(perSet, 4)
    for index in stride(from: 2, to: perSet, by: 7) { scale[index] = 0 }
    naive = NaiveCloudMaximum(
      samples: shape.samples, points: shape.points, sets: shape.sets, inputs: shape.inputs, outputs: shape.outputs,
      isRectified: isRectified,
      constants: follows ? nil : (doubles(perSet, 6), doubles(perSet, 7).map { $0 * $0 + 0.1 }),
      h: doubles(shape.samples * shape.points * shape.inputs, 1).map { isSparse ? max($0, 0) : $0 + 0.5 },
      weight: doubles(shape.outputs * shape.inputs, 2), bias: doubles(shape.outputs, 3), scale: scale,
      shift: doubles(perSet, 5))
    kernel = CloudMaximum(
      samples: shape.samples, points: shape.points, sets: shape.sets, inputChannels: shape.inputs,
      outputChannels: shape.outputs, isRectified: isRectified, level: level)
    gradient = samples(shape.samples * shape.outputs, seed: 8)
  }
}

/// Everything that the kernel computes, surplus channels taken off after a look at them.
private struct Outcome {
  var mean: [Float], variance: [Float], y: [Float], index: [Int32]
  var h: [Float], weight: [Float], bias: [Float], scale: [Float], shift: [Float]

  var everything: [Float] { mean + variance + y + h + weight + bias + scale + shift }

  /// Runs `moments`, `forward` and `backward` with the statistics that `test` says, not those of `moments`.
  init(_ test: Case, input: [Float]? = nil, gradient: [Float]? = nil) {
    let kernel = test.kernel, naive = test.naive, perSet = kernel.sets * kernel.outputChannels
    let pass = naive.forward()
    let m = pass.mean.map(Float.init), r = pass.inverse.map(Float.init), gamma = naive.scale.map(Float.init)
    let weights = naive.weight.map(Float.init), offset = naive.bias.map(Float.init)
    let multiply = (0..<perSet).map { gamma[$0] * r[$0] }
    let add = (0..<perSet).map { Float(naive.shift[$0]) - m[$0] * multiply[$0] }
    let rows = kernel.samples * kernel.points
    let x = Self.widen(input ?? naive.h.map(Float.init), kernel.inputChannels)
    let g = Self.widen(gradient ?? test.gradient, kernel.outputChannels)
    var state = [Float](repeating: .nan, count: kernel.stateCount)
    var scratch = [Float](repeating: .nan, count: kernel.scratchCount)
    var variance = [Float](repeating: .nan, count: perSet), mean = variance
    kernel.moments(
      input: x, weight: weights, bias: offset, mean: &mean, variance: &variance, state: &state, scratch: &scratch)
    for index in scratch.indices { scratch[index] = .nan }
    var y = [Float](repeating: .nan, count: kernel.samples * kernel.outputWidth)
    kernel.forward(
      input: x, weight: weights, bias: offset, multiply: Self.widen(multiply, kernel.outputChannels),
      add: Self.widen(add, kernel.outputChannels), output: &y, state: &state, scratch: &scratch)
    for index in scratch.indices { scratch[index] = .nan }
    var dh = [Float](repeating: .nan, count: rows * kernel.inputWidth), dw = weights, db = offset
    var scale = mean, shift = mean
    kernel.backward(
      input: x, weight: weights, outputGradient: g, output: y, scale: gamma, mean: m, inverseDeviation: r,
      statisticsFollowInput: naive.constants == nil, inputGradient: &dh, weightGradient: &dw, biasGradient: &db,
      scaleGradient: &scale, shiftGradient: &shift, state: &state, scratch: &scratch)
    (self.mean, self.variance, self.scale, self.shift, weight, bias) = (mean, variance, scale, shift, dw, db)
    self.y = Self.narrow(y, kernel.outputChannels)
    h = Self.narrow(dh, kernel.inputChannels)
    index = state.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return [] }
      let index = CloudMaximum.State(base, of: kernel).index
      return (0..<kernel.samples * kernel.outputChannels).map {
        index[$0 / kernel.outputChannels * kernel.paddedChannels + $0 % kernel.outputChannels]
      }
    }
  }

  static func widen(_ x: [Float], _ channels: Int) -> [Float] {
    let surplus = [Float](repeating: 0, count: ChannelsLast.width(channels) - channels)
    return stride(from: 0, to: x.count, by: channels).flatMap { x[$0..<$0 + channels] + surplus }
  }

  static func narrow(_ x: [Float], _ channels: Int) -> [Float] {
    let width = ChannelsLast.width(channels)
    return stride(from: 0, to: x.count, by: width).flatMap { row -> [Float] in
      #expect(x[row + channels..<row + width].allSatisfy { $0 == 0 }, "surplus channels hold zeros")
      return Array(x[row..<row + channels])
    }
  }
}

/// The largest error in units of what sums of `terms` float32 products may be off by.
private func excess(_ result: [Float], _ expected: NaiveCloudMaximum.Result, terms: Int) -> Double {
  guard result.count == expected.value.count else { return .infinity }
  return result.indices.reduce(0) { worst, index in
    let difference = abs(Double(result[index]) - expected.value[index])
    let bound = 4 * Double(terms).squareRoot() * 0x1p-24 * expected.size[index]
    return difference == 0 ? worst : difference <= .infinity ? max(worst, difference / bound) : .infinity
  }
}

@Suite struct CloudMaximumTests {
  @Test(
    arguments: shapes,
    [(false, true, false), (true, true, false), (false, false, false), (true, false, false), (true, true, true)])
  fileprivate func everyLevelMatchesFloat64(
    _ shape: Shape, _ kind: (isRectified: Bool, follows: Bool, isSparse: Bool)
  ) {
    for level in KernelLevel.available {
      let test = Case(
        shape, isRectified: kind.isRectified, follows: kind.follows, isSparse: kind.isSparse, level: level)
      let outcome = Outcome(test), pass = test.naive.forward()
      let moments = test.naive.moments(pass.z), gradients = test.naive.gradients(test.gradient, pass)
      let inputs = shape.inputs + 3, all = shape.inputs + shape.outputs + shape.points + shape.samples
      #expect(excess(outcome.mean, moments.mean, terms: 1) < 1)
      #expect(excess(outcome.variance, moments.variance, terms: 128) < 1)
      #expect(excess(outcome.y, pass.y, terms: inputs) < 1)
      // With a ReLU all points may be equal, at zero, and have no gradient: then it does not matter which one wins.
      #expect(outcome.index.map(Int.init) == pass.index || kind.isRectified)
      #expect(excess(outcome.h, gradients.h, terms: all) < 1)
      #expect(excess(outcome.weight, gradients.weight, terms: all) < 1)
      #expect(excess(outcome.bias, gradients.bias, terms: all) < 1)
      #expect(excess(outcome.scale, gradients.scale, terms: inputs) < 1)
      #expect(excess(outcome.shift, gradients.shift, terms: 1) < 1)
    }
  }

  @Test func theReferenceMatchesItsDifferences() {
    let test = Case(Shape(samples: 4, points: 5, sets: 2, inputs: 3, outputs: 4), isRectified: true)
    let naive = test.naive, gradients = naive.gradients(test.gradient, naive.forward())
    func value(_ naive: NaiveCloudMaximum) -> Double {
      zip(naive.forward().y.value, test.gradient).reduce(0) { $0 + $1.0 * Double($1.1) }
    }
    func expectSlopes(_ path: WritableKeyPath<NaiveCloudMaximum, [Double]>, _ gradient: [Double]) {
      for index in gradient.indices {
        // A multiplier that moves off zero moves the maximum to two different points.
        if path == \.scale, naive.scale[index] == 0 { continue }
        var (up, down) = (naive, naive)
        up[keyPath: path][index] += 1e-6
        down[keyPath: path][index] -= 1e-6
        #expect(abs((value(up) - value(down)) / 2e-6 - gradient[index]) < 1e-7)
      }
    }
    expectSlopes(\.h, gradients.h.value)
    expectSlopes(\.weight, gradients.weight.value)
    expectSlopes(\.bias, gradients.bias.value)
    expectSlopes(\.scale, gradients.scale.value)
    expectSlopes(\.shift, gradients.shift.value)
  }

  @Test func withoutNormalisationItIsAConvolutionAndAMaximum() {
    let shape = Shape(samples: 3, points: 20, sets: 1, inputs: 6, outputs: 9)
    var naive = Case(shape, follows: false).naive
    // The reference always divides by √(variance + ε).
    naive.constants = ([Double](repeating: 0, count: 9), [Double](repeating: 1 - 1e-5, count: 9))
    (naive.scale, naive.shift) = ([Double](repeating: 1, count: 9), [Double](repeating: 0, count: 9))
    naive.bias = [Double](repeating: 0, count: 9)
    let kernel = Case(shape).kernel, pass = naive.forward(), g = Case(shape).gradient
    let gradients = naive.gradients(g, pass)
    let x = Outcome.widen(naive.h.map(Float.init), 6), weight = naive.weight.map(Float.init)
    var state = [Float](repeating: .nan, count: kernel.stateCount), y = [Float](repeating: .nan, count: 3 * 16)
    var scratch = [Float](repeating: .nan, count: kernel.scratchCount), dw = weight
    kernel.forward(
      input: x, weight: weight, bias: nil, multiply: [Float](repeating: 1, count: 16),
      add: [Float](repeating: 0, count: 16), output: &y, state: &state, scratch: &scratch)
    kernel.backward(
      input: x, weight: weight, outputGradient: Outcome.widen(g, 9), output: y, scale: nil, mean: nil,
      inverseDeviation: nil, statisticsFollowInput: false, inputGradient: nil, weightGradient: &dw,
      biasGradient: nil, scaleGradient: nil, shiftGradient: nil, state: &state, scratch: &scratch)
    #expect(excess(Outcome.narrow(y, 9), pass.y, terms: 6) < 1)
    #expect(excess(dw, gradients.weight, terms: 9) < 1)
  }

  @Test(arguments: shapes) fileprivate func aPredictionIsTheSameWithoutIndices(_ shape: Shape) {
    for level in KernelLevel.available {
      for isSparse in [false, true] {
        let test = Case(shape, follows: false, isSparse: isSparse, level: level), kernel = test.kernel
        let width = kernel.sets * kernel.outputWidth
        let x = Outcome.widen(test.naive.h.map(Float.init), shape.inputs), weight = test.naive.weight.map(Float.init)
        func y(isDifferentiated: Bool) -> [UInt32] {
          var state = [Float](repeating: .nan, count: kernel.stateCount)
          var scratch = [Float](repeating: .nan, count: kernel.scratchCount)
          var y = [Float](repeating: .nan, count: kernel.samples * kernel.outputWidth)
          kernel.forward(
            input: x, weight: weight, bias: nil, multiply: (0..<width).map { Float($0 % 3 - 1) },
            add: [Float](repeating: 0.25, count: width), output: &y, isDifferentiated: isDifferentiated,
            state: &state, scratch: &scratch)
          return y.map(\.bitPattern)
        }
        #expect(y(isDifferentiated: false) == y(isDifferentiated: true))
      }
    }
  }

  @Test(arguments: [false, true]) func aWeightThatIsNoNumberIsNotLostBehindZeros(_ isSparse: Bool) {
    let shape = Shape(samples: 2, points: 20, sets: 1, inputs: 16, outputs: 20)
    let kernel = Case(shape).kernel
    var weight = Case(shape).naive.weight.map(Float.init), x = [Float](repeating: isSparse ? 0 : 1, count: 40 * 16)
    for row in 0..<40 { x[row * 16] = 1 }
    weight[3 * 16 + 5] = .nan
    var state = [Float](repeating: .nan, count: kernel.stateCount)
    var scratch = [Float](repeating: .nan, count: kernel.scratchCount)
    var y = [Float](repeating: 0, count: 2 * kernel.outputWidth)
    kernel.forward(
      input: x, weight: weight, bias: nil, multiply: [Float](repeating: 1, count: 32),
      add: [Float](repeating: 0, count: 32), output: &y, isDifferentiated: false, state: &state, scratch: &scratch)
    #expect(y.indices.filter { y[$0].isNaN } == [3, kernel.outputWidth + 3])
  }

  @Test(arguments: [false, true]) func theFirstOfEqualPointsAndOfNaNsWins(_ isSparse: Bool) {
    let shape = Shape(samples: 2, points: 30, sets: 1, inputs: 5, outputs: 20)
    for level in KernelLevel.available {
      let test = Case(shape, follows: false, isSparse: isSparse, level: level)
      // Each point three times: those of the second and third round never win.
      var input = test.naive.h.map(Float.init)
      for row in 0..<60 where row % 30 >= 10 {
        for c in 0..<5 { input[row * 5 + c] = input[(row - 10) * 5 + c] }
      }
      #expect(Outcome(test, input: input).index.allSatisfy { $0 < 10 })
      let clean = Outcome(test, input: input)
      input[(30 + 13) * 5 + 2] = .nan
      input[(30 + 17) * 5] = .nan
      let spoilt = Outcome(test, input: input)
      #expect(spoilt.index[20...].allSatisfy { $0 == 13 } && spoilt.y[20...].allSatisfy(\.isNaN))
      #expect(spoilt.index[..<20] == clean.index[..<20] && spoilt.y[..<20] == clean.y[..<20])
    }
  }

  @Test func aVarianceMuchSmallerThanTheMeanIsKept() {
    let shape = Shape(samples: 2, points: 500, sets: 1, inputs: 8, outputs: 8)
    let test = Case(shape)
    let input = test.naive.h.map { Float($0) + 4096 }
    var moved = test.naive
    moved.h = input.map(Double.init)
    let (mean, variance) = moved.moments(moved.product()), outcome = Outcome(test, input: input)
    // Deviations from a rounded mean are exact, and a mean that is off by δ adds δ² ≤ 2⁻²⁴ to a variance of 1/3.
    #expect(zip(outcome.variance, variance.value).allSatisfy { abs(Double($0) / $1 - 1) < 1e-6 })
    #expect(zip(outcome.mean, mean.value).allSatisfy { abs(Double($0) / $1 - 1) < 0x1p-23 })
  }

  @Test func resultsDoNotDependOnTheThreadCount() {
    for isSparse in [false, true] {
      let shape = Shape(samples: 6, points: 290, sets: 2, inputs: 70, outputs: 300)
      let test = Case(shape, isRectified: true, isSparse: isSparse)
      #expect(isTheSameForEveryThreadCount { Outcome(test).everything })
    }
  }
}
