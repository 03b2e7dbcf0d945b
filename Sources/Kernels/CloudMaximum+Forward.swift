import CKernels

/// The maximum of act(multiply z + add) is at the largest z where the multiplier is positive and at the smallest where
/// it is negative: at the largest sign z, which is a product with sign W.
extension CloudMaximum {
  /// Columns of a chunk.
  private static let columnBlock = 256

  struct ForwardLayout {
    /// sign W for each set, in panels.
    let weight, count: Int

    init(_ shape: CloudMaximum) {
      var cursor = ScratchCursor()
      weight = cursor.floats(shape.sets * shape.paddedChannels * shape.inputChannels)
      count = cursor.count
    }
  }

  /// `multiply` and `add` are [sets, width(outputChannels)].
  ///
  /// Of equal maxima the first counts, and a NaN is larger than all; where the multiplier is zero all are equal.
  public func forward(
    input: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    multiply: UnsafePointer<Float>, add: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    state: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    let state = State(state, of: self), panels = scratch + ForwardLayout(self).weight
    packSigned(weight, multiply, into: panels)
    let blocks = (paddedChannels + Self.columnBlock - 1) / Self.columnBlock
    Pool.run(chunks: samples * blocks) { chunk in
      let (sample, first) = (chunk / blocks, chunk % blocks * Self.columnBlock)
      let columns = first..<min(first + Self.columnBlock, paddedChannels)
      let set = set(ofSample: sample), rows = input + sample * points * inputWidth
      var product = kernel_product_maximum()
      (product.m, product.depth, product.panels) = (points, inputChannels, columns.count / level.panel)
      (product.a, product.a_row) = (rows, inputWidth)
      product.b = UnsafePointer(panels + (set * paddedChannels + first) * inputChannels)
      product.maximum = state.peak + sample * paddedChannels + first
      product.index = state.index + sample * paddedChannels + first
      level.functions.pointee.product_maximum(&product)

      for channel in columns.clamped(to: 0..<outputWidth) {
        guard channel < outputChannels else {
          output[sample * outputWidth + channel] = 0
          continue
        }
        let factor = multiply[set * outputWidth + channel]
        let place = sample * paddedChannels + channel
        // A product with zeros does not say what z was.
        var z = factor > 0 ? state.peak[place] : -state.peak[place]
        if !(abs(factor) > 0) {
          z = dot(rows + Int(state.index[place]) * inputWidth, weight + channel * inputChannels)
        }
        z += bias?[channel] ?? 0
        state.peak[place] = z
        let y = factor * z + add[set * outputWidth + channel]
        output[sample * outputWidth + channel] = isRectified && y < 0 ? 0 : y
      }
    }
  }

  /// The weights of each set times the signs of its multipliers, in panels as the product wants them.
  private func packSigned(
    _ weight: UnsafePointer<Float>, _ multiply: UnsafePointer<Float>, into panels: UnsafeMutablePointer<Float>
  ) {
    let panel = level.panel, count = paddedChannels / panel
    Pool.forEach(sets * count, elements: panel * inputChannels) { item in
      let (set, first) = (item / count, item % count * panel)
      let packed = panels + (set * paddedChannels + first) * inputChannels
      for lane in 0..<panel {
        let channel = first + lane
        guard channel < outputChannels else {
          for depth in 0..<inputChannels { packed[depth * panel + lane] = 0 }
          continue
        }
        let factor = multiply[set * outputWidth + channel]
        let sign = factor > 0 ? 1 : factor < 0 ? -1 : factor
        let row = weight + channel * inputChannels
        for depth in 0..<inputChannels { packed[depth * panel + lane] = sign * row[depth] }
      }
    }
  }

  private func dot(_ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>) -> Float {
    var sum = 0.0
    for depth in 0..<inputChannels { sum += Double(x[depth]) * Double(y[depth]) }
    return Float(sum)
  }
}
