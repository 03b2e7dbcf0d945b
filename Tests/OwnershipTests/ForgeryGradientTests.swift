import Networks
import Passports
import Tensors
import Testing
import Training

@testable import Attacks

/// What a forger's step differentiates by: exact on the fused path as on the reference path, and the slope of the loss.
@Suite struct ForgeryGradientTests {
  private let setting: ForgerySetting

  init() throws { setting = try ForgerySetting() }

  private func training(_ forged: Claim, isExact: Bool, blocks: Bool = true) throws -> PassportTraining {
    var settings = setting.settings()
    settings.isExact = isExact
    settings.clip = .infinity
    // Far from the owner's passports, where 1/MSE is of the size of the other terms.
    return try PassportTraining(
      setting.suspect, owner: setting.claim, forged: forged,
      objective: ForgeryObjective(keepsDistance: true, sign: Objective()), trainsBlocks: blocks, settings: settings)
  }

  private func start() throws -> Claim {
    try setting.claim.forged(by: ReverseForgery(), seed: 4)
  }

  @Test func bothPathsAgree() throws {
    let forged = try start()
    var (exact, fused) = (try training(forged, isExact: true), try training(forged, isExact: false))
    let (expected, found) = (try exact.step(setting.batch), try fused.step(setting.batch))
    #expect(abs(expected.loss - found.loss) < 1e-4)
    #expect(expected.gradients.count == 20)
    for (name, gradient) in expected.gradients {
      let other = try #require(found.gradients[name])
      let largest = gradient.elements.reduce(0) { max($0, abs($1)) }
      let deviation = zip(gradient.elements, other.elements).reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
      #expect(largest > 0)
      #expect(deviation < 5e-4 * largest, "\(name): \(deviation) of \(largest)")
    }
  }

  /// Against a central difference along the gradient, for passports of scale and shift in every layer.
  @Test func theyAreTheSlopeOfTheLoss() throws {
    let forged = try start()
    var fused = try training(forged, isExact: false, blocks: false)
    let gradients = try fused.step(setting.batch).gradients
    for index in forged.layers.indices {
      let path = forged.layers[index].passport.path
      for (name, keyPath) in [("scale_passport", \IssuedPassport.scale), ("shift_passport", \.shift)] {
        let gradient = try #require(gradients["\(path).\(name)"])
        let predicted = Double(try (gradient * gradient).sum().squareRoot().scalar())
        let direction = try gradient * Tensor(Float(1 / predicted))
        func loss(_ step: Float) throws -> Double {
          var moved = forged
          let passport = moved.layers[index].passport[keyPath: keyPath]
          moved.layers[index].passport[keyPath: keyPath] = try passport + direction * Tensor(step)
          var exact = try training(moved, isExact: true, blocks: false)
          return Double(try exact.step(setting.batch).loss)
        }
        let slope = try (loss(2e-3) - loss(-2e-3)) / 4e-3
        // Pools and ReLUs have kinks within the step, worth several percent; float32 losses of a few
        // are off by 1e-6, over 4e-3.
        let bound = 0.1 * predicted + 5e-4
        #expect(abs(slope - predicted) < bound, "\(path) \(name): \(predicted), \(slope)")
      }
    }
  }
}
