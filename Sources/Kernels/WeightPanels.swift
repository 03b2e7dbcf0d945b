import CKernels

/// The weights [outputChannels, inputChannels, taps] of a convolution, seen as the right operand of a product: the
/// channels that are summed over are its depth, the others its columns, in panels.
///
/// Pieces of sixteen channels of the depth and one panel are transposed into [depth, taps, columns], from where vectors
/// run along the columns.
struct WeightPanels {
  enum Columns { case outputChannels, inputChannels }

  /// Where a piece lies: channels of the depth, and columns as they are stored (those beyond the channels are zero).
  struct Piece {
    let depth: Range<Int>
    let panel, firstColumn, columns: Int
  }

  private static let depthOfPiece = 16

  let level: KernelLevel
  let taps: Int
  let inputChannels, outputChannels: Int
  let direction: Columns

  init(_ geometry: ConvolutionGeometry, columns: Columns, level: KernelLevel) {
    self.level = level
    taps = geometry.kernelHeight * geometry.kernelWidth
    inputChannels = geometry.inputChannels
    outputChannels = geometry.outputChannels
    direction = columns
  }

  var depth: Int { direction == .outputChannels ? inputChannels : outputChannels }
  private var channels: Int { direction == .outputChannels ? outputChannels : inputChannels }

  /// Columns as they are stored.
  var columns: Int { ChannelsLast.width(channels) }
  var panelCount: Int { (columns + level.panel - 1) / level.panel }

  /// Floats that a piece takes.
  var pieceCount: Int { Self.depthOfPiece * taps * level.panel }

  /// Transposes the weights piece by piece; `pieces` holds one for each worker. The taps of channel d of the depth
  /// begin at row (d - depth.lowerBound) * taps; rows are `level.panel` floats apart.
  func forEachPiece(
    of weight: UnsafePointer<Float>, pieces: UnsafeMutablePointer<Float>, workers: Int,
    _ body: (Piece, UnsafeMutablePointer<Float>) -> Void
  ) {
    run(workers) { piece, worker in
      let buffer = pieces + worker * pieceCount
      read(piece, of: weight, into: buffer)
      body(piece, buffer)
    }
  }

  /// Writes weights, whose columns are output channels, from pieces that `body` fills.
  func fillPieces(
    of weight: UnsafeMutablePointer<Float>, pieces: UnsafeMutablePointer<Float>, workers: Int,
    _ body: (Piece, UnsafeMutablePointer<Float>) -> Void
  ) {
    run(workers) { piece, worker in
      let buffer = pieces + worker * pieceCount
      body(piece, buffer)
      let row = inputChannels * taps
      level.functions.pointee.transpose(
        piece.depth.count * taps, min(piece.columns, channels - piece.firstColumn), buffer, level.panel,
        buffer + pieceCount, weight + piece.firstColumn * row + piece.depth.lowerBound * taps, row)
    }
  }

  private func run(_ workers: Int, _ body: (Piece, _ worker: Int) -> Void) {
    let blocks = (depth + Self.depthOfPiece - 1) / Self.depthOfPiece
    Pool.run(items: blocks * panelCount, workers: workers) { item, _, worker in
      let first = item / panelCount * Self.depthOfPiece
      let column = item % panelCount * level.panel
      let piece = Piece(
        depth: first..<min(first + Self.depthOfPiece, depth), panel: item % panelCount, firstColumn: column,
        columns: min(level.panel, columns - column))
      body(piece, worker)
    }
  }

  private func read(_ piece: Piece, of weight: UnsafePointer<Float>, into buffer: UnsafeMutablePointer<Float>) {
    let transpose = level.functions.pointee.transpose
    let end = weight + inputChannels * outputChannels * taps
    let present = min(piece.columns, channels - piece.firstColumn)
    if present < piece.columns { buffer.update(repeating: 0, count: piece.depth.count * taps * level.panel) }
    switch direction {
    case .outputChannels:
      let row = inputChannels * taps
      transpose?(
        present, piece.depth.count * taps, weight + piece.firstColumn * row + piece.depth.lowerBound * taps, row, end,
        buffer, level.panel)
    case .inputChannels:
      for channel in piece.depth {
        transpose?(
          present, taps, weight + (channel * inputChannels + piece.firstColumn) * taps, taps, end,
          buffer + (channel - piece.depth.lowerBound) * taps * level.panel, level.panel)
      }
    }
  }
}
