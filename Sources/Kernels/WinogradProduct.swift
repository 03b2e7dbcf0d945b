import CKernels

/// The forward convolution, and the gradient of its input, which is one too.
///
/// With few channels the transformed weights stay in a core's cache, and each worker takes blocks of tiles from transform
/// to result. With many channels all tiles of a span are transformed first, and the workers share the frequencies: so each
/// weight is read once.
struct WinogradProduct {
  private let tiling: WinogradTiling
  private let panels: WeightPanels
  private let level: KernelLevel
  private let workers: Int
  private let isBlocked: Bool
  private let tilesAtOnce: Int
  let layout: ScratchLayout
  private let weightsAt, biasAt, piecesAt, sourceAt, targetAt: Int

  init(_ geometry: ConvolutionGeometry, towardsInput: Bool, level: KernelLevel, workers: Int) {
    let tiling = WinogradTiling(geometry, towardsInput: towardsInput, level: level)
    let panels = WeightPanels(geometry, columns: towardsInput ? .inputChannels : .outputChannels, level: level)
    let depth = tiling.source.stored, columns = tiling.target.stored
    let weights = tiling.frequencies * depth * columns
    let floatsPerTile = tiling.frequencies * (depth + columns)
    isBlocked = weights <= 1 << 19
    let wanted = isBlocked ? max(14, (1 << 18) / floatsPerTile) : max(64, (1 << 24) / floatsPerTile)
    tilesAtOnce = min(wanted, tiling.count)
    let copies = isBlocked ? workers : 1
    var layout = ScratchLayout()
    weightsAt = layout.take(tiling.frequencies * panels.panelCount * level.panel * panels.depth)
    biasAt = layout.take(columns)
    piecesAt = layout.take(panels.pieceCount * workers)
    sourceAt = layout.take(copies * tiling.frequencies * (tilesAtOnce * depth + 16))
    targetAt = layout.take(copies * tiling.frequencies * (tilesAtOnce * columns + 16))
    self.layout = layout
    self.tiling = tiling
    self.panels = panels
    self.level = level
    self.workers = workers
  }

  func run(
    source: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    target: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    transformWeights(weight, scratch)
    let storedBias = bias.map { bias in
      (scratch + biasAt).update(repeating: 0, count: tiling.target.stored)
      (scratch + biasAt).update(from: bias, count: tiling.target.channels)
      return UnsafePointer(scratch + biasAt)
    }
    if isBlocked {
      Pool.run(items: (tiling.count + tilesAtOnce - 1) / tilesAtOnce, workers: workers) { block, worker in
        let tiles = range(block)
        let v = scratch + sourceAt + worker * tiling.frequencies * sourceFrequency
        let m = scratch + targetAt + worker * tiling.frequencies * targetFrequency
        tiling.transformSource(tiles, of: source, frequency: sourceFrequency, into: v)
        for frequency in 0..<tiling.frequencies {
          multiply(frequency, tiles: tiles.count, panels: 0..<panels.panelCount, v, m, scratch)
        }
        tiling.restoreTarget(tiles, from: m, frequency: targetFrequency, bias: storedBias, into: target)
      }
    } else {
      for span in 0..<(tiling.count + tilesAtOnce - 1) / tilesAtOnce {
        runSpan(range(span), source, storedBias, target, scratch)
      }
    }
  }

  private func runSpan(
    _ tiles: Range<Int>, _ source: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?,
    _ target: UnsafeMutablePointer<Float>, _ scratch: UnsafeMutablePointer<Float>
  ) {
    let v = scratch + sourceAt, m = scratch + targetAt
    Pool.forEachBlock(tiles.count, of: 4) { block in
      tiling.transformSource(
        tiles.lowerBound + block.lowerBound..<tiles.lowerBound + block.upperBound, of: source,
        frequency: sourceFrequency, into: v + block.lowerBound * tiling.source.stored)
    }
    Pool.run(chunks: tiling.frequencies) { frequency in
      multiply(frequency, tiles: tiles.count, panels: 0..<panels.panelCount, v, m, scratch)
    }
    Pool.forEachBlock(tiles.count, of: 4) { block in
      tiling.restoreTarget(
        tiles.lowerBound + block.lowerBound..<tiles.lowerBound + block.upperBound,
        from: m + block.lowerBound * tiling.target.stored, frequency: targetFrequency, bias: bias, into: target)
    }
  }

  // Sixteen floats between frequencies, lest they all fall into the same set of a cache.
  private var sourceFrequency: Int { tilesAtOnce * tiling.source.stored + 16 }
  private var targetFrequency: Int { tilesAtOnce * tiling.target.stored + 16 }
  private var weightFrequency: Int { panels.panelCount * weightPanel }
  private var weightPanel: Int { level.panel * panels.depth }

  private func range(_ block: Int) -> Range<Int> {
    block * tilesAtOnce..<min((block + 1) * tilesAtOnce, tiling.count)
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

  private func multiply(
    _ frequency: Int, tiles: Int, panels range: Range<Int>, _ v: UnsafePointer<Float>, _ m: UnsafeMutablePointer<Float>,
    _ scratch: UnsafePointer<Float>
  ) {
    let first = range.lowerBound * level.panel
    var p = kernel_product(
      m: tiles, n: min(range.upperBound * level.panel, panels.columns) - first, depth: panels.depth,
      a: v + frequency * sourceFrequency, a_row: tiling.source.stored, a_depth: 1,
      b: scratch + weightsAt + frequency * weightFrequency + range.lowerBound * weightPanel, b_depth: level.panel,
      b_panel: weightPanel, c: m + frequency * targetFrequency + first, c_row: tiling.target.stored, accumulates: 0)
    level.functions.pointee.product(&p)
  }
}
