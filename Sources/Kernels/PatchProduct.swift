import CKernels

/// The convolution by patches, and the gradient of its input: blocks of patches are gathered into a core's cache and
/// multiplied by the weights, or products are added to the inputs. A 1x1 convolution at stride 1 multiplies the inputs
/// where they lie.
struct PatchProduct {
  private let patches: PatchRows
  private let weights: PatchWeights
  private let level: KernelLevel
  private let workers: Int
  private let rowsAtOnce: Int
  private let imagesAtOnce: Int
  private let weightsAt, onesAt, biasAt, piecesAt, patchesAt: Int

  /// Floats of working storage.
  let scratchCount: Int

  init(_ patches: PatchRows, towardsInput: Bool, workers: Int) {
    self.patches = patches
    self.workers = workers
    level = patches.level
    weights = PatchWeights(patches, columns: towardsInput ? .inputChannels : .outputChannels)
    // Patches of half a megabyte; the weights, which are read for each block, want 84 rows to be multiplied by.
    let wanted = min(max((1 << 17) / max(patches.storedDepth, 1), 84), 672)
    rowsAtOnce = Pool.evenSize(patches.count, wanted: wanted, unit: 42, workers: workers)
    imagesAtOnce = max(1, min(patches.geometry.batch, rowsAtOnce / max(patches.geometry.outputPositions, 1)))
    var layout = ScratchLayout()
    weightsAt = layout.take(weights.count)
    onesAt = layout.take(patches.outputWidth)
    biasAt = layout.take(patches.outputWidth)
    piecesAt = layout.take(weights.panels.pieceCount * workers)
    patchesAt = layout.take(rowsAtOnce * patches.storedDepth * workers)
    scratchCount = layout.count
  }

  func forward(
    input: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    isRectified: Bool, output: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    weights.pack(weight, pieces: scratch + piecesAt, workers: workers, into: scratch + weightsAt)
    let width = patches.outputWidth
    (scratch + onesAt).update(repeating: 1, count: width)
    (scratch + biasAt).update(repeating: 0, count: width)
    if let bias { (scratch + biasAt).update(from: bias, count: patches.geometry.outputChannels) }
    forEachBlock { rows, next, storage in
      let target = output + rows.lowerBound * width
      if !patches.isPointwise {
        patches.gather(rows, patches.whole, of: input, row: patches.storedDepth, into: scratch + storage)
      }
      let left = patches.isPointwise ? input + rows.lowerBound * patches.inputWidth : UnsafePointer(scratch + storage)
      multiply(
        left, row: patches.isPointwise ? patches.inputWidth : patches.storedDepth, rows: rows.count, scratch,
        into: target, ahead: patches.ahead(of: next, in: input),
        written: kernel_ahead(start: output + next.lowerBound * width, count: next.count * width))
      if bias != nil || isRectified { finish(target, rows: rows.count, isRectified: isRectified, scratch) }
    }
  }

  func backwardInput(
    outputGradient: UnsafePointer<Float>, weight: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    weights.pack(weight, pieces: scratch + piecesAt, workers: workers, into: scratch + weightsAt)
    let g = patches.geometry, width = patches.outputWidth
    func multiply(_ rows: Range<Int>, next: Int, into target: UnsafeMutablePointer<Float>) {
      self.multiply(
        outputGradient + rows.lowerBound * width, row: width, rows: rows.count, scratch, into: target,
        ahead: kernel_ahead(start: outputGradient + next * width, count: rows.count * width),
        written: kernel_ahead(start: target, count: 0))
    }
    if patches.isPointwise, patches.inputWidth == weights.columns {
      return forEachBlock { rows, next, _ in
        multiply(rows, next: next.lowerBound, into: inputGradient + rows.lowerBound * weights.columns)
      }
    }
    // Patches of one image overlap in its inputs, so one worker takes them all.
    let image = g.inputPositions * patches.inputWidth
    Pool.run(items: (g.batch + imagesAtOnce - 1) / imagesAtOnce, workers: workers) { item, nextItem, worker in
      let images = item * imagesAtOnce..<min((item + 1) * imagesAtOnce, g.batch)
      (inputGradient + images.lowerBound * image).update(repeating: 0, count: images.count * image)
      let end = images.upperBound * g.outputPositions, storage = scratch + patchesAt + worker * patchCount
      for first in stride(from: images.lowerBound * g.outputPositions, to: end, by: rowsAtOnce) {
        let rows = first..<min(first + rowsAtOnce, end)
        multiply(
          rows, next: rows.upperBound < end ? rows.upperBound : nextItem * imagesAtOnce * g.outputPositions,
          into: storage)
        patches.add(rows, from: storage, to: inputGradient)
      }
    }
  }

  /// y = relu?(y + bias), while the rows are in the cache.
  private func finish(
    _ y: UnsafeMutablePointer<Float>, rows: Int, isRectified: Bool, _ scratch: UnsafePointer<Float>
  ) {
    var n = kernel_row_normalization()
    (n.rows, n.width, n.relu) = (rows, patches.outputWidth, isRectified ? 1 : 0)
    (n.z, n.a, n.b, n.y) = (UnsafePointer(y), scratch + onesAt, scratch + biasAt, y)
    level.functions.pointee.row_forward(&n)
  }

  private var patchCount: Int { rowsAtOnce * patches.storedDepth }

  /// Runs `body` for blocks of rows, and tells it the worker's next block and where its patches may be stored.
  private func forEachBlock(_ body: (_ rows: Range<Int>, _ next: Range<Int>, _ storage: Int) -> Void) {
    let blocks = (patches.count + rowsAtOnce - 1) / rowsAtOnce
    func range(_ block: Int) -> Range<Int> {
      min(block * rowsAtOnce, patches.count)..<min((block + 1) * rowsAtOnce, patches.count)
    }
    Pool.run(items: blocks, workers: workers) { block, next, worker in
      body(range(block), range(next), patchesAt + worker * patchCount)
    }
  }

  private func multiply(
    _ left: UnsafePointer<Float>, row: Int, rows: Int, _ scratch: UnsafePointer<Float>,
    into target: UnsafeMutablePointer<Float>, ahead: kernel_ahead, written: kernel_ahead
  ) {
    var p = kernel_product(
      m: rows, n: weights.columns, depth: weights.depth, a: left, a_row: row, a_depth: 1, b: scratch + weightsAt,
      b_depth: level.panel, b_panel: weights.panel, c: target, c_row: weights.columns,
      accumulates: 0)
    // The weights one panel on; where there is but one, which stays in the cache, what is written next.
    let weightsAhead = kernel_ahead(start: p.b + weights.panel, count: weights.count)
    level.functions.pointee.product_ahead(&p, weights.count > weights.panel ? weightsAhead : written, ahead)
  }
}
