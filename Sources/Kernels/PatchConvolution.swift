import CKernels

/// Convolution by patches (im2col): the inputs under each kernel position are gathered into a matrix
/// [inputChannels / groups * kernelHeight * kernelWidth, outputs], and the convolution is a matrix product.
///
/// A tile is what one product covers: rows of outputs of one image, or several whole small images.
struct PatchConvolution: ConvolutionKernel {
  func forward(
    _ g: ConvolutionGeometry, input: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    output: UnsafeMutablePointer<Float>
  ) {
    let tiling = PatchTiling(g)
    Pool.run(chunks: tiling.count) { index in
      let tile = tiling[index]
      for group in 0..<g.groups {
        tile.withPatches(of: input, group: group) { patches, leading in
          tile.withOutputs(of: output, group: group, load: false, store: true) { outputs, leadingOutput in
            MatrixProduct.serial(
              m: tile.outputChannels, n: tile.columns, k: tile.depth,
              weight + group * tile.weightCount, leadingA: tile.depth, patches, leadingB: leading,
              into: outputs, leadingC: leadingOutput)
            guard let bias else { return }
            for channel in 0..<tile.outputChannels {
              let row = outputs + channel * leadingOutput
              kernel_affine(tile.columns, row, 1, bias[group * tile.outputChannels + channel], row)
            }
          }
        }
      }
    }
  }

  func backwardInput(
    _ g: ConvolutionGeometry, outputGradient: UnsafePointer<Float>, weight: UnsafePointer<Float>,
    inputGradient: UnsafeMutablePointer<Float>
  ) {
    let tiling = PatchTiling(g)
    // The tiles of one image overlap in its input, so one thread takes them all.
    Pool.run(chunks: (g.batch + tiling.imagesPerTile - 1) / tiling.imagesPerTile) { chunk in
      let first = chunk * tiling.imagesPerTile
      let images = min(tiling.imagesPerTile, g.batch - first)
      let size = g.inputChannels * g.inputPositions
      (inputGradient + first * size).update(repeating: 0, count: images * size)
      for index in chunk * tiling.tilesPerImage..<(chunk + 1) * tiling.tilesPerImage {
        let tile = tiling[index]
        for group in 0..<g.groups {
          tile.withOutputs(of: .init(mutating: outputGradient), group: group, load: true, store: false) {
            outputs, leading in
            Scratch.withFloats(tile.depth * tile.columns) { patches in
              MatrixProduct.serial(
                m: tile.depth, n: tile.columns, k: tile.outputChannels,
                weight + group * tile.weightCount, leadingA: tile.depth, transposeA: true, outputs, leadingB: leading,
                into: patches, leadingC: tile.columns)
              tile.scatter(patches, into: inputGradient, group: group)
            }
          }
        }
      }
    }
  }

  func backwardWeight(
    _ g: ConvolutionGeometry, input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    weightGradient: UnsafeMutablePointer<Float>
  ) {
    let tiling = PatchTiling(g)
    let size = g.weightCount
    guard size > 0 else { return }
    // Partial sums, each over a run of tiles: at most 16, and no more than 64 MiB of them unless that leaves one.
    let parts = max(1, min(tiling.count, 16, max(2, (1 << 24) / size)))
    Scratch.withFloats(parts * size) { sums in
      Pool.run(chunks: parts) { part in
        let sum = sums + part * size
        sum.update(repeating: 0, count: size)
        for index in part * tiling.count / parts..<(part + 1) * tiling.count / parts {
          let tile = tiling[index]
          for group in 0..<g.groups {
            tile.withPatches(of: input, group: group) { patches, leading in
              tile.withOutputs(of: .init(mutating: outputGradient), group: group, load: true, store: false) {
                outputs, leadingOutput in
                MatrixProduct.serial(
                  m: tile.outputChannels, n: tile.depth, k: tile.columns,
                  outputs, leadingA: leadingOutput, patches, leadingB: leading, transposeB: true,
                  beta: 1, into: sum + group * tile.weightCount, leadingC: tile.depth)
              }
            }
          }
        }
      }
      Pool.forEachBlock(size, of: Elementwise.blockSize) { block in
        let target = weightGradient + block.lowerBound
        target.update(from: sums + block.lowerBound, count: block.count)
        for part in 1..<max(parts, 1) { kernel_axpy(block.count, 1, sums + part * size + block.lowerBound, target) }
      }
    }
  }
}
