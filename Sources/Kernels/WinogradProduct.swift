import CKernels

/// The forward convolution, and the gradient of its input, which is one too.
///
/// Each worker takes blocks of tiles from transform to result, so that these stay in its caches. Weights that do not
/// are read for each block: while one panel of them is multiplied, the next one is fetched, and so are the images.
struct WinogradProduct {
  private let tiling: WinogradTiling
  private let panels: WeightPanels
  private let level: KernelLevel
  private let workers: Int
  private let tilesAtOnce: Int
  private let weightsAt, biasAt, piecesAt, tilesAt: Int

  /// Floats of working storage.
  let scratchCount: Int

  init(_ geometry: ConvolutionGeometry, towardsInput: Bool, level: KernelLevel, workers: Int) {
    tiling = WinogradTiling(geometry, towardsInput: towardsInput, level: level)
    panels = WeightPanels(geometry, columns: towardsInput ? .inputChannels : .outputChannels, level: level)
    self.level = level
    self.workers = workers
    let weights = tiling.frequencies * panels.panelCount * level.panel * panels.depth
    // Weights from beyond the second-level cache want more rows to be multiplied by. 42 is whole blocks at any level.
    tilesAtOnce = Pool.evenSize(tiling.count, wanted: weights > 1 << 18 ? 42 : 28, unit: 7, workers: workers)
    var layout = ScratchLayout()
    weightsAt = layout.take(weights)
    biasAt = layout.take(tiling.target.stored)
    piecesAt = layout.take(panels.pieceCount * workers)
    let channels = tiling.source.stored + tiling.target.stored
    tilesAt = layout.take(workers * tiling.frequencies * (tilesAtOnce * channels + 16))
    scratchCount = layout.count
  }

  func run(
    source: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    isRectified: Bool = false, target: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    transformWeights(weight, scratch)
    let storedBias = bias.map { bias in
      (scratch + biasAt).update(repeating: 0, count: tiling.target.stored)
      (scratch + biasAt).update(from: bias, count: tiling.target.channels)
      return UnsafePointer(scratch + biasAt)
    }
    let blocks = (tiling.count + tilesAtOnce - 1) / tilesAtOnce
    Pool.run(items: blocks, workers: workers) { block, next, worker in
      let tiles = range(block)
      let v = scratch + tilesAt + worker * tiling.frequencies * frequencyStride
      let m = v + tilesAtOnce * tiling.source.stored
      tiling.transformSource(tiles, of: source, frequency: frequencyStride, into: v)
      multiply(
        v, scratch + weightsAt, m, tiles: tiles.count,
        ahead: tiling.ahead(of: range(next), in: source, tiling.source),
        written: tiling.ahead(of: tiles, in: target, tiling.target))
      tiling.restoreTarget(
        tiles, from: m, frequency: frequencyStride, bias: storedBias, isRectified: isRectified, into: target)
    }
  }

  // Sixteen floats more than needed, lest all frequencies fall into the same set of a cache.
  private var frequencyStride: Int { tilesAtOnce * (tiling.source.stored + tiling.target.stored) + 16 }
  private var weightFrequency: Int { panels.panelCount * weightPanel }
  private var weightPanel: Int { level.panel * panels.depth }

  private func range(_ block: Int) -> Range<Int> {
    min(block * tilesAtOnce, tiling.count)..<min((block + 1) * tilesAtOnce, tiling.count)
  }

  private func transformWeights(_ weight: UnsafePointer<Float>, _ scratch: UnsafeMutablePointer<Float>) {
    panels.forEachPiece(of: weight, pieces: scratch + piecesAt, workers: workers) { piece, taps in
      var w = kernel_weights(
        points: tiling.points, depth: piece.depth.count, columns: piece.columns, taps_row: level.panel,
        rotated: panels.direction == .inputChannels ? 1 : 0, frequency: weightFrequency, frequencies_row: level.panel,
        parts: 1, part: 0)
      level.functions.pointee.weight_frequencies(
        &w, taps, scratch + weightsAt + piece.panel * weightPanel + piece.depth.lowerBound * level.panel)
    }
  }

  // One product a frequency. Fetched meanwhile: the weights one panel on; and half of the time the next block's source,
  // then the target of this one.
  private func multiply(
    _ v: UnsafePointer<Float>, _ weights: UnsafePointer<Float>, _ m: UnsafeMutablePointer<Float>, tiles: Int,
    ahead: kernel_ahead, written: kernel_ahead
  ) {
    let half = tiling.frequencies / 2
    for frequency in 0..<tiling.frequencies {
      var p = kernel_product(
        m: tiles, n: panels.columns, depth: panels.depth, a: v + frequency * frequencyStride,
        a_row: tiling.source.stored, a_depth: 1, b: weights + frequency * weightFrequency, b_depth: level.panel,
        b_panel: weightPanel, c: m + frequency * frequencyStride, c_row: tiling.target.stored, accumulates: 0)
      let images = frequency < half ? ahead : written
      level.functions.pointee.product_ahead(
        &p, kernel_ahead(start: p.b + weightPanel, count: weightFrequency), images.part(frequency % half, of: half))
    }
  }
}

extension kernel_ahead {
  /// The `index`-th of `count` equal parts.
  func part(_ index: Int, of count: Int) -> kernel_ahead {
    let size = (self.count + count - 1) / count
    return kernel_ahead(start: start + index * size, count: size)
  }
}
