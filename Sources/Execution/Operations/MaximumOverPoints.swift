import Kernels
import Networks
import Tensors

/// The end of PointNet's feature extractors: a dense layer at every point, a normalisation, perhaps a ReLU, and the
/// maximum over the points, without the activations in between (Kernels, `CloudMaximum`).
struct MaximumOverPoints: NormalizingOperation {
  let input: Feature.ID
  let output: Feature.ID
  /// The path of the dense layer.
  let convolution: String
  let hasBias: Bool
  let path: String
  let layer: any NormalizingLayer
  let isRectified: Bool

  /// Normalisations whose moments follow from the input's second moments.
  static func computes(_ kind: NormalizationKind) -> Bool { kind == .batch || kind == .identity }

  var inputs: [Feature.ID] { [input] }
  var readBackward: [Feature.ID] { [input, output] }
  var parameterNames: [String] { [convolution + ".weight"] + (hasBias ? [convolution + ".bias"] : []) }

  func storage(_ program: Program, _ extent: Extent) -> OperationStorage {
    let cloud = cloud(program, extent)
    return OperationStorage(scratch: cloud.scratchCount, state: cloud.stateCount)
  }

  func forward(_ run: Run) throws {
    let cloud = cloud(run.program, run.extent)
    try withParameters(run) { weight, bias in
      let note = try prepare(run, cloud, weight, bias)
      run.notes[run.current] = note
      cloud.forward(
        input: run.values(input), weight: weight, bias: bias, multiply: note.multiply, add: note.add,
        output: run.values(output), isDifferentiated: run.extent.isDifferentiated, state: run.state,
        scratch: run.scratch)
    }
  }

  func backward(_ run: Run) throws {
    guard let note = run.notes[run.current] as? Note else { return }
    let cloud = cloud(run.program, run.extent)
    let channels = run.feature(output).channels
    var scaleGradient = [Float](repeating: 0, count: cloud.sets * channels), shiftGradient = scaleGradient
    var biasGradient = [Float](repeating: 0, count: channels)
    try withParameters(run) { weight, bias in
      func backward(_ inputGradient: UnsafeMutablePointer<Float>?, _ weightGradient: UnsafeMutablePointer<Float>?) {
        cloud.backward(
          input: run.values(input), weight: weight, outputGradient: run.outputGradient(),
          output: run.values(output), scale: note.scale, mean: note.mean, inverseDeviation: note.inverseDeviation,
          statisticsFollowInput: note.followsInput, inputGradient: inputGradient, weightGradient: weightGradient,
          biasGradient: &biasGradient, scaleGradient: &scaleGradient, shiftGradient: &shiftGradient,
          state: run.state, scratch: run.scratch)
      }
      func backward(_ weightGradient: UnsafeMutablePointer<Float>?) {
        guard run.wantsGradient(input) else { return backward(nil, weightGradient) }
        run.giveGradient(to: input) { backward($0, weightGradient) }
      }
      if try run.parameter(convolution + ".weight").isTracked {
        try run.giveGradient(toParameter: convolution + ".weight") { backward($0) }
      } else {
        backward(nil)
      }
    }
    if hasBias {
      try run.giveGradient(toParameter: convolution + ".bias") { $0.update(from: biasGradient, count: channels) }
    }
    for set in 0..<cloud.sets {
      let own = set * channels..<(set + 1) * channels
      try run.giveGradient(
        to: AffineSlot(operation: run.current, branch: set, part: .scale), Array(scaleGradient[own]))
      try run.giveGradient(
        to: AffineSlot(operation: run.current, branch: set, part: .shift), Array(shiftGradient[own]))
    }
  }

  private func withParameters(
    _ run: Run, _ body: (_ weight: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?) throws -> Void
  ) throws {
    let bias = try hasBias ? run.parameter(convolution + ".bias") : nil
    try run.parameter(convolution + ".weight").read { weight in
      if let bias { try bias.read { try body(weight, $0) } } else { try body(weight, nil) }
    }
  }

  private func cloud(_ program: Program, _ extent: Extent) -> CloudMaximum {
    let (from, to) = (program.features[input], program.features[output])
    let sets = extent.copies(from)
    return CloudMaximum(
      samples: extent.samples * sets, points: from.positions, sets: sets, inputChannels: from.channels,
      outputChannels: to.channels, isRectified: isRectified, level: extent.level)
  }
}

extension MaximumOverPoints {
  /// What the way back needs beside the state: all [branches, channels], but the coefficients [branches, row length].
  private struct Note: Sendable {
    var scale: [Float] = []
    var mean: [Float] = []
    var inverseDeviation: [Float] = []
    var followsInput: Bool
    var multiply: [Float] = []
    var add: [Float] = []
  }

  private func prepare(
    _ run: Run, _ cloud: CloudMaximum, _ weight: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?
  ) throws -> Note {
    let feature = run.feature(output)
    let channels = feature.channels
    var note = Note(followsInput: layer.normalization == .batch && run.extent.isTraining)
    var mean = [Float](repeating: 0, count: cloud.sets * channels)
    var variance = [Float](repeating: 1, count: cloud.sets * channels)
    if note.followsInput {
      cloud.moments(
        input: run.values(input), weight: weight, bias: bias, mean: &mean, variance: &variance, state: run.state,
        scratch: run.scratch)
    }
    for branch in 0..<run.extent.branches where layer.normalization == .batch {
      let set = min(branch, cloud.sets - 1)
      let own = set * channels..<(set + 1) * channels
      var running = try RunningStatistics(path, run.affines(run.current, branch: set), run)
      if run.extent.isTraining {
        try running.update(
          mean: Array(mean[own]), variance: Array(variance[own]), values: run.extent.samples * cloud.points)
        running.store(in: run)
      } else {
        mean.replaceSubrange(own, with: running.mean.elements)
        variance.replaceSubrange(own, with: running.variance.elements)
      }
    }
    let epsilon = layer.normalization == .batch ? NormalizationLayer.epsilon : 0
    note.mean = mean
    note.inverseDeviation = variance.map { Float(1 / (Double($0) + Double(epsilon)).squareRoot()) }
    let surplus = [Float](repeating: 0, count: feature.rowLength - channels)
    for set in 0..<cloud.sets {
      let affine = run.affines(run.current, branch: set)
      let (scale, shift) = (affine.scale.elements, affine.shift.elements)
      let own = set * channels..<(set + 1) * channels
      let multiply = zip(scale, note.inverseDeviation[own]).map { $0 * $1 }
      note.scale += scale
      note.multiply += multiply + surplus
      note.add += zip(shift, zip(mean[own], multiply)).map { $0 - $1.0 * $1.1 } + surplus
    }
    return note
  }
}
