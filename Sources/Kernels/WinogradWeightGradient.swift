import CKernels

/// The gradient of the weights, summed over tiles frequency by frequency and transformed once at the end.
///
/// With few channels each of a fixed number of partial sums, which stay in a core's cache, takes a run of blocks of
/// tiles. With many, all workers transform a span of tiles and then share the frequencies.
struct WinogradWeightGradient {
  private let tiling: WinogradTiling
  private let panels: WeightPanels
  private let level: KernelLevel
  private let workers: Int
  private let sharesFrequencies: Bool
  private let parts: Int
  private let tilesAtOnce: Int
  private let sumsAt, piecesAt, tilesAt: Int

  /// Floats of working storage.
  let scratchCount: Int

  init(_ geometry: ConvolutionGeometry, level: KernelLevel, workers: Int) {
    tiling = WinogradTiling(geometry, towardsInput: false, level: level)
    panels = WeightPanels(geometry, columns: .outputChannels, level: level)
    self.level = level
    self.workers = workers
    let columns = panels.panelCount * level.panel, floats = tiling.source.stored + columns
    let sum = tiling.frequencies * panels.depth * columns
    sharesFrequencies = sum > 1 << 18
    // A block of tiles and its sums stay in the second-level cache; one frequency of a span does.
    let wanted = sharesFrequencies ? max(42, (1 << 17) / floats) : 28
    let spans = (tiling.count + wanted - 1) / wanted
    tilesAtOnce = (tiling.count + spans - 1) / spans
    parts = sharesFrequencies ? 1 : min(8, (tiling.count + tilesAtOnce - 1) / tilesAtOnce)
    let copies = sharesFrequencies ? 1 : workers
    var layout = ScratchLayout()
    sumsAt = layout.take(parts * sum)
    piecesAt = layout.take(panels.pieceCount * workers)
    tilesAt = layout.take(copies * tiling.frequencies * (tilesAtOnce * floats + 16))
    scratchCount = layout.count
  }

  func run(
    input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>, weightGradient: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    let blocks = (tiling.count + tilesAtOnce - 1) / tilesAtOnce
    if sharesFrequencies {
      for span in 0..<blocks { addSpan(range(span), input, outputGradient, scratch) }
    } else {
      Pool.run(items: parts, workers: workers) { part, _, worker in
        for block in part * blocks / parts..<(part + 1) * blocks / parts {
          addBlock(
            block, isFirst: block == part * blocks / parts, worker: worker, input, outputGradient, scratch,
            sums: scratch + sumsAt + part * sumCount)
        }
      }
    }
    transformBack(weightGradient, scratch)
  }

  private func addBlock(
    _ block: Int, isFirst: Bool, worker: Int, _ input: UnsafePointer<Float>, _ outputGradient: UnsafePointer<Float>,
    _ scratch: UnsafeMutablePointer<Float>, sums: UnsafeMutablePointer<Float>
  ) {
    let storage = scratch + tilesAt + worker * tiling.frequencies * frequencyStride
    let tiles = range(block), next = range(block + 1), half = tiling.frequencies / 2
    transform(tiles, input, outputGradient, into: storage)
    let nextInput = tiling.ahead(of: next, in: input, tiling.source)
    let nextGradient = tiling.ahead(of: next, in: outputGradient, tiling.target)
    for frequency in 0..<tiling.frequencies {
      multiply(
        frequency, tiles: tiles.count, accumulates: !isFirst, storage, sums,
        ahead: (frequency < half ? nextInput : nextGradient).part(frequency % half, of: half))
    }
  }

  private func addSpan(
    _ tiles: Range<Int>, _ input: UnsafePointer<Float>, _ outputGradient: UnsafePointer<Float>,
    _ scratch: UnsafeMutablePointer<Float>
  ) {
    Pool.forEachBlock(tiles.count, of: 4) { block in
      transform(
        tiles.lowerBound + block.lowerBound..<tiles.lowerBound + block.upperBound, input, outputGradient,
        into: scratch + tilesAt, at: block.lowerBound)
    }
    Pool.run(items: tiling.frequencies, workers: workers) { frequency, next, _ in
      let ahead = kernel_ahead(start: scratch + tilesAt + next * frequencyStride, count: frequencyStride)
      multiply(
        frequency, tiles: tiles.count, accumulates: tiles.lowerBound > 0, scratch + tilesAt, scratch + sumsAt,
        ahead: ahead)
    }
  }

  // A frequency has the tiles of the input, then those of the gradient in panels, so that they are fetched as one.
  // Sixteen floats more than needed, lest all frequencies fall into the same set of a cache.
  private var frequencyStride: Int { gradientOffset + panels.panelCount * gradientPanel + 16 }
  private var gradientOffset: Int { tilesAtOnce * tiling.source.stored }
  private var gradientPanel: Int { tilesAtOnce * level.panel }

  // Sums lie in panels too: [frequency, panel, depth, columns of a panel].
  private var sumPanel: Int { panels.depth * level.panel }
  private var sumFrequency: Int { panels.panelCount * sumPanel }
  private var sumCount: Int { tiling.frequencies * sumFrequency }

  private func range(_ block: Int) -> Range<Int> {
    min(block * tilesAtOnce, tiling.count)..<min((block + 1) * tilesAtOnce, tiling.count)
  }

  private func transform(
    _ tiles: Range<Int>, _ input: UnsafePointer<Float>, _ outputGradient: UnsafePointer<Float>,
    into storage: UnsafeMutablePointer<Float>, at row: Int = 0
  ) {
    tiling.transformSource(
      tiles, of: input, frequency: frequencyStride, into: storage + row * tiling.source.stored)
    tiling.transformGradient(
      tiles, of: outputGradient, frequency: frequencyStride, panel: gradientPanel,
      into: storage + gradientOffset + row * level.panel)
  }

  // One product a panel; meanwhile the sums of the next one are fetched, and a part of what the caller wants.
  private func multiply(
    _ frequency: Int, tiles: Int, accumulates: Bool, _ storage: UnsafePointer<Float>,
    _ sums: UnsafeMutablePointer<Float>, ahead: kernel_ahead
  ) {
    let left = storage + frequency * frequencyStride
    for panel in 0..<panels.panelCount {
      var p = kernel_product(
        m: panels.depth, n: min(level.panel, panels.columns - panel * level.panel), depth: tiles,
        a: left, a_row: 1, a_depth: tiling.source.stored,
        b: left + gradientOffset + panel * gradientPanel, b_depth: level.panel, b_panel: gradientPanel,
        c: sums + frequency * sumFrequency + panel * sumPanel, c_row: level.panel, accumulates: accumulates ? 1 : 0)
      level.functions.pointee.product_ahead(
        &p, kernel_ahead(start: p.c + sumPanel, count: sumPanel), ahead.part(panel, of: panels.panelCount))
    }
  }

  private func transformBack(_ weightGradient: UnsafeMutablePointer<Float>, _ scratch: UnsafeMutablePointer<Float>) {
    panels.fillPieces(of: weightGradient, pieces: scratch + piecesAt, workers: workers) { piece, taps in
      var w = kernel_weights(
        points: tiling.points, depth: piece.depth.count, columns: piece.columns, taps_row: level.panel, rotated: 0,
        frequency: sumFrequency, frequencies_row: level.panel, parts: parts, part: sumCount)
      level.functions.pointee.weight_taps(
        &w, scratch + sumsAt + piece.panel * sumPanel + piece.depth.lowerBound * level.panel, taps)
    }
  }
}
