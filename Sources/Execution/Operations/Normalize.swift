import Kernels
import Networks
import Tensors

/// A normalisation with all that follows it, in one pass over memory:
///
///     y = relu?(relu?(scale · Norm(z) + shift) + residual)      or      y = maxpool(relu?(scale · Norm(z) + shift))
///
/// Each branch has its scale and shift, and its moments where they are taken over the batch. Where the branches are the
/// same up to here, z is held once and y for each of them.
struct Normalize: NormalizingOperation {
  let input: Feature.ID
  let residual: Feature.ID?
  let output: Feature.ID
  let path: String
  let layer: any NormalizingLayer
  let isRectified: Bool
  let isRectifiedAfterAddition: Bool
  let isPooled: Bool

  var inputs: [Feature.ID] { [input] + (residual.map { [$0] } ?? []) }
  var readBackward: [Feature.ID] { isRectifiedAfterAddition ? [input, output] : [input] }
  var inputThatTakesGradient: Feature.ID? { residual }
  var isCheap: Bool { residual == nil && !isPooled }

  func inputOverwrittenByGradient(_ program: Program) -> Feature.ID? {
    isPooled || program.features[input].isShared != program.features[output].isShared ? nil : input
  }

  func storage(_ program: Program, _ extent: Extent) -> OperationStorage {
    let sets = sets(program, extent)
    return OperationStorage(scratch: RowNormalization.scratchCount(sets, form: form(program)))
  }

  func forward(_ run: Run) throws {
    if run.phase == .forward { run.notes[run.current] = try prepare(run) }
    guard let note = run.notes[run.current] as? Note else { return }
    note.withAffine { affine in
      RowNormalization.forward(
        sets(run.program, run.extent), form: form(run.program), run.values(input), affine,
        residual: residual.map { UnsafePointer(run.values($0)) }, into: run.values(output), level: run.level)
    }
  }

  func backward(_ run: Run) throws {
    guard let note = run.notes[run.current] as? Note else { return }
    let (sets, form) = (sets(run.program, run.extent), form(run.program))
    let sums = note.withAffine { affine in
      note.mean.withUnsafeBufferPointer { mean -> RowGradientSums? in
        guard let mean = mean.baseAddress else { return nil }
        return RowNormalization.gradientSums(
          sets, form: form, run.values(input), affine, mean: mean,
          output: isRectifiedAfterAddition ? UnsafePointer(run.values(output)) : nil,
          outputGradient: run.outputGradient(), scratch: run.scratch, level: run.level)
      }
    }
    guard let sums else { return }
    try giveAffineGradients(sums, note, run)
    // The sums have left the gradient as it was before the last relu: that of the residual.
    if let residual { run.passGradient(to: residual) }
    let coefficients = note.statistics.inputGradientCoefficients(sums, scale: note.scale, affines: note.affines)
    run.giveGradient(to: input) { target in
      note.withAffine { affine in
        RowNormalization.inputGradient(
          sets, form: form, run.values(input), affine, outputGradient: run.outputGradient(), coefficients,
          into: target, level: run.level)
      }
    }
  }

  private func giveAffineGradients(_ sums: RowGradientSums, _ note: Note, _ run: Run) throws {
    let (feature, branches) = (run.feature(output), run.extent.copies(run.feature(output)))
    let gradients = note.statistics.affineGradients(sums, affines: note.affines, count: branches)
    for branch in 0..<branches {
      let own = branch * feature.rowLength..<branch * feature.rowLength + feature.channels
      try run.giveGradient(
        to: AffineSlot(operation: run.current, branch: branch, part: .scale), Array(gradients.scale[own]))
      try run.giveGradient(
        to: AffineSlot(operation: run.current, branch: branch, part: .shift), Array(gradients.shift[own]))
    }
  }
}

// Moments, coefficients, and what is kept of them.
extension Normalize {
  /// What the way back needs beside the values.
  private struct Note: Sendable {
    var statistics: RowStatistics
    /// Scales of the branches [branches, row length].
    var scale: [Float]
    /// The branch of each set.
    var affines: [Int]
    var multiply: [Float]
    var add: [Float]
    var mean: [Float]

    func withAffine<Result>(_ body: (RowNormalization.Affine) -> Result) -> Result {
      multiply.withUnsafeBufferPointer { multiply in
        add.withUnsafeBufferPointer { add in
          guard let multiply = multiply.baseAddress, let add = add.baseAddress else {
            preconditionFailure("a normalisation has channels")
          }
          return body(RowNormalization.Affine(multiply: multiply, add: add))
        }
      }
    }
  }

  private func prepare(_ run: Run) throws -> Note {
    let feature = run.feature(input)
    let branches = run.extent.copies(run.feature(output))
    let statistics = try statistics(run, branches: branches)
    func rows(_ part: (Affine) -> Tensor) -> [Float] {
      (0..<branches).flatMap { branch in
        let values = part(run.affines(run.current, branch: branch)).elements
        return values + [Float](repeating: 0, count: feature.rowLength - values.count)
      }
    }
    let (scale, shift) = (rows(\.scale), rows(\.shift))
    let affines = (0..<statistics.sets).map { $0 * branches / statistics.sets }
    let (multiply, add) = statistics.affine(scale: scale, shift: shift, affines: affines)
    return Note(
      statistics: statistics, scale: scale, affines: affines, multiply: multiply, add: add,
      mean: statistics.mean.map { Float($0) })
  }

  private func statistics(_ run: Run, branches: Int) throws -> RowStatistics {
    let feature = run.feature(input)
    let epsilon = Double(NormalizationLayer.epsilon)
    if layer.normalization == .identity {
      return RowStatistics(identityOf: feature.channels, sets: branches, width: feature.rowLength)
    }
    if isOverBatch, !run.extent.isTraining {
      return RowStatistics(
        joining: try (0..<branches).map { branch in
          let running = try RunningStatistics(path, run.affines(run.current, branch: branch), run)
          return RowStatistics(
            sets: 1, width: feature.rowLength, mean: running.mean.elements, variance: running.variance.elements,
            epsilon: epsilon)
        })
    }
    let copies = run.extent.copies(feature)
    let groups = try layer.normalization.groups(channels: feature.channels) ?? feature.channels
    let moments = RowNormalization.moments(
      ownSets(run.extent, feature, copies: copies), run.values(input), scratch: run.scratch, level: run.level)
    let statistics = moments.statistics(
      channels: feature.channels, channelsPerGroup: feature.channels / groups, epsilon: epsilon)
    if isOverBatch { try updateRunning(statistics, run, branches: branches) }
    return statistics.repeated(branches / copies)
  }

  /// running ← 0.9 running + 0.1 batch, for every branch in turn, also where they share the values.
  private func updateRunning(_ statistics: RowStatistics, _ run: Run, branches: Int) throws {
    let feature = run.feature(input)
    let values = run.extent.samples * feature.positions
    for branch in 0..<run.extent.branches {
      let set = statistics.sets > 1 ? branch : 0
      let own = set * feature.rowLength..<set * feature.rowLength + feature.channels
      var running = try RunningStatistics(
        path, run.affines(run.current, branch: branches > 1 ? branch : 0), run)
      try running.update(
        mean: statistics.mean[own].map { Float($0) }, variance: statistics.variance[own].map { Float($0) },
        values: values)
      running.store(in: run)
    }
  }

  private var isOverBatch: Bool { layer.normalization == .batch }

  private func form(_ program: Program) -> RowNormalization.Form {
    let feature = program.features[input]
    return RowNormalization.Form(
      relu: isRectified, reluAfterSum: isRectifiedAfterAddition,
      pooledImage: isPooled ? RowImage(height: feature.height, width: feature.width) : nil)
  }

  /// The sets of the input by itself.
  private func ownSets(_ extent: Extent, _ feature: Feature, copies: Int) -> RowSets {
    isOverBatch || layer.normalization == .identity
      ? RowSets(count: copies, rows: extent.samples * feature.positions, width: feature.rowLength)
      : RowSets(count: copies * extent.samples, rows: feature.positions, width: feature.rowLength)
  }

  /// The sets of the output: those of the input, once for each branch if the input is shared and the output not.
  private func sets(_ program: Program, _ extent: Extent) -> RowSets {
    let (from, to) = (program.features[input], program.features[output])
    let own = ownSets(extent, from, copies: extent.copies(from))
    let times = extent.copies(to) / extent.copies(from)
    return RowSets(
      inputRows: (0..<times).flatMap { _ in own.inputRows }, rows: own.rows, width: own.width)
  }
}
