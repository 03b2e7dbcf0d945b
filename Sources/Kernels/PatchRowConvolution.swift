import CKernels

/// Convolution of channels-last images by patches: blocks of patches are gathered into a core's cache and multiplied by the
/// weights. A 1x1 convolution at stride 1 multiplies the inputs where they lie.
struct PatchRowConvolution {
  private let patches: PatchRows
  private let level: KernelLevel
  private let workers: Int
  private let rowsAtOnce: Int
  private let imagesAtOnce: Int
  private let parts: Int

  init(_ geometry: ConvolutionGeometry, inputWidth: Int, level: KernelLevel, workers: Int) {
    patches = PatchRows(geometry: geometry, inputWidth: inputWidth, level: level)
    self.level = level
    self.workers = workers
    let fitting = (1 << 17) / max(patches.storedDepth, 1) / 14 * 14
    rowsAtOnce = max(1, min(max(28, fitting), 1022, patches.positions))
    imagesAtOnce = max(1, min(geometry.batch, rowsAtOnce / max(geometry.outputPositions, 1)))
    let blocks = (patches.positions + rowsAtOnce - 1) / rowsAtOnce
    parts = max(1, min(blocks, 16, max(2, (1 << 22) / max(patches.depth * patches.outputWidth, 1))))
  }

  var scratchCount: Int {
    max(forwardLayout.total, backwardInputLayout.total, backwardWeightLayout.total)
  }

  private struct Layout {
    var weights = 0, bias = 0, pieces = 0, patches = 0, total = 0
  }

  private var forwardLayout: Layout {
    let weights = PatchWeights(patches, columns: .outputChannels)
    return layout(weights.count, pieces: weights.panels.pieceCount, bias: patches.outputWidth)
  }

  private var backwardInputLayout: Layout {
    let weights = PatchWeights(patches, columns: .inputChannels)
    return layout(weights.count, pieces: weights.panels.pieceCount, bias: 0)
  }

  private var backwardWeightLayout: Layout {
    let pieces = WeightPanels(patches.geometry, columns: .outputChannels, level: level).pieceCount
    return layout(parts * patches.depth * patches.outputWidth, pieces: pieces, bias: 0)
  }

  private func layout(_ weights: Int, pieces: Int, bias: Int) -> Layout {
    var scratch = ScratchLayout()
    var layout = Layout()
    layout.weights = scratch.take(weights)
    layout.bias = scratch.take(bias)
    layout.pieces = scratch.take(pieces * workers)
    layout.patches = scratch.take(patchCount * workers)
    layout.total = scratch.count
    return layout
  }

  private var patchCount: Int { rowsAtOnce * patches.storedDepth }

  func forward(
    input: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    output: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    let layout = forwardLayout, width = patches.outputWidth
    let weights = PatchWeights(patches, columns: .outputChannels)
    let packed = scratch + layout.weights, storedBias = scratch + layout.bias
    weights.pack(weight, pieces: scratch + layout.pieces, workers: workers, into: packed)
    if let bias {
      storedBias.update(repeating: 0, count: width)
      storedBias.update(from: bias, count: patches.geometry.outputChannels)
    }
    forEachBlock { rows, worker in
      let target = output + rows.lowerBound * width
      if bias != nil { for row in 0..<rows.count { (target + row * width).update(from: storedBias, count: width) } }
      let left = gathered(rows, of: input, into: scratch + layout.patches + worker * patchCount)
      var p = kernel_product(
        m: rows.count, n: width, depth: weights.depth, a: left.start, a_row: left.row, a_depth: 1,
        b: packed, b_depth: level.panel, b_panel: weights.panel, c: target, c_row: width,
        accumulates: bias == nil ? 0 : 1)
      level.functions.pointee.product(&p)
    }
  }

  func backwardInput(
    outputGradient: UnsafePointer<Float>, weight: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    let layout = backwardInputLayout, g = patches.geometry
    let weights = PatchWeights(patches, columns: .inputChannels)
    let packed = scratch + layout.weights
    weights.pack(weight, pieces: scratch + layout.pieces, workers: workers, into: packed)
    func multiply(_ rows: Range<Int>, into target: UnsafeMutablePointer<Float>) {
      var p = kernel_product(
        m: rows.count, n: weights.columns, depth: weights.depth,
        a: outputGradient + rows.lowerBound * patches.outputWidth, a_row: patches.outputWidth, a_depth: 1,
        b: packed, b_depth: level.panel, b_panel: weights.panel, c: target, c_row: weights.columns, accumulates: 0)
      level.functions.pointee.product(&p)
    }
    if patches.isPointwise, patches.inputWidth == weights.columns {
      return forEachBlock { rows, _ in multiply(rows, into: inputGradient + rows.lowerBound * weights.columns) }
    }
    // Patches of one image overlap in its inputs, so one worker takes them all.
    let image = g.inputPositions * patches.inputWidth
    Pool.run(items: (g.batch + imagesAtOnce - 1) / imagesAtOnce, workers: workers) { item, worker in
      let images = item * imagesAtOnce..<min((item + 1) * imagesAtOnce, g.batch)
      (inputGradient + images.lowerBound * image).update(repeating: 0, count: images.count * image)
      let end = images.upperBound * g.outputPositions
      for first in stride(from: images.lowerBound * g.outputPositions, to: end, by: rowsAtOnce) {
        let rows = first..<min(first + rowsAtOnce, end), storage = scratch + layout.patches + worker * patchCount
        multiply(rows, into: storage)
        patches.add(rows, from: storage, to: inputGradient)
      }
    }
  }

  func backwardWeight(
    input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>, weightGradient: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    let layout = backwardWeightLayout, width = patches.outputWidth, depth = patches.depth
    let sums = scratch + layout.weights
    let blocks = (patches.positions + rowsAtOnce - 1) / rowsAtOnce
    Pool.run(items: parts, workers: workers) { part, worker in
      let sum = sums + part * depth * width
      if blocks == 0 { sum.update(repeating: 0, count: depth * width) }
      for block in part * blocks / parts..<(part + 1) * blocks / parts {
        let rows = block * rowsAtOnce..<min((block + 1) * rowsAtOnce, patches.positions)
        let left = gathered(rows, of: input, into: scratch + layout.patches + worker * patchCount)
        var p = kernel_product(
          m: depth, n: width, depth: rows.count, a: left.start, a_row: 1, a_depth: left.row,
          b: outputGradient + rows.lowerBound * width, b_depth: width, b_panel: level.panel, c: sum, c_row: width,
          accumulates: block > part * blocks / parts ? 1 : 0)
        level.functions.pointee.product(&p)
      }
    }
    let panels = WeightPanels(patches.geometry, columns: .outputChannels, level: level)
    panels.fillPieces(of: weightGradient, pieces: scratch + layout.pieces, workers: workers) { piece, buffer in
      for channel in piece.depth {
        for tap in 0..<patches.taps {
          let target = buffer + ((channel - piece.depth.lowerBound) * patches.taps + tap) * level.panel
          let source = sums + (tap * patches.inputWidth + channel) * width + piece.firstColumn
          target.update(from: source, count: piece.columns)
          for part in 1..<max(parts, 1) { kernel_axpy(piece.columns, 1, source + part * depth * width, target) }
        }
      }
    }
  }

  private func forEachBlock(_ body: (Range<Int>, _ worker: Int) -> Void) {
    Pool.run(items: (patches.positions + rowsAtOnce - 1) / rowsAtOnce, workers: workers) { block, worker in
      body(block * rowsAtOnce..<min((block + 1) * rowsAtOnce, patches.positions), worker)
    }
  }

  private func gathered(
    _ rows: Range<Int>, of input: UnsafePointer<Float>, into storage: UnsafeMutablePointer<Float>
  ) -> (start: UnsafePointer<Float>, row: Int) {
    if patches.isPointwise { return (input + rows.lowerBound * patches.inputWidth, patches.inputWidth) }
    patches.gather(rows, of: input, into: storage)
    return (UnsafePointer(storage), patches.storedDepth)
  }
}
