/// The weights in the order of a patch, as the right operand of a product: [tap and input channel, output channel], or
/// transposed, in panels.
struct PatchWeights {
  let patches: PatchRows
  let panels: WeightPanels

  init(_ patches: PatchRows, columns: WeightPanels.Columns) {
    self.patches = patches
    panels = WeightPanels(patches.geometry, columns: columns, level: patches.level)
  }

  /// Rows and columns of the operand, as they are stored.
  var depth: Int { panels.direction == .outputChannels ? patches.depth : panels.depth }
  var columns: Int { panels.direction == .outputChannels ? panels.columns : patches.storedDepth }

  /// Floats from one panel to the next.
  var panel: Int { depth * patches.level.panel }
  var count: Int { (columns + patches.level.panel - 1) / patches.level.panel * panel }

  /// Packs the weights; what belongs to no channel is zero.
  func pack(
    _ weight: UnsafePointer<Float>, pieces: UnsafeMutablePointer<Float>, workers: Int,
    into packed: UnsafeMutablePointer<Float>
  ) {
    let width = patches.level.panel, taps = patches.taps
    if patches.inputWidth != patches.geometry.inputChannels || patches.storedDepth != patches.depth {
      packed.update(repeating: 0, count: count)
    }
    panels.forEachPiece(of: weight, pieces: pieces, workers: workers) { piece, buffer in
      for channel in piece.depth {
        for tap in 0..<taps {
          let row = buffer + ((channel - piece.depth.lowerBound) * taps + tap) * width
          if panels.direction == .outputChannels {
            let target = packed + piece.panel * panel + (tap * patches.inputWidth + channel) * width
            target.update(from: row, count: piece.columns)
          } else {
            spread(row, piece, tap: tap, over: packed + channel * width)
          }
        }
      }
    }
  }

  // The columns of one tap, which lie in several panels: by whole lanes where the inputs have them.
  private func spread(
    _ row: UnsafePointer<Float>, _ piece: WeightPanels.Piece, tap: Int, over packed: UnsafeMutablePointer<Float>
  ) {
    let width = patches.level.panel
    let step = patches.inputWidth % ChannelsLast.lanes == 0 ? min(ChannelsLast.lanes, width) : 1
    for channel in stride(from: 0, to: min(piece.columns, patches.inputWidth - piece.firstColumn), by: step) {
      let column = tap * patches.inputWidth + piece.firstColumn + channel
      (packed + column / width * panel + column % width).update(from: row + channel, count: step)
    }
  }
}
