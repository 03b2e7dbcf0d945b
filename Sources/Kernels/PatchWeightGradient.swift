import CKernels

/// The gradient of the weights by patches: patchesᵀ times output gradients.
///
/// The work is shared by slices of the patches and by runs of rows, of which each makes a partial sum. Both are cut by
/// the geometry alone, so that a slice of the sum stays in a core's cache and sixteen cores or so have work.
struct PatchWeightGradient {
  private static let wantedItems = 16

  private let patches: PatchRows
  private let panels: WeightPanels
  private let level: KernelLevel
  private let workers: Int
  private let slices: [PatchRows.Slice]
  private let rowsAtOnce: Int
  private let parts: Int
  private let patchRow: Int
  private let copiesGradients: Bool
  private let gradientCount: Int
  private let sumsAt, piecesAt, patchesAt, gradientsAt: Int

  /// Floats of working storage.
  let scratchCount: Int

  init(_ patches: PatchRows, workers: Int) {
    self.patches = patches
    self.workers = workers
    level = patches.level
    panels = WeightPanels(patches.geometry, columns: .outputChannels, level: level)
    let sum = patches.depth * patches.outputWidth
    slices = patches.slices(of: (1 << 17) / max(patches.outputWidth, 1))
    let sliceWidth = slices.reduce(0) { max($0, patches.width($1)) }
    rowsAtOnce = max(1, min(patches.count, max(28, min(192, (3 << 16) / (sliceWidth + patches.outputWidth)))))
    patchRow = ChannelsLast.width(sliceWidth)
    let blocks = (patches.count + rowsAtOnce - 1) / rowsAtOnce
    let wanted = (Self.wantedItems + slices.count - 1) / max(slices.count, 1)
    parts = max(1, min(blocks, wanted, (1 << 22) / max(sum, 1)))
    var layout = ScratchLayout()
    sumsAt = layout.take(parts * sum)
    piecesAt = layout.take(panels.pieceCount * workers)
    patchesAt = layout.take(rowsAtOnce * patchRow * workers)
    // A narrow panel of gradients, read where it lies, is a line here and a line there, which fall into the same few
    // sets of the first-level cache.
    copiesGradients = level.panel <= 16
    gradientCount = copiesGradients ? rowsAtOnce * patches.outputWidth : 0
    gradientsAt = layout.take(gradientCount * workers)
    scratchCount = layout.count
  }

  func run(
    input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>, weightGradient: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    let width = patches.outputWidth, sum = patches.depth * width
    if patches.count == 0 { (scratch + sumsAt).update(repeating: 0, count: parts * sum) }
    let blocks = (patches.count + rowsAtOnce - 1) / rowsAtOnce
    Pool.run(items: parts * slices.count, workers: workers) { item, _, worker in
      let part = item / slices.count, slice = slices[item % slices.count], first = part * blocks / parts
      let storage = scratch + patchesAt + worker * rowsAtOnce * patchRow
      let copy = scratch + gradientsAt + worker * gradientCount
      for block in first..<(part + 1) * blocks / parts {
        let rows = range(block), next = range(block + 1), gradient = outputGradient + rows.lowerBound * width
        if !patches.isPointwise { patches.gather(rows, slice, of: input, row: patchRow, into: storage) }
        if copiesGradients { copyPanels(gradient, rows: rows.count, to: copy) }
        var p = kernel_product(
          m: patches.width(slice), n: width, depth: rows.count,
          a: patches.isPointwise ? input + rows.lowerBound * patches.inputWidth : UnsafePointer(storage), a_row: 1,
          a_depth: patches.isPointwise ? patches.inputWidth : patchRow,
          b: copiesGradients ? UnsafePointer(copy) : gradient, b_depth: copiesGradients ? level.panel : width,
          b_panel: copiesGradients ? rowsAtOnce * level.panel : level.panel,
          c: scratch + sumsAt + part * sum + patches.start(slice) * width, c_row: width,
          accumulates: block > first ? 1 : 0)
        level.functions.pointee.product_ahead(
          &p, patches.ahead(of: next, in: input),
          kernel_ahead(start: outputGradient + next.lowerBound * width, count: next.count * width))
      }
    }
    addParts(scratch, into: weightGradient)
  }

  private func copyPanels(_ gradient: UnsafePointer<Float>, rows: Int, to copy: UnsafeMutablePointer<Float>) {
    let width = patches.outputWidth
    for first in stride(from: 0, to: width, by: level.panel) {
      let panel = copy + first * rowsAtOnce
      for row in 0..<rows {
        (panel + row * level.panel).update(from: gradient + row * width + first, count: level.panel)
      }
    }
  }

  private func range(_ block: Int) -> Range<Int> {
    min(block * rowsAtOnce, patches.count)..<min((block + 1) * rowsAtOnce, patches.count)
  }

  private func addParts(_ scratch: UnsafeMutablePointer<Float>, into weightGradient: UnsafeMutablePointer<Float>) {
    let width = patches.outputWidth, sum = patches.depth * width
    panels.fillPieces(of: weightGradient, pieces: scratch + piecesAt, workers: workers) { piece, buffer in
      for channel in piece.depth {
        for tap in 0..<patches.taps {
          let target = buffer + ((channel - piece.depth.lowerBound) * patches.taps + tap) * level.panel
          let source = scratch + sumsAt + (tap * patches.inputWidth + channel) * width + piece.firstColumn
          target.update(from: source, count: piece.columns)
          for part in 1..<parts { kernel_axpy(piece.columns, 1, source + part * sum, target) }
        }
      }
    }
  }
}
