import Kernels
import Tensors

// Elementwise operations that stand alone; behind a normalisation ReLU is part of it.

/// y = max(x, 0)
struct Rectify: Operation {
  let input: Feature.ID
  let output: Feature.ID

  var inputs: [Feature.ID] { [input] }
  var readBackward: [Feature.ID] { [output] }

  func forward(_ run: Run) {
    Elementwise.unary(.relu, run.count(output), run.values(input), into: run.values(output))
  }

  func backward(_ run: Run) {
    run.giveGradient(to: input) {
      Elementwise.reluBackward(run.count(output), run.values(output), gradient: run.outputGradient(), into: $0)
    }
  }
}

/// y = x where x > 0, else slope · x
struct LeakyRectify: Operation {
  let input: Feature.ID
  let output: Feature.ID
  let slope: Float

  var inputs: [Feature.ID] { [input] }
  var readBackward: [Feature.ID] { [input] }

  func forward(_ run: Run) {
    Elementwise.leakyRelu(run.count(output), slope: slope, run.values(input), into: run.values(output))
  }

  func backward(_ run: Run) {
    run.giveGradient(to: input) {
      Elementwise.leakyReluBackward(
        run.count(output), slope: slope, run.values(input), gradient: run.outputGradient(), into: $0)
    }
  }
}

/// Dropout, with the draws of the layer's own `forward`: y = x · mask
struct Drop: Operation {
  let input: Feature.ID
  let output: Feature.ID
  let path: String
  let rate: Float
  /// Of a sample.
  let shape: Shape

  var inputs: [Feature.ID] { [input] }

  func storage(_ program: Program, _ extent: Extent) -> OperationStorage {
    OperationStorage(state: extent.isTraining ? extent.count(program.features[output]) : 0)
  }

  func forward(_ run: Run) throws {
    let count = run.count(output)
    guard run.extent.isTraining else { return run.values(output).update(from: run.values(input), count: count) }
    let feature = run.feature(output)
    for branch in 0..<run.extent.copies(feature) {
      let stream = run.randomness[branch].substream(named: path)
      let mask = try Tensor.dropoutMask(shape: [run.extent.samples] + shape, rate: rate, using: stream)
      mask.read {
        feature.readPlanes(
          $0, samples: run.extent.samples, into: run.state + branch * count / run.extent.copies(feature))
      }
    }
    Elementwise.binary(.multiply, count, run.values(input), run.state, into: run.values(output))
  }

  func backward(_ run: Run) {
    guard run.extent.isTraining else { return run.passGradient(to: input) }
    run.giveGradient(to: input) {
      Elementwise.binary(.multiply, run.count(output), run.outputGradient(), run.state, into: $0)
    }
  }
}
