import CKernels

/// The patches of a convolution as rows of a matrix [outputs, kernelHeight * kernelWidth * inputWidth].
struct PatchRows {
  let geometry: ConvolutionGeometry
  let inputWidth: Int
  let level: KernelLevel

  /// Taps of a kernel that lie side by side in a patch: whole rows of the kernel, or some of one.
  struct Slice {
    let rows, columns: Range<Int>
  }

  var taps: Int { geometry.kernelHeight * geometry.kernelWidth }

  /// Floats of a patch, and with these rounded up to whole lanes.
  var depth: Int { taps * inputWidth }
  var storedDepth: Int { ChannelsLast.width(depth) }

  /// Rows: the outputs.
  var count: Int { geometry.batch * geometry.outputPositions }
  var outputWidth: Int { ChannelsLast.width(geometry.outputChannels) }

  /// Whether the inputs are patches as they are.
  var isPointwise: Bool { taps == 1 && geometry.stride == 1 && geometry.padding == 0 }

  var whole: Slice { Slice(rows: 0..<geometry.kernelHeight, columns: 0..<geometry.kernelWidth) }

  /// Floats of a slice, and where it begins in a patch.
  func width(_ slice: Slice) -> Int { slice.rows.count * slice.columns.count * inputWidth }
  func start(_ slice: Slice) -> Int {
    (slice.rows.lowerBound * geometry.kernelWidth + slice.columns.lowerBound) * inputWidth
  }

  /// Slices of at most `floats` floats, if single taps have no more.
  func slices(of floats: Int) -> [Slice] {
    let g = geometry
    if depth <= floats { return [whole] }
    let perSlice = max(1, min(floats / max(inputWidth, 1), g.kernelWidth))
    return (0..<g.kernelHeight).flatMap { row in
      stride(from: 0, to: g.kernelWidth, by: perSlice).map { column in
        Slice(rows: row..<row + 1, columns: column..<min(column + perSlice, g.kernelWidth))
      }
    }
  }

  /// Gathers the patches of `rows`, or a slice of each, with `row` floats between them.
  func gather(
    _ rows: Range<Int>, _ slice: Slice, of input: UnsafePointer<Float>, row: Int,
    into storage: UnsafeMutablePointer<Float>
  ) {
    var p = description(slice, row: row)
    level.functions.pointee.patch_gather(&p, rows.lowerBound, rows.count, input, storage)
  }

  /// Adds patches, `storedDepth` floats apart, to the inputs that they would be gathered from.
  func add(_ rows: Range<Int>, from patches: UnsafeMutablePointer<Float>, to input: UnsafeMutablePointer<Float>) {
    var p = description(whole, row: storedDepth)
    level.functions.pointee.patch_add(&p, rows.lowerBound, rows.count, patches, input)
  }

  /// The inputs under the patches of `rows`, about, to be fetched.
  func ahead(of rows: Range<Int>, in input: UnsafePointer<Float>) -> kernel_ahead {
    let image = geometry.inputPositions * inputWidth, perImage = geometry.outputPositions
    let first = rows.lowerBound * image / perImage
    return kernel_ahead(start: input + first, count: rows.upperBound * image / perImage - first)
  }

  private func description(_ slice: Slice, row: Int) -> kernel_patches {
    let g = geometry
    return kernel_patches(
      height: g.inputHeight, width: g.inputWidth, channels: inputWidth, output_height: g.outputHeight,
      output_width: g.outputWidth, kernel_height: slice.rows.count, kernel_width: slice.columns.count, stride: g.stride,
      top: g.padding - slice.rows.lowerBound, left: g.padding - slice.columns.lowerBound, row: row)
  }
}
