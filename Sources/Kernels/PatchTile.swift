import CKernels

/// How a convolution is cut into tiles; depends on the geometry alone.
struct PatchTiling {
  /// The columns of a product that amortise the packing of the weights, while the patches stay in the caches.
  private static let wantedColumns = 512

  let geometry: ConvolutionGeometry
  let imagesPerTile: Int
  let rowsPerTile: Int
  let tilesPerImage: Int

  init(_ geometry: ConvolutionGeometry) {
    self.geometry = geometry
    let positions = max(geometry.outputPositions, 1)
    imagesPerTile = max(1, min(Self.wantedColumns / positions, geometry.batch))
    let wantedRows = max(1, Self.wantedColumns / max(geometry.outputWidth, 1))
    rowsPerTile = imagesPerTile > 1 ? geometry.outputHeight : min(wantedRows, geometry.outputHeight)
    tilesPerImage = rowsPerTile == 0 ? 0 : (geometry.outputHeight + rowsPerTile - 1) / rowsPerTile
  }

  var count: Int { (geometry.batch + imagesPerTile - 1) / imagesPerTile * tilesPerImage }

  /// A tile of full size.
  var largestTile: PatchTile {
    PatchTile(
      geometry: geometry, firstImage: 0, images: min(imagesPerTile, geometry.batch), firstRow: 0, rows: rowsPerTile)
  }

  subscript(index: Int) -> PatchTile {
    let image = index / tilesPerImage * imagesPerTile
    let row = index % tilesPerImage * rowsPerTile
    return PatchTile(
      geometry: geometry, firstImage: image, images: min(imagesPerTile, geometry.batch - image),
      firstRow: row, rows: min(rowsPerTile, geometry.outputHeight - row))
  }
}

/// Some rows of the outputs of one image, or all rows of several.
struct PatchTile {
  let geometry: ConvolutionGeometry
  let firstImage, images, firstRow, rows: Int

  var columns: Int { images * rows * geometry.outputWidth }
  var outputChannels: Int { geometry.outputChannels / geometry.groups }
  var inputChannels: Int { geometry.inputChannels / geometry.groups }
  var depth: Int { inputChannels * geometry.kernelHeight * geometry.kernelWidth }
  var weightCount: Int { outputChannels * depth }
  private var columnsPerImage: Int { rows * geometry.outputWidth }

  /// Runs `body` with the patches [depth, columns] of a group and the distance between their rows.
  func withPatches(of input: UnsafePointer<Float>, group: Int, _ body: (UnsafePointer<Float>, Int) -> Void) {
    let g = geometry
    if isPointwise, images == 1 {
      let plane = firstImage * g.inputChannels + group * inputChannels
      body(input + plane * g.inputPositions + firstRow * g.inputWidth, g.inputPositions)
      return
    }
    Scratch.withFloats(depth * columns) { patches in
      forEachWindow(group: group) { window, inputOffset, patchOffset in
        kernel_gather(&window, input + inputOffset, patches + patchOffset)
      }
      body(patches, columns)
    }
  }

  /// Adds patches [depth, columns] to the inputs that they were gathered from.
  func scatter(_ patches: UnsafeMutablePointer<Float>, into input: UnsafeMutablePointer<Float>, group: Int) {
    forEachWindow(group: group) { window, inputOffset, patchOffset in
      kernel_scatter(&window, patches + patchOffset, input + inputOffset)
    }
  }

  /// Runs `body` with the outputs [outputChannels, columns] of a group and the distance between their rows: in place
  /// for one image, else in a copy that is filled before (`load`) or written back after (`store`).
  func withOutputs(
    of output: UnsafeMutablePointer<Float>, group: Int, load: Bool, store: Bool,
    _ body: (UnsafeMutablePointer<Float>, Int) -> Void
  ) {
    let g = geometry
    let first = firstImage * g.outputChannels + group * outputChannels
    if images == 1 {
      body(output + first * g.outputPositions + firstRow * g.outputWidth, g.outputPositions)
      return
    }
    Scratch.withFloats(outputChannels * columns) { copy in
      if load {
        forEachOutputRun(first) { (copy + $0).update(from: output + $1, count: columnsPerImage) }
      }
      body(copy, columns)
      if store {
        forEachOutputRun(first) { (output + $1).update(from: copy + $0, count: columnsPerImage) }
      }
    }
  }

  private var isPointwise: Bool {
    geometry.kernelHeight == 1 && geometry.kernelWidth == 1 && geometry.stride == 1 && geometry.padding == 0
  }

  private func forEachOutputRun(_ firstPlane: Int, _ body: (_ copy: Int, _ output: Int) -> Void) {
    for image in 0..<images {
      for channel in 0..<outputChannels {
        let plane = firstPlane + image * geometry.outputChannels + channel
        body(channel * columns + image * columnsPerImage, plane * geometry.outputPositions)
      }
    }
  }

  private func forEachWindow(
    group: Int, _ body: (_ window: inout kernel_window, _ input: Int, _ patch: Int) -> Void
  ) {
    let g = geometry
    var window = kernel_window()
    window.rows = rows
    window.columns = g.outputWidth
    window.height = g.inputHeight
    window.width = g.inputWidth
    window.stride = g.stride
    var patchRow = 0
    for channel in 0..<inputChannels {
      for kernelRow in 0..<g.kernelHeight {
        for kernelColumn in 0..<g.kernelWidth {
          window.first_row = firstRow * g.stride - g.padding + kernelRow
          window.first_column = kernelColumn - g.padding
          for image in 0..<images {
            let plane = (firstImage + image) * g.inputChannels + group * inputChannels + channel
            body(&window, plane * g.inputPositions, patchRow * columns + image * columnsPerImage)
          }
          patchRow += 1
        }
      }
    }
  }
}
