import CKernels

/// The tiles of a Winograd convolution from images [batch, height, width, channels] to others, in either direction.
///
/// A tile covers 4x4 positions of the target; under it lie `points` x `points` positions of the source.
struct WinogradTiling {
  static let outputs = 4

  struct Images {
    let height, width, channels: Int

    /// Floats from one position to the next.
    var stored: Int { ChannelsLast.width(channels) }
  }

  /// Whether a convolution can be done by transforms, and these leave a good deal less to multiply: not where images
  /// are smaller than a tile, nor where there are so few channels that the transforms themselves take longer.
  static func savesWork(_ g: ConvolutionGeometry) -> Bool {
    guard g.kernelHeight == g.kernelWidth, g.kernelHeight == 3 || g.kernelHeight == 5, g.stride == 1,
      g.padding < g.kernelHeight, g.outputPositions > 0, min(g.inputChannels, g.outputChannels) >= 16
    else { return false }
    let tiling = WinogradTiling(g, towardsInput: false, level: .preferred)
    let taps = g.kernelHeight * g.kernelWidth
    return 3 * tiling.count * tiling.frequencies <= 2 * g.batch * g.outputPositions * taps
  }

  let source, target: Images
  let batch, kernel, padding: Int
  let level: KernelLevel

  /// The forward direction, or that of the gradient: the same convolution with rotated, transposed weights.
  init(_ g: ConvolutionGeometry, towardsInput: Bool, level: KernelLevel) {
    let input = Images(height: g.inputHeight, width: g.inputWidth, channels: g.inputChannels)
    let output = Images(height: g.outputHeight, width: g.outputWidth, channels: g.outputChannels)
    source = towardsInput ? output : input
    target = towardsInput ? input : output
    batch = g.batch
    kernel = g.kernelHeight
    padding = towardsInput ? kernel - 1 - g.padding : g.padding
    self.level = level
  }

  var points: Int { kernel + Self.outputs - 1 }
  var frequencies: Int { points * points }
  var rows: Int { (target.height + Self.outputs - 1) / Self.outputs }
  var columns: Int { (target.width + Self.outputs - 1) / Self.outputs }
  var count: Int { batch * rows * columns }

  /// Transforms tiles of the source; row t of frequency f begins at f * frequency + t * source.stored.
  func transformSource(
    _ tiles: Range<Int>, of images: UnsafePointer<Float>, frequency: Int, into storage: UnsafeMutablePointer<Float>
  ) {
    var t = description(tiles, source, padding: padding, frequency: frequency)
    level.functions.pointee.tile_inputs(&t, images, storage)
  }

  /// Transforms tiles of gradients of the target, in panels of `panel` floats, each [tiles, level.panel].
  func transformGradient(
    _ tiles: Range<Int>, of images: UnsafePointer<Float>, frequency: Int, panel: Int,
    into storage: UnsafeMutablePointer<Float>
  ) {
    var t = description(tiles, target, padding: 0, frequency: frequency)
    t.tile = level.panel
    t.panel = panel
    level.functions.pointee.tile_gradients(&t, images, storage)
  }

  /// Transforms products back into tiles of the target and adds the bias, which has as many channels as are stored.
  func restoreTarget(
    _ tiles: Range<Int>, from storage: UnsafePointer<Float>, frequency: Int, bias: UnsafePointer<Float>?,
    isRectified: Bool, into images: UnsafeMutablePointer<Float>
  ) {
    var t = description(tiles, target, padding: 0, frequency: frequency)
    t.rectified = isRectified ? 1 : 0
    level.functions.pointee.tile_outputs(&t, storage, bias, images)
  }

  /// Where these tiles lie in images of the source or of the target, about, to be fetched.
  func ahead(of tiles: Range<Int>, in start: UnsafePointer<Float>, _ images: Images) -> kernel_ahead {
    let image = images.height * images.width * images.stored, perImage = rows * columns
    let first = tiles.lowerBound * image / perImage
    return kernel_ahead(start: start + first, count: tiles.upperBound * image / perImage - first)
  }

  private func description(_ tiles: Range<Int>, _ images: Images, padding: Int, frequency: Int) -> kernel_tiles {
    kernel_tiles(
      points: points, height: images.height, width: images.width, channels: images.stored, padding: padding,
      rows: rows, columns: columns, first: tiles.lowerBound, count: tiles.count, frequency: frequency,
      tile: images.stored, panel: level.panel, rectified: 0)
  }
}
