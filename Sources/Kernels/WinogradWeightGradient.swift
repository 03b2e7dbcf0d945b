import CKernels

/// The gradient of the weights, summed over tiles frequency by frequency and transformed once at the end.
///
/// With few channels each of a fixed number of partial sums, which stay in a core's cache, takes a run of blocks of tiles.
/// With many, all workers transform a span of tiles and then share the frequencies.
struct WinogradWeightGradient {
  private let tiling: WinogradTiling
  private let panels: WeightPanels
  private let level: KernelLevel
  private let workers: Int
  private let sharesFrequencies: Bool
  private let parts: Int
  private let tilesAtOnce: Int
  private let sumsAt, piecesAt, inputAt, gradientAt: Int

  /// Floats of working storage.
  let scratchCount: Int

  init(_ geometry: ConvolutionGeometry, level: KernelLevel, workers: Int) {
    tiling = WinogradTiling(geometry, towardsInput: false, level: level)
    panels = WeightPanels(geometry, columns: .outputChannels, level: level)
    self.level = level
    self.workers = workers
    let sum = tiling.frequencies * panels.depth * panels.columns
    let panelled = panels.panelCount * level.panel, floats = tiling.source.stored + panelled
    sharesFrequencies = sum > 1 << 18
    // A block of tiles and its sums stay in the second-level cache; a span's frequency does, and the next one.
    let wanted = sharesFrequencies ? max(42, (5 << 15) / floats) : max(14, (1 << 17) / (tiling.frequencies * floats))
    let spans = (tiling.count + wanted - 1) / wanted
    tilesAtOnce = (tiling.count + spans - 1) / spans
    parts = sharesFrequencies ? 1 : min(8, (tiling.count + tilesAtOnce - 1) / tilesAtOnce)
    let copies = sharesFrequencies ? 1 : workers
    var layout = ScratchLayout()
    sumsAt = layout.take(parts * sum)
    piecesAt = layout.take(panels.pieceCount * workers)
    inputAt = layout.take(copies * tiling.frequencies * (tilesAtOnce * tiling.source.stored + 16))
    gradientAt = layout.take(copies * tiling.frequencies * (tilesAtOnce * panelled + 16))
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
    let v = scratch + inputAt + worker * tiling.frequencies * inputFrequency
    let m = scratch + gradientAt + worker * tiling.frequencies * gradientFrequency
    let tiles = range(block)
    transform(tiles, input, outputGradient, v, m)
    let nextInput = tiling.ahead(of: range(block + 1), in: input, tiling.source)
    let nextGradient = tiling.ahead(of: range(block + 1), in: outputGradient, tiling.target)
    for frequency in 0..<tiling.frequencies {
      multiply(
        frequency, tiles: tiles.count, accumulates: !isFirst, v, m, sums,
        ahead: nextInput.part(frequency, of: tiling.frequencies), nextGradient.part(frequency, of: tiling.frequencies))
    }
  }

  private func addSpan(
    _ tiles: Range<Int>, _ input: UnsafePointer<Float>, _ outputGradient: UnsafePointer<Float>,
    _ scratch: UnsafeMutablePointer<Float>
  ) {
    let v = scratch + inputAt, m = scratch + gradientAt
    Pool.forEachBlock(tiles.count, of: 4) { block in
      transform(
        tiles.lowerBound + block.lowerBound..<tiles.lowerBound + block.upperBound, input, outputGradient,
        v + block.lowerBound * tiling.source.stored, m + block.lowerBound * level.panel)
    }
    Pool.run(items: tiling.frequencies, workers: workers) { frequency, next, _ in
      multiply(
        frequency, tiles: tiles.count, accumulates: tiles.lowerBound > 0, v, m, scratch + sumsAt,
        ahead: kernel_ahead(start: v + next * inputFrequency, count: inputFrequency),
        kernel_ahead(start: m + next * gradientFrequency, count: gradientFrequency))
    }
  }

  private var inputFrequency: Int { tilesAtOnce * tiling.source.stored + 16 }
  private var gradientFrequency: Int { panels.panelCount * gradientPanel + 16 }
  private var gradientPanel: Int { tilesAtOnce * level.panel }
  private var sumFrequency: Int { panels.depth * panels.columns }
  private var sumCount: Int { tiling.frequencies * sumFrequency }

  private func range(_ block: Int) -> Range<Int> {
    min(block * tilesAtOnce, tiling.count)..<min((block + 1) * tilesAtOnce, tiling.count)
  }

  private func transform(
    _ tiles: Range<Int>, _ input: UnsafePointer<Float>, _ outputGradient: UnsafePointer<Float>,
    _ v: UnsafeMutablePointer<Float>, _ m: UnsafeMutablePointer<Float>
  ) {
    tiling.transformSource(tiles, of: input, frequency: inputFrequency, into: v)
    tiling.transformGradient(tiles, of: outputGradient, frequency: gradientFrequency, panel: gradientPanel, into: m)
  }

  private func multiply(
    _ frequency: Int, tiles: Int, accumulates: Bool, _ v: UnsafePointer<Float>, _ m: UnsafePointer<Float>,
    _ sums: UnsafeMutablePointer<Float>, ahead first: kernel_ahead, _ second: kernel_ahead
  ) {
    var p = kernel_product(
      m: panels.depth, n: panels.columns, depth: tiles,
      a: v + frequency * inputFrequency, a_row: 1, a_depth: tiling.source.stored,
      b: m + frequency * gradientFrequency, b_depth: level.panel, b_panel: gradientPanel,
      c: sums + frequency * sumFrequency, c_row: panels.columns, accumulates: accumulates ? 1 : 0)
    level.functions.pointee.product_ahead(&p, first, second)
  }

  private func transformBack(_ weightGradient: UnsafeMutablePointer<Float>, _ scratch: UnsafeMutablePointer<Float>) {
    panels.fillPieces(of: weightGradient, pieces: scratch + piecesAt, workers: workers) { piece, taps in
      var w = kernel_weights(
        points: tiling.points, depth: piece.depth.count, columns: piece.columns, taps_row: level.panel, rotated: 0,
        frequency: sumFrequency, frequencies_row: panels.columns, parts: parts, part: sumCount)
      level.functions.pointee.weight_taps(
        &w, scratch + sumsAt + piece.depth.lowerBound * panels.columns + piece.firstColumn, taps)
    }
  }
}
