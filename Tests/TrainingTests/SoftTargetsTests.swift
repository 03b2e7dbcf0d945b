import Foundation
import Networks
import Tensors
import Testing

@testable import Training

struct SoftTargetsTests {
  private let teacher: [Float] = [2, -1, 0.5, 0, 3, -2]
  private let student: [Float] = [0.3, 0.1, -0.4, 1, 0.2, -0.7]

  /// T² · mean of -Σ p log softmax(z / T), from the formula.
  private func naive(_ student: [Float], _ temperature: Double) -> Double {
    func softmax(_ logits: [Float]) -> [Double] {
      let powers = logits.map { exp(Double($0) / temperature) }
      return powers.map { $0 / powers.reduce(0, +) }
    }
    let losses = [0, 3].map { start in
      zip(softmax(Array(teacher[start..<start + 3])), softmax(Array(student[start..<start + 3])))
        .reduce(0) { $0 - $1.0 * log($1.1) }
    }
    return temperature * temperature * (losses[0] + losses[1]) / 2
  }

  @Test(arguments: [1, 4, 0.5]) func lossAndGradientAreThoseOfTheFormula(temperature: Double) throws {
    let targets = try SoftTargets(logits: Tensor(teacher, shape: [2, 3]), temperature: Float(temperature))
    let logits = try Tensor(student, shape: [2, 3]).tracked
    let loss = try targets.loss(logits: logits)
    #expect(abs(Double(try loss.scalar()) - naive(student, temperature)) < 1e-5 * naive(student, temperature))
    let gradient = try (loss * Tensor(2)).gradients(by: [logits])[0].elements
    for index in student.indices {
      var (up, down) = (student, student)
      up[index] += 1e-2
      down[index] -= 1e-2
      let slope = 2 * (naive(up, temperature) - naive(down, temperature)) / Double(up[index] - down[index])
      #expect(abs(Double(gradient[index]) - slope) < 2e-3, "\(index): \(gradient[index]), \(slope)")
    }
    #expect(try targets.labels == [0, 1])
  }

  @Test func largeLogitsLeaveItFinite() throws {
    let targets = try SoftTargets(logits: Tensor([1000, 0], shape: [1, 2]), temperature: 1)
    #expect(abs(try targets.loss(logits: Tensor([0, 1000], shape: [1, 2])).scalar() - 1000) < 1e-2)
  }

  @Test func temperaturesAndClassesThatDoNotFitAreRefused() throws {
    let error = #expect(throws: TrainingError.self) {
      try SoftTargets(logits: Tensor(teacher, shape: [2, 3]), temperature: 0)
    }
    #expect(error?.message == "the temperature is a number above 0, not 0.0")
    let targets = try SoftTargets(logits: Tensor(teacher, shape: [2, 3]), temperature: 1)
    let other = #expect(throws: TrainingError.self) { try targets.loss(logits: Tensor(student, shape: [3, 2])) }
    #expect(other?.message == "the student gives logits of shape [3, 2], and its teacher [2, 3]")
  }

  @Test func theyArePartOfFingerprintAndKeyAndExcludeTriggers() throws {
    let images = try Small.images(16)
    func samples(_ temperature: Float) throws -> DistilledSamples {
      let targets = try SoftTargets(logits: Predictor(Small.network()).logits(images), temperature: temperature)
      return try DistilledSamples(images, labels: images.labels, softTargets: targets)
    }
    let plan = TrainingPlan(epochs: 1, seed: 1)
    let cache = TrainingCache(folder: "/nowhere")
    let keys = try [images, samples(1), samples(2)].map { (samples: any Samples) in
      try Trainer(Small.network(), on: samples, plan: plan).cacheKey(cache)
    }
    #expect(Set(keys).count == 3)
    var marked = plan
    marked.triggers = try Small.triggers()
    let error = #expect(throws: TrainingError.self) { _ = try Trainer(Small.network(), on: samples(1), plan: marked) }
    #expect(error?.message == "triggers have labels, and these samples are learned by probabilities")
  }
}
