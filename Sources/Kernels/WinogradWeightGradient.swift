import CKernels

/// The gradient of the weights, summed over tiles frequency by frequency and transformed once at the end.
///
/// With few channels each of a fixed number of partial sums takes a run of blocks of tiles; with many channels the workers
/// share the frequencies, each a product over all tiles.
struct WinogradWeightGradient {
  private let tiling: WinogradTiling
  private let panels: WeightPanels
  private let level: KernelLevel
  private let workers: Int
  private let parts: Int
  private let isBlocked: Bool
  private let tilesAtOnce: Int
  let layout: ScratchLayout
  private let sumsAt, piecesAt, inputAt, gradientAt: Int

  init(_ geometry: ConvolutionGeometry, level: KernelLevel, workers: Int) {
    let tiling = WinogradTiling(geometry, towardsInput: false, level: level)
    let panels = WeightPanels(geometry, columns: .outputChannels, level: level)
    let sum = tiling.frequencies * panels.depth * panels.columns
    let panelled = panels.panelCount * level.panel
    let floatsPerTile = tiling.frequencies * (tiling.source.stored + panelled)
    isBlocked = sum <= 3 << 18
    let wanted = isBlocked ? max(16, (3 << 16) / floatsPerTile) : max(64, (1 << 24) / floatsPerTile)
    tilesAtOnce = min(wanted, tiling.count)
    parts = isBlocked ? min(8, (tiling.count + tilesAtOnce - 1) / tilesAtOnce) : 1
    let copies = isBlocked ? workers : 1
    var layout = ScratchLayout()
    sumsAt = layout.take(parts * sum)
    piecesAt = layout.take(panels.pieceCount * workers)
    inputAt = layout.take(copies * tiling.frequencies * (tilesAtOnce * tiling.source.stored + 16))
    gradientAt = layout.take(copies * tiling.frequencies * (tilesAtOnce * panelled + 16))
    self.layout = layout
    self.tiling = tiling
    self.panels = panels
    self.level = level
    self.workers = workers
  }

  func run(
    input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>, weightGradient: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    let blocks = (tiling.count + tilesAtOnce - 1) / tilesAtOnce
    if isBlocked {
      Pool.run(items: parts, workers: workers) { part, worker in
        let v = scratch + inputAt + worker * tiling.frequencies * inputFrequency
        let m = scratch + gradientAt + worker * tiling.frequencies * gradientFrequency
        let first = part * blocks / parts
        for block in first..<(part + 1) * blocks / parts {
          let tiles = range(block)
          tiling.transformSource(tiles, of: input, frequency: inputFrequency, into: v)
          tiling.transformGradient(
            tiles, of: outputGradient, frequency: gradientFrequency, panel: gradientPanel, into: m)
          for frequency in 0..<tiling.frequencies {
            multiply(frequency, tiles: tiles.count, accumulates: block > first, v, m, scratch + sumsAt + part * sumCount)
          }
        }
      }
    } else {
      for span in 0..<blocks { runSpan(range(span), input, outputGradient, scratch) }
    }
    transformBack(weightGradient, scratch)
  }

  private func runSpan(
    _ tiles: Range<Int>, _ input: UnsafePointer<Float>, _ outputGradient: UnsafePointer<Float>,
    _ scratch: UnsafeMutablePointer<Float>
  ) {
    let v = scratch + inputAt, m = scratch + gradientAt
    Pool.forEachBlock(tiles.count, of: 4) { block in
      let part = tiles.lowerBound + block.lowerBound..<tiles.lowerBound + block.upperBound
      tiling.transformSource(
        part, of: input, frequency: inputFrequency, into: v + block.lowerBound * tiling.source.stored)
      tiling.transformGradient(
        part, of: outputGradient, frequency: gradientFrequency, panel: gradientPanel,
        into: m + block.lowerBound * level.panel)
    }
    Pool.run(chunks: tiling.frequencies) { frequency in
      multiply(frequency, tiles: tiles.count, accumulates: tiles.lowerBound > 0, v, m, scratch + sumsAt)
    }
  }

  private var inputFrequency: Int { tilesAtOnce * tiling.source.stored + 16 }
  private var gradientFrequency: Int { panels.panelCount * gradientPanel + 16 }
  private var gradientPanel: Int { tilesAtOnce * level.panel }
  private var sumFrequency: Int { panels.depth * panels.columns }
  private var sumCount: Int { tiling.frequencies * sumFrequency }

  private func range(_ block: Int) -> Range<Int> {
    block * tilesAtOnce..<min((block + 1) * tilesAtOnce, tiling.count)
  }

  private func multiply(
    _ frequency: Int, tiles: Int, accumulates: Bool, _ v: UnsafePointer<Float>, _ m: UnsafePointer<Float>,
    _ sums: UnsafeMutablePointer<Float>
  ) {
    var p = kernel_product(
      m: panels.depth, n: panels.columns, depth: tiles,
      a: v + frequency * inputFrequency, a_row: 1, a_depth: tiling.source.stored,
      b: m + frequency * gradientFrequency, b_depth: level.panel, b_panel: gradientPanel,
      c: sums + frequency * sumFrequency, c_row: panels.columns, accumulates: accumulates ? 1 : 0)
    level.functions.pointee.product(&p)
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
