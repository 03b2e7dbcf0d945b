import CKernels

/// Mean and variance of z from those of h: m = W h̄ + b, and the variance of channel k is w_k G w_kᵀ / M with G the
/// products of the deviations of h, summed over M rows. The products of one tile of rows are float32; sums over tiles
/// and all that follows are float64.
extension CloudMaximum {
  /// Rows whose deviations fit into a cache.
  private static let tile = 128
  /// Channels of a chunk, a multiple of the rows of every level's block.
  private static let channelBlock = 84

  struct MomentsLayout {
    /// Partial sums of a set, each over a run of tiles; fewer where they are large.
    let runs: Int
    let sums, products, gram, weight, quadratic, tiles, tileSize, count: Int

    init(_ shape: CloudMaximum) {
      let width = shape.inputWidth, tile = CloudMaximum.tile
      runs = max(1, min((shape.rowsPerSet + tile - 1) / tile, 16, (1 << 20) / (width * width)))
      var cursor = ScratchCursor()
      sums = cursor.doubles(shape.sets * runs * width)
      products = cursor.doubles(shape.sets * runs * width * width)
      gram = cursor.doubles(shape.sets * width * width)
      weight = cursor.doubles(shape.outputChannels * width)
      quadratic = cursor.doubles(shape.sets * shape.outputChannels)
      // The deviations of a tile of rows in strips, and their product with themselves.
      tileSize = tile * shape.inputStrips * CloudMaximum.strip + width * width
      tiles = cursor.floats(shape.sets * runs * tileSize)
      count = cursor.count
    }
  }

  /// Mean and biased variance [sets, outputChannels] of z = W h + b over all points of a set.
  public func moments(
    input: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    mean: UnsafeMutablePointer<Float>, variance: UnsafeMutablePointer<Float>,
    state: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    let layout = MomentsLayout(self), state = State(state, of: self), width = inputWidth
    let center = scratch.doubles(at: layout.sums, count: sets * layout.runs * width)
    let gram = scratch.doubles(at: layout.gram, count: sets * width * width)
    inputMean(input, layout, state, into: center)
    inputGram(input, layout, state, scratch, into: gram)

    let wide = scratch.doubles(at: layout.weight, count: outputChannels * width)
    let quadratic = scratch.doubles(at: layout.quadratic, count: sets * outputChannels)
    Pool.forEachBlock(outputChannels, of: Self.channelBlock) { channels in
      for channel in channels {
        for column in 0..<width {
          let isStored = column < inputChannels
          wide[channel * width + column] = isStored ? Double(weight[channel * inputChannels + column]) : 0
        }
      }
      for set in 0..<sets {
        let first = set * outputChannels
        level.functions.pointee.quadratic_form(
          channels.count, width, wide + channels.lowerBound * width, gram + set * width * width,
          quadratic + first + channels.lowerBound)
        for channel in channels {
          var sum = Double(bias?[channel] ?? 0)
          for column in 0..<width { sum += wide[channel * width + column] * center[set * width + column] }
          mean[first + channel] = Float(sum)
          variance[first + channel] = Float(max(quadratic[first + channel], 0) / Double(rowsPerSet))
        }
      }
    }
  }

  /// The rows of run `run` of a set.
  private func rows(ofRun run: Int, of runs: Int) -> Range<Int> {
    let tiles = (rowsPerSet + Self.tile - 1) / Self.tile
    return run * tiles / runs * Self.tile..<min((run + 1) * tiles / runs * Self.tile, rowsPerSet)
  }

  /// The mean of h for each set, as doubles [sets, inputWidth] at the beginning of `sums`, and in the state.
  private func inputMean(
    _ input: UnsafePointer<Float>, _ layout: MomentsLayout, _ state: State, into sums: UnsafeMutablePointer<Double>
  ) {
    let width = inputWidth, runs = layout.runs
    Pool.run(chunks: sets * runs) { chunk in
      let sum = sums + chunk * width
      sum.update(repeating: 0, count: width)
      for row in rows(ofRun: chunk % runs, of: runs) {
        kernel_accumulate(width, input + (chunk / runs * rowsPerSet + row) * width, sum)
      }
    }
    for set in 0..<sets {
      for column in 0..<width {
        var sum = 0.0
        for run in 0..<runs { sum += sums[(set * runs + run) * width + column] }
        sums[set * width + column] = sum / Double(rowsPerSet)
        state.mean[set * width + column] = Float(sum / Double(rowsPerSet))
      }
    }
  }

  /// Σ (h - mean) (h - mean)ᵀ for each set, as doubles and in the state.
  private func inputGram(
    _ input: UnsafePointer<Float>, _ layout: MomentsLayout, _ state: State, _ scratch: UnsafeMutablePointer<Float>,
    into gram: UnsafeMutablePointer<Double>
  ) {
    let width = inputWidth, runs = layout.runs
    let partial = scratch.doubles(at: layout.products, count: sets * runs * width * width)
    Pool.run(chunks: sets * runs) { chunk in
      let deviations = scratch + layout.tiles + chunk * layout.tileSize
      let sums = partial + chunk * width * width
      sums.update(repeating: 0, count: width * width)
      let rows = rows(ofRun: chunk % runs, of: runs)
      for row in stride(from: rows.lowerBound, to: rows.upperBound, by: Self.tile) {
        let count = min(Self.tile, rows.upperBound - row)
        level.functions.pointee.deviations(
          count, width, input + (chunk / runs * rowsPerSet + row) * width, state.mean + chunk / runs * width,
          deviations)
        addProducts(of: deviations, rows: count, to: sums)
      }
    }
    Pool.run(chunks: sets * width) { chunk in
      let (set, row) = (chunk / width, chunk % width)
      let total = gram + set * width * width
      for column in row..<width {
        var sum = 0.0
        for run in 0..<runs { sum += partial[((set * runs + run) * width + row) * width + column] }
        for place in [row * width + column, column * width + row] {
          total[place] = sum
          state.gram[set * width * width + place] = Float(sum)
        }
      }
    }
  }

  /// Adds the products of the columns of a tile with one another, as far as they are at or above the diagonal.
  private func addProducts(of tile: UnsafeMutablePointer<Float>, rows: Int, to sums: UnsafeMutablePointer<Double>) {
    let width = inputWidth
    let products = tile + Self.tile * inputStrips * Self.strip
    for left in 0..<inputStrips {
      for right in left..<inputStrips {
        var product = kernel_product()
        (product.m, product.n, product.depth) = (self.width(ofStrip: left), self.width(ofStrip: right), rows)
        (product.a, product.a_row, product.a_depth) = (UnsafePointer(tile + left * Self.strip * rows), 1, Self.strip)
        product.b = UnsafePointer(tile + right * Self.strip * rows)
        (product.b_depth, product.b_panel) = (Self.strip, level.panel)
        product.c = products + left * Self.strip * width + right * Self.strip
        product.c_row = width
        level.functions.pointee.product(&product)
      }
      let first = left * Self.strip
      for row in first..<first + self.width(ofStrip: left) {
        kernel_accumulate(width - first, products + row * width + first, sums + row * width + first)
      }
    }
  }
}
