import Testing

@testable import Kernels

/// Normalisation in float64 where the element at `index` shares its statistics with those of equal `set(index)`.
private struct NaiveNormalization {
  let x: [Double], scale: [Double], shift: [Double]
  let set: (Int) -> Int
  let channel: (Int) -> Int

  var sets: Int { (x.indices.map(set).max() ?? -1) + 1 }

  func moments() -> (mean: [Double], variance: [Double]) {
    var count = [Double](repeating: 0, count: sets), mean = count, variance = count
    for index in x.indices { count[set(index)] += 1; mean[set(index)] += x[index] }
    for key in mean.indices { mean[key] /= count[key] }
    for index in x.indices {
      let deviation = x[index] - mean[set(index)]
      variance[set(index)] += deviation * deviation / count[set(index)]
    }
    return (mean, variance)
  }

  func forward() -> [Double] {
    let (mean, variance) = moments()
    return x.indices.map {
      scale[channel($0)] * (x[$0] - mean[set($0)]) / (variance[set($0)] + 1e-5).squareRoot() + shift[channel($0)]
    }
  }

  /// The derivative of Σ forward · gradient at one coordinate, by a central difference.
  func slope(_ gradient: [Float], _ moved: (Double) -> NaiveNormalization) -> Double {
    let step = 1e-5
    func value(_ y: [Double]) -> Double { zip(y, gradient).reduce(0) { $0 + $1.0 * Double($1.1) } }
    return (value(moved(step).forward()) - value(moved(-step).forward())) / (2 * step)
  }

  func moving(x index: Int? = nil, scale scaleIndex: Int? = nil, shift shiftIndex: Int? = nil, by step: Double)
    -> NaiveNormalization
  {
    var (x, scale, shift) = (x, scale, shift)
    if let index { x[index] += step }
    if let scaleIndex { scale[scaleIndex] += step }
    if let shiftIndex { shift[shiftIndex] += step }
    return NaiveNormalization(x: x, scale: scale, shift: shift, set: set, channel: channel)
  }

  func gradients(_ g: [Float]) -> (x: [Double], scale: [Double], shift: [Double]) {
    (
      x.indices.map { index in slope(g) { moving(x: index, by: $0) } },
      scale.indices.map { index in slope(g) { moving(scale: index, by: $0) } },
      shift.indices.map { index in slope(g) { moving(shift: index, by: $0) } }
    )
  }
}

private let sizes = [(3, 1, 5), (2, 4, 1), (5, 4, 3), (1, 2, 19), (4, 6, 2)]

@Suite struct NormalizationTests {
  @Test func batchNormalisationMatchesFloat64AndItsDifferences() {
    for (n, c, p) in sizes {
      let x = samples(n * c * p, seed: 1).map { 3 * $0 + 1 }, g = samples(n * c * p, seed: 2)
      let scale = samples(c, seed: 3), shift = samples(c, seed: 4)
      let naive = NaiveNormalization(
        x: x.map(Double.init), scale: scale.map(Double.init), shift: shift.map(Double.init),
        set: { $0 / p % c }, channel: { $0 / p % c })
      var mean = [Float](repeating: .nan, count: c), variance = mean
      Normalization.batchMoments(samples: n, channels: c, positions: p, x, mean: &mean, variance: &variance)
      #expect(error(mean, naive.moments().mean) < 2e-7 && error(variance, naive.moments().variance) < 2e-7)
      let inverse = variance.map { 1 / ($0 + 1e-5).squareRoot() }
      let multiply = zip(scale, inverse).map(*), add = (0..<c).map { shift[$0] - mean[$0] * multiply[$0] }
      let y = output(x.count) {
        Normalization.channelAffine(samples: n, channels: c, positions: p, x, multiply: multiply, add: add, into: $0)
      }
      #expect(error(y, naive.forward()) < 2e-6)
      var scaleGradient = mean, shiftGradient = mean
      let inputGradient = output(x.count) {
        Normalization.batchBackward(
          samples: n, channels: c, positions: p, x, outputGradient: g, mean: mean, inverseDeviation: inverse,
          scale: scale, inputGradient: $0, scaleGradient: &scaleGradient, shiftGradient: &shiftGradient)
      }
      let expected = naive.gradients(g)
      #expect(error(inputGradient, expected.x) < 1e-5, "\((n, c, p))")
      #expect(error(scaleGradient, expected.scale) < 1e-5 && error(shiftGradient, expected.shift) < 1e-5)
    }
  }

  @Test func fixedStatisticsGiveAPlainScale() {
    let x = samples(2 * 3 * 4, seed: 1), g = samples(2 * 3 * 4, seed: 2)
    let mean: [Float] = [0.5, -1, 0], inverse: [Float] = [2, 0.5, 1], scale: [Float] = [1, -2, 3]
    var scaleGradient = [Float](repeating: .nan, count: 3), shiftGradient = scaleGradient
    let dx = output(24) {
      Normalization.affineBackward(
        samples: 2, channels: 3, positions: 4, x, outputGradient: g, mean: mean, inverseDeviation: inverse,
        scale: scale, inputGradient: $0, scaleGradient: &scaleGradient, shiftGradient: &shiftGradient)
    }
    let channel = (0..<24).map { $0 / 4 % 3 }
    #expect(error(dx, (0..<24).map { Double(g[$0] * inverse[channel[$0]] * scale[channel[$0]]) }) < 1e-6)
    var expectedScale = [0.0, 0, 0], expectedShift = expectedScale
    for index in 0..<24 {
      let c = channel[index]
      expectedScale[c] += Double(g[index] * (x[index] - mean[c]) * inverse[c])
      expectedShift[c] += Double(g[index])
    }
    #expect(error(scaleGradient, expectedScale) < 1e-6 && error(shiftGradient, expectedShift) < 1e-6)
  }

  @Test func groupNormalisationMatchesFloat64AndItsDifferences() {
    for (n, c, p) in sizes {
      // Two numbers that are nearly equal would magnify the rounding of their mean: groups of three and more.
      for groups in 1...c where c % groups == 0 && c / groups * p > 2 {
        let x = samples(n * c * p, seed: 1).map { 2 * $0 - 1 }, g = samples(n * c * p, seed: 2)
        let scale = samples(c, seed: 3), shift = samples(c, seed: 4), perGroup = c / groups * p
        let naive = NaiveNormalization(
          x: x.map(Double.init), scale: scale.map(Double.init), shift: shift.map(Double.init),
          set: { $0 / perGroup }, channel: { $0 / p % c })
        var mean = [Float](repeating: .nan, count: n * groups), variance = mean
        Normalization.groupMoments(
          samples: n, groups: groups, perGroup: perGroup, x, mean: &mean, variance: &variance)
        #expect(error(mean, naive.moments().mean) < 2e-7 && error(variance, naive.moments().variance) < 2e-7)
        let inverse = variance.map { 1 / ($0 + 1e-5).squareRoot() }
        let y = output(x.count) {
          Normalization.groupForward(
            samples: n, channels: c, positions: p, groups: groups, x, mean: mean, inverseDeviation: inverse,
            scale: scale, shift: shift, into: $0)
        }
        #expect(error(y, naive.forward()) < 2e-6)
        var scaleGradient = [Float](repeating: .nan, count: c), shiftGradient = scaleGradient
        let inputGradient = output(x.count) {
          Normalization.groupBackward(
            samples: n, channels: c, positions: p, groups: groups, x, outputGradient: g, mean: mean,
            inverseDeviation: inverse, scale: scale, inputGradient: $0, scaleGradient: &scaleGradient,
            shiftGradient: &shiftGradient)
        }
        let expected = naive.gradients(g)
        #expect(error(inputGradient, expected.x) < 1e-5, "\((n, c, p, groups))")
        #expect(error(scaleGradient, expected.scale) < 1e-5 && error(shiftGradient, expected.shift) < 1e-5)
      }
    }
  }

  @Test func momentsOfALargeOffsetKeepTheirVariance() {
    let x = samples(1 << 16, seed: 1).map { $0 + 4096 }
    var mean = [Float(0)], variance = [Float(0)]
    Normalization.batchMoments(samples: 16, channels: 1, positions: 4096, x, mean: &mean, variance: &variance)
    let exact = x.reduce(0.0) { $0 + Double($1) } / Double(x.count)
    let squares = x.reduce(0.0) { $0 + (Double($1) - exact) * (Double($1) - exact) } / Double(x.count)
    #expect(abs(Double(variance[0]) - squares) < 1e-7)
  }
}
