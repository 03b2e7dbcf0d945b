import Glibc
import Testing

@testable import Kernels

@Suite struct SoftmaxCrossEntropyTests {
  @Test func probabilitiesLossesAndGradientsMatchFloat64() {
    for (rows, classes) in [(1, 1), (3, 2), (7, 10), (5, 1001)] {
      let x = samples(rows * classes, seed: 1).map { 20 * $0 }, g = samples(rows, seed: 2)
      let labels = (0..<rows).map { Int32($0 * 7 % classes) }
      var p = [Float](repeating: .nan, count: x.count), losses = [Float](repeating: .nan, count: rows)
      SoftmaxCrossEntropy.forward(
        rows: rows, classes: classes, logits: x, labels: labels, probabilities: &p, losses: &losses)
      let dx = output(x.count) {
        SoftmaxCrossEntropy.backward(
          rows: rows, classes: classes, probabilities: p, labels: labels, outputGradient: g, logitsGradient: $0)
      }
      let logarithms = output(x.count) { SoftmaxCrossEntropy.logSoftmax(rows: rows, classes: classes, x, into: $0) }
      let softmax = output(x.count) { SoftmaxCrossEntropy.softmax(rows: rows, classes: classes, x, into: $0) }
      let sums = (0..<rows).map { row in (0..<classes).reduce(0.0) { $0 + exp(Double(x[row * classes + $1])) } }
      let exact = x.indices.map { exp(Double(x[$0])) / sums[$0 / classes] }
      #expect(error(p, exact) < 1e-6 && softmax == p)
      #expect(error(logarithms, exact.map { log($0) }) < 1e-6)
      #expect(error(losses, (0..<rows).map { -log(exact[$0 * classes + Int(labels[$0])]) }) < 1e-6)
      let gradient = x.indices.map {
        Double(g[$0 / classes]) * (exact[$0] - ($0 % classes == Int(labels[$0 / classes]) ? 1 : 0))
      }
      #expect(error(dx, gradient) < 1e-6)
    }
  }

  @Test func aLabelOutsideOfTheClassesGivesNoNumber() {
    var p: [Float] = [0, 0], losses: [Float] = [0]
    SoftmaxCrossEntropy.forward(rows: 1, classes: 2, logits: [1, 2], labels: [2], probabilities: &p, losses: &losses)
    #expect(losses[0].isNaN)
  }
}

@Suite struct UpdateTests {
  @Test func momentumTakesTwoStepsByHand() {
    var p: [Float] = [1], v: [Float] = [0]
    // g = 0.5 + 0.1 * 1 = 0.6, v = 0.6, p = 0.94; then g = 0.5 + 0.094, v = 0.54 + 0.594 = 1.134, p = 0.8266.
    for expected in [Float(0.94), 0.8266] {
      Update.sgd(1, parameter: &p, gradient: [0.5], velocity: &v, learningRate: 0.1, momentum: 0.9, decay: 0.1)
      #expect(abs(p[0] - expected) < 1e-6)
    }
  }

  @Test func adamTakesTwoStepsByHand() {
    var p: [Float] = [1], m: [Float] = [0], v: [Float] = [0]
    // The first step is the learning rate whatever the size of the gradient. After gradients 0.5 and -1:
    // m = 0.045 - 0.1 = -0.055, m / 0.19 = -0.2894737; v = 0.00024975 + 0.001 = 0.00124975, v / 0.001999 = 0.6251876,
    // root 0.7906880; the step is 0.01 * -0.2894737 / 0.7906880 = -0.0036610.
    for (step, gradient, expected) in [(1, Float(0.5), Float(0.99)), (2, -1, 0.9936610)] {
      Update.adam(
        1, parameter: &p, gradient: [gradient], m: &m, v: &v, learningRate: 0.01, beta1: 0.9, beta2: 0.999,
        epsilon: 1e-8, decay: 0, step: step)
      #expect(abs(p[0] - expected) < 1e-6)
    }
  }
}
