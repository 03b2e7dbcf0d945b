import CKernels

/// The patches of a convolution as rows of a matrix [outputs, kernelHeight * kernelWidth * inputWidth], and the weights as
/// the operand that it is multiplied by.
struct PatchRows {
  let geometry: ConvolutionGeometry
  let inputWidth: Int
  let level: KernelLevel

  /// Floats of a patch.
  var depth: Int { taps * inputWidth }
  var taps: Int { geometry.kernelHeight * geometry.kernelWidth }
  var positions: Int { geometry.batch * geometry.outputPositions }

  /// Floats of a patch, rounded up to whole lanes.
  var storedDepth: Int { ChannelsLast.width(depth) }
  var outputWidth: Int { ChannelsLast.width(geometry.outputChannels) }

  /// Whether the inputs are patches as they are.
  var isPointwise: Bool { taps == 1 && geometry.stride == 1 && geometry.padding == 0 }

  func gather(
    _ rows: Range<Int>, of input: UnsafePointer<Float>, into patches: UnsafeMutablePointer<Float>
  ) {
    var p = description
    level.functions.pointee.patch_gather(&p, rows.lowerBound, rows.count, input, patches)
  }

  /// Adds patches to the inputs that they were gathered from.
  func add(_ rows: Range<Int>, from patches: UnsafeMutablePointer<Float>, to input: UnsafeMutablePointer<Float>) {
    var p = description
    level.functions.pointee.patch_add(&p, rows.lowerBound, rows.count, patches, input)
  }

  private var description: kernel_patches {
    let g = geometry
    return kernel_patches(
      height: g.inputHeight, width: g.inputWidth, channels: inputWidth, output_height: g.outputHeight,
      output_width: g.outputWidth, kernel_height: g.kernelHeight, kernel_width: g.kernelWidth, stride: g.stride,
      padding: g.padding, row: storedDepth)
  }
}

/// The weights in the order of a patch: [tap, input channel] x [output channel], or transposed, in panels.
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
            copy(row, piece, tap: tap, into: packed + channel * width)
          }
        }
      }
    }
  }

  // Columns of one tap, which are spread over panels: by whole lanes where the inputs have them.
  private func copy(
    _ row: UnsafePointer<Float>, _ piece: WeightPanels.Piece, tap: Int, into packed: UnsafeMutablePointer<Float>
  ) {
    let width = patches.level.panel
    let step = patches.inputWidth % ChannelsLast.lanes == 0 ? min(ChannelsLast.lanes, width) : 1
    for channel in stride(from: 0, to: min(piece.columns, patches.inputWidth - piece.firstColumn), by: step) {
      let column = tap * patches.inputWidth + piece.firstColumn + channel
      (packed + column / width * panel + column % width).update(from: row + channel, count: step)
    }
  }
}
