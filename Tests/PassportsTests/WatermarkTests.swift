import Foundation
import Networks
import Passports
import Tensors
import Testing
import Training

/// Uchida's watermark against its formula, and its gradient against finite differences.
struct WatermarkTests {
  private let network: Network
  private let watermark: Watermark

  init() throws {
    network = try AlexNet.make(classes: 10, widths: [16, 16, 16, 16, 16], seed: 1)
    watermark = try Watermark(Passport(text: "me", seed: 7), in: network, .numbered([4]), bits: 24)
  }

  @Test func theReadingIsTheProjectedMeanOverOutputChannels() throws {
    #expect(watermark.source == "features.4.conv")
    #expect(watermark.projection.shape == [24, 144])
    #expect(watermark.signature.signs.prefix(16) == Signature.signs(of: "me")[...])
    let weight = try #require(network.parameters["features.4.conv.weight"]).elements
    let projection = watermark.projection.elements
    let expected = (0..<24).map { bit in
      (0..<144).reduce(0.0) { sum, column in
        let mean = (0..<16).reduce(0.0) { $0 + Double(weight[$1 * 144 + column]) } / 16
        return sum + Double(projection[bit * 144 + column]) * mean
      }
    }
    for (found, expected) in zip(try watermark.reading(of: network).elements, expected) {
      #expect(abs(Double(found) - expected) < 1e-5)
    }
  }

  @Test func theProjectionIsStandardNormal() throws {
    let values = watermark.projection.elements.map(Double.init)
    let count = Double(values.count)
    #expect(abs(values.reduce(0, +) / count) < 4 / count.squareRoot())
    let variance = values.reduce(0) { $0 + $1 * $1 } / count
    #expect(abs(variance - 1) < 4 * (2 / count).squareRoot())
  }

  @Test func theGradientOfItsLossIsThatOfFiniteDifferences() throws {
    let weight = try #require(network.parameters["features.4.conv.weight"])
    let tracked = weight.tracked
    let loss = try Objective().watermarkLoss(watermark, weight: tracked)
    let gradient = try #require(loss.reachedGradients(by: [tracked])[0]).elements
    for position in stride(from: 3, to: weight.count, by: 517) {
      func loss(at step: Float) throws -> Double {
        var values = weight.elements
        values[position] += step
        let reading = try watermark.reading(weight: Tensor(values, shape: weight.shape)).elements
        return zip(reading, watermark.signature.signs).reduce(0) { sum, pair in
          let agreement = Double(pair.0 * pair.1)
          return sum + 0.01 * (max(-agreement, 0) + log1p(exp(-abs(agreement))))
        }
      }
      let expected = try (loss(at: 0.05) - loss(at: -0.05)) / 0.1
      #expect(abs(Double(gradient[position]) - expected) < 1e-4 + 1e-2 * abs(expected))
    }
    #expect(abs(try Double(loss.scalar()) - (try expectedLoss(weight))) < 1e-5)
  }

  private func expectedLoss(_ weight: Tensor) throws -> Double {
    zip(try watermark.reading(weight: weight).elements, watermark.signature.signs).reduce(0) { sum, pair in
      let probability = 1 / (1 + exp(-Double(pair.0)))
      return sum - 0.01 * log(pair.1 > 0 ? probability : 1 - probability)
    }
  }

  @Test func bitsThatAreNotThereAreNotFound() throws {
    let other = try Watermark(Passport(seed: 8), in: network, .numbered([4]), bits: 144)
    let matches = other.signature.matches(try other.reading(of: network))
    // Chance: 72 with a standard deviation of 6.
    #expect((45...99).contains(matches))
  }

  @Test func aProjectionThatDoesNotFitIsRefused() throws {
    #expect(throws: NetworkError.self) { try watermark.reading(weight: Tensor(repeating: 1, shape: [4, 5])) }
    #expect(throws: NetworkError.self) {
      try Watermark(source: "a", projection: watermark.projection, signature: Signature(signs: [1, -1]))
    }
    #expect(throws: NetworkError.self) { try Watermark(Passport(seed: 1), in: network, .all, bits: 1 << 20) }
  }
}
