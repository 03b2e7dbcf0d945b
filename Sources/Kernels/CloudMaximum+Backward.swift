import CKernels

/// The gradient reaches z at one point a channel (sparse), and through mean and variance at all (dense). The dense part
/// is linear in h, so that it takes one matrix [inputWidth, inputWidth] a set.
extension CloudMaximum {
  /// Rows of a chunk of the input gradient: with their input they should fit into the second cache.
  private static let rowBlock = 1024
  /// Output channels of a chunk.
  private static let channelBlock = 64

  struct BackwardLayout {
    /// W with rows of inputWidth; the same times -variance slope, for each set; γ r g [samples, paddedChannels].
    let weight, scaled, coefficient: Int
    /// Doubles [sets, outputChannels]: what each z of a set gets through the mean, and per deviation of z.
    let meanSlope, varianceSlope: Int
    /// The dense part for each set: a matrix in strips and a row.
    let dense, constant, constantSum: Int
    /// dW with rows of inputWidth.
    let weightGradient, count: Int

    init(_ shape: CloudMaximum) {
      let width = shape.inputWidth
      var cursor = ScratchCursor()
      weight = cursor.floats(shape.outputChannels * width)
      scaled = cursor.floats(shape.sets * shape.outputChannels * width)
      coefficient = cursor.floats(shape.samples * shape.paddedChannels)
      meanSlope = cursor.doubles(shape.sets * shape.outputChannels)
      varianceSlope = cursor.doubles(shape.sets * shape.outputChannels)
      dense = cursor.floats(shape.sets * width * shape.inputStrips * CloudMaximum.strip)
      constant = cursor.floats(shape.sets * width)
      constantSum = cursor.doubles(shape.sets * width)
      weightGradient = cursor.floats(shape.outputChannels * width)
      count = cursor.count
    }
  }

  /// Gradients of a loss from its gradient by y, `outputGradient`; those that are nil are not wanted.
  ///
  /// - Parameters:
  ///   - output: What `forward` gave.
  ///   - scale: γ [sets, outputChannels]; without it one.
  ///   - mean: m [sets, outputChannels] of z; without it zero.
  ///   - inverseDeviation: r [sets, outputChannels]; without it one.
  ///   - statisticsFollowInput: Whether m and r are those that `moments` gave for this input (training), or constants.
  ///   - inputGradient: [samples * points, width(inputChannels)].
  ///   - weightGradient: [outputChannels, inputChannels], summed over the sets like `biasGradient`.
  ///   - scaleGradient: [sets, outputChannels], like `shiftGradient`.
  public func backward(
    input: UnsafePointer<Float>, weight: UnsafePointer<Float>,
    outputGradient: UnsafePointer<Float>, output: UnsafePointer<Float>,
    scale: UnsafePointer<Float>?, mean: UnsafePointer<Float>?, inverseDeviation: UnsafePointer<Float>?,
    statisticsFollowInput: Bool,
    inputGradient: UnsafeMutablePointer<Float>?, weightGradient: UnsafeMutablePointer<Float>?,
    biasGradient: UnsafeMutablePointer<Float>?, scaleGradient: UnsafeMutablePointer<Float>?,
    shiftGradient: UnsafeMutablePointer<Float>?,
    state: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    let work = Work(
      input: input, state: State(state, of: self), layout: BackwardLayout(self), scratch: scratch, shape: self,
      statisticsFollowInput: statisticsFollowInput)
    Pool.forEachBlock(outputChannels, of: Self.channelBlock) { channels in
      for channel in channels {
        var bias = 0.0
        for set in 0..<sets {
          let place = set * outputChannels + channel
          let inverse = Double(inverseDeviation?[place] ?? 1), center = Double(mean?[place] ?? 0)
          let factor = Double(scale?[place] ?? 1) * inverse
          var sum = 0.0, product = 0.0
          for sample in set * samplesPerSet..<(set + 1) * samplesPerSet {
            let result = sample * outputWidth + channel, peak = sample * paddedChannels + channel
            let gradient = isRectified && !(output[result] > 0) ? 0 : Double(outputGradient[result])
            sum += gradient
            product += gradient * (Double(work.state.peak[peak]) - center)
            work.coefficient[peak] = Float(factor * gradient)
          }
          shiftGradient?[place] = Float(sum)
          scaleGradient?[place] = Float(product * inverse)
          bias += factor * sum
          work.meanSlope[place] = factor * sum / Double(rowsPerSet)
          work.varianceSlope[place] = factor * inverse * inverse * product / Double(rowsPerSet)
        }
        // What the maximum sends to the bias, the mean takes away.
        biasGradient?[channel] = statisticsFollowInput ? 0 : Float(bias)
        work.spreadWeight(weight, channel: channel)
      }
    }
    if let inputGradient {
      if statisticsFollowInput { work.prepareDensePart() }
      work.writeInputGradient(inputGradient)
    }
    if let weightGradient { work.writeWeightGradient(weightGradient) }
  }

  /// One run of `backward`.
  private struct Work {
    let input: UnsafePointer<Float>
    let state: State
    let layout: BackwardLayout
    let scratch: UnsafeMutablePointer<Float>
    let shape: CloudMaximum
    let statisticsFollowInput: Bool

    var width: Int { shape.inputWidth }
    var channels: Int { shape.outputChannels }
    var weight: UnsafeMutablePointer<Float> { scratch + layout.weight }
    var scaled: UnsafeMutablePointer<Float> { scratch + layout.scaled }
    var coefficient: UnsafeMutablePointer<Float> { scratch + layout.coefficient }
    var meanSlope: UnsafeMutablePointer<Double> {
      scratch.doubles(at: layout.meanSlope, count: shape.sets * channels)
    }
    var varianceSlope: UnsafeMutablePointer<Double> {
      scratch.doubles(at: layout.varianceSlope, count: shape.sets * channels)
    }
    /// A strip of the dense matrix of a set.
    func dense(set: Int, strip: Int) -> UnsafeMutablePointer<Float> {
      scratch + layout.dense + (set * shape.inputStrips + strip) * width * CloudMaximum.strip
    }

    /// Row `channel` of W, and for each set the same times -variance slope.
    func spreadWeight(_ source: UnsafePointer<Float>, channel: Int) {
      let row = weight + channel * width
      for column in 0..<width {
        row[column] = column < shape.inputChannels ? source[channel * shape.inputChannels + column] : 0
      }
      guard statisticsFollowInput else { return }
      for set in 0..<shape.sets {
        let target = scaled + (set * channels + channel) * width
        let factor = Float(-varianceSlope[set * channels + channel])
        for column in 0..<width { target[column] = factor * row[column] }
      }
    }

    /// D = -Wᵀ diag(variance slope) W and the row -D h̄ - Wᵀ (mean slope), so that the dense part is D h + that row.
    func prepareDensePart() {
      let strips = shape.inputStrips, strip = CloudMaximum.strip
      Pool.run(chunks: shape.sets * strips * strips) { chunk in
        let (set, top, left) = (chunk / strips / strips, chunk / strips % strips, chunk % strips)
        var product = kernel_product()
        (product.m, product.n, product.depth) = (shape.width(ofStrip: top), shape.width(ofStrip: left), channels)
        product.a = UnsafePointer(scaled + set * channels * width + top * strip)
        (product.a_row, product.a_depth) = (1, width)
        product.b = UnsafePointer(weight + left * strip)
        (product.b_depth, product.b_panel) = (width, shape.level.panel)
        product.c = dense(set: set, strip: left) + top * strip * strip
        product.c_row = strip
        shape.level.functions.pointee.product(&product)
      }
      Pool.run(chunks: shape.sets) { set in
        let sums = scratch.doubles(at: layout.constantSum, count: shape.sets * width) + set * width
        sums.update(repeating: 0, count: width)
        for channel in 0..<channels {
          let slope = meanSlope[set * channels + channel]
          for column in 0..<width { sums[column] -= slope * Double(weight[channel * width + column]) }
        }
        for depth in 0..<width {
          let mean = Double(state.mean[set * width + depth])
          for column in 0..<width {
            let matrix = dense(set: set, strip: column / strip)
            sums[column] -= mean * Double(matrix[depth * strip + column % strip])
          }
        }
        for column in 0..<width { scratch[layout.constant + set * width + column] = Float(sums[column]) }
      }
    }

    func writeInputGradient(_ gradient: UnsafeMutablePointer<Float>) {
      let blocks = (shape.points + CloudMaximum.rowBlock - 1) / CloudMaximum.rowBlock
      Pool.run(chunks: shape.samples * blocks) { chunk in
        let (sample, first) = (chunk / blocks, chunk % blocks * CloudMaximum.rowBlock)
        let rows = first..<min(first + CloudMaximum.rowBlock, shape.points)
        let target = gradient + (sample * shape.points + first) * width
        if statisticsFollowInput {
          addDensePart(set: shape.set(ofSample: sample), row: sample * shape.points + first, rows.count, into: target)
        } else {
          target.update(repeating: 0, count: rows.count * width)
        }
        let place = sample * shape.paddedChannels
        shape.level.functions.pointee.scatter_rows(
          channels, width, state.index + place, coefficient + place, weight, Int32(truncatingIfNeeded: first),
          Int32(truncatingIfNeeded: rows.upperBound), target)
      }
    }

    private func addDensePart(set: Int, row: Int, _ count: Int, into target: UnsafeMutablePointer<Float>) {
      for index in 0..<count {
        (target + index * width).update(from: scratch + layout.constant + set * width, count: width)
      }
      for strip in 0..<shape.inputStrips {
        var product = kernel_product()
        (product.m, product.n, product.depth) = (count, shape.width(ofStrip: strip), width)
        (product.a, product.a_row, product.a_depth) = (input + row * width, width, 1)
        product.b = UnsafePointer(dense(set: set, strip: strip))
        (product.b_depth, product.b_panel) = (CloudMaximum.strip, shape.level.panel)
        product.c = target + strip * CloudMaximum.strip
        (product.c_row, product.accumulates) = (width, 1)
        shape.level.functions.pointee.product(&product)
      }
    }

    /// dW = Σ γ r g (h - h̄) at the maxima - diag(variance slope) W Σ (h - h̄)(h - h̄)ᵀ; without statistics Σ γ r g h.
    func writeWeightGradient(_ gradient: UnsafeMutablePointer<Float>) {
      Pool.forEachBlock(channels, of: CloudMaximum.channelBlock) { block in
        let sums = scratch + layout.weightGradient + block.lowerBound * width
        sums.update(repeating: 0, count: block.count * width)
        for sample in 0..<shape.samples {
          let place = sample * shape.paddedChannels + block.lowerBound
          shape.level.functions.pointee.gather_rows(
            block.count, width, state.index + place, coefficient + place, input + sample * shape.points * width, sums)
        }
        if statisticsFollowInput {
          for set in 0..<shape.sets { subtractMoments(set: set, block, from: sums) }
        }
        for channel in block {
          (gradient + channel * shape.inputChannels).update(
            from: sums + (channel - block.lowerBound) * width, count: shape.inputChannels)
        }
      }
    }

    private func subtractMoments(set: Int, _ block: Range<Int>, from sums: UnsafeMutablePointer<Float>) {
      let mean = state.mean + set * width, rows = Double(shape.rowsPerSet)
      for channel in block {
        let sum = Float(meanSlope[set * channels + channel] * rows)
        let row = sums + (channel - block.lowerBound) * width
        for column in 0..<width { row[column] -= sum * mean[column] }
      }
      var product = kernel_product()
      (product.m, product.n, product.depth) = (block.count, width, width)
      product.a = UnsafePointer(scaled + (set * channels + block.lowerBound) * width)
      (product.a_row, product.a_depth) = (width, 1)
      product.b = UnsafePointer(state.gram + set * width * width)
      (product.b_depth, product.b_panel) = (width, shape.level.panel)
      (product.c, product.c_row, product.accumulates) = (sums, width, 1)
      shape.level.functions.pointee.product(&product)
    }
  }
}
