import CKernels

/// The maximum of act(multiply z + add) is at the largest z where the multiplier is positive and at the smallest where
/// it is negative: at the largest sign z, which is a product with sign W.
extension CloudMaximum {
  /// Columns of a chunk where there are too few clouds for all threads.
  private static let columnBlock = 256

  struct ForwardLayout {
    /// sign W for each set, in panels.
    let weight: Int
    /// For each worker, what is not zero in the rows of a cloud.
    let sparse: Int
    let ofWorker: SparseLayout
    let count: Int

    init(_ shape: CloudMaximum) {
      var cursor = ScratchCursor()
      weight = cursor.floats(shape.sets * shape.paddedChannels * shape.inputChannels)
      ofWorker = SparseLayout(shape)
      sparse = cursor.floats(Pool.threadCount * ofWorker.count)
      count = cursor.count
    }
  }

  /// The arrays of `kernel_sparse`.
  struct SparseLayout {
    let elements, lengths, order, start, count: Int

    init(_ shape: CloudMaximum) {
      var cursor = ScratchCursor()
      // An element is as large as two floats.
      elements = cursor.floats(2 * (shape.points * (shape.inputChannels + 1) + 16))
      lengths = cursor.floats(shape.points)
      order = cursor.floats(shape.points)
      start = cursor.floats(shape.inputChannels + 2)
      count = cursor.count
    }

    /// The arrays, in working storage that begins at `memory`.
    func sparse(at memory: UnsafeMutablePointer<Float>) -> kernel_sparse {
      func integers(_ offset: Int) -> UnsafeMutablePointer<Int32> {
        UnsafeMutableRawPointer(memory + offset).assumingMemoryBound(to: Int32.self)
      }
      return kernel_sparse(
        elements: UnsafeMutableRawPointer(memory + elements).assumingMemoryBound(to: kernel_nonzero.self),
        count: integers(lengths), order: integers(order), start: integers(start))
    }
  }

  /// `multiply` and `add` are [sets, width(outputChannels)].
  ///
  /// Of equal maxima the first counts, and a NaN is larger than all; where the multiplier is zero all are equal.
  ///
  /// - Parameter isDifferentiated: Whether `backward` will follow, which needs to know where the maxima are.
  public func forward(
    input: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    multiply: UnsafePointer<Float>, add: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    isDifferentiated: Bool = true, state: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    let state = State(state, of: self)
    let products = Products(self, weight: weight, multiply: multiply, scratch: scratch)
    let workers = Pool.threadCount
    let block = samples < 2 * workers ? Self.columnBlock : paddedChannels
    let blocks = (paddedChannels + block - 1) / block
    Pool.run(items: samples * blocks, workers: workers) { item, _, worker in
      let (sample, first) = (item / blocks, item % blocks * block)
      let columns = first..<min(first + block, paddedChannels)
      let set = set(ofSample: sample), rows = input + sample * points * inputWidth
      products.maximum(
        of: rows, set: set, columns: columns, worker: worker, into: state.peak + sample * paddedChannels + first,
        at: state.index + sample * paddedChannels + first, wantsIndex: isDifferentiated)

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
          let point = isDifferentiated ? Int(state.index[place]) : 0
          z = dot(rows + point * inputWidth, weight + channel * inputChannels)
        }
        z += bias?[channel] ?? 0
        state.peak[place] = z
        let y = factor * z + add[set * outputWidth + channel]
        output[sample * outputWidth + channel] = isRectified && y < 0 ? 0 : y
      }
    }
  }

  private func dot(_ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>) -> Float {
    var sum = 0.0
    for depth in 0..<inputChannels { sum += Double(x[depth]) * Double(y[depth]) }
    return Float(sum)
  }
}

/// The products sign W h and their maxima, of whole rows or, where many elements are zero as behind a ReLU, of what is
/// left of them. A cloud's own elements decide, so that its result does not depend on its neighbours.
private struct Products {
  let shape: CloudMaximum
  let layout: CloudMaximum.ForwardLayout
  let scratch: UnsafeMutablePointer<Float>
  /// A zero takes no part only where no weight is infinite or NaN.
  let canSkipZeros: Bool

  init(
    _ shape: CloudMaximum, weight: UnsafePointer<Float>, multiply: UnsafePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    self.shape = shape
    layout = CloudMaximum.ForwardLayout(shape)
    self.scratch = scratch
    let weights = UnsafeBufferPointer(start: weight, count: shape.outputChannels * shape.inputChannels)
    canSkipZeros = weights.reduce(0) { $0 + $1 * 0 } == 0
    packSigned(weight, multiply)
  }

  private var panels: UnsafeMutablePointer<Float> { scratch + layout.weight }
  private var panel: Int { shape.level.panel }

  /// The largest of each column over a cloud's rows, and, where it is wanted, its row.
  func maximum(
    of rows: UnsafePointer<Float>, set: Int, columns: Range<Int>, worker: Int,
    into maximum: UnsafeMutablePointer<Float>, at index: UnsafeMutablePointer<Int32>, wantsIndex: Bool
  ) {
    let kernels = shape.level.functions.pointee
    var product = kernel_product_maximum()
    (product.m, product.depth, product.panels) = (shape.points, shape.inputChannels, columns.count / panel)
    (product.a, product.a_row) = (rows, shape.inputWidth)
    product.b = UnsafePointer(panels + (set * shape.paddedChannels + columns.lowerBound) * shape.inputChannels)
    (product.maximum, product.index) = (maximum, index)
    if canSkipZeros {
      var sparse = layout.ofWorker.sparse(at: scratch + layout.sparse + worker * layout.ofWorker.count)
      let count = kernels.sparse_rows(shape.points, shape.inputChannels, rows, shape.inputWidth, &sparse)
      if Double(count) <= kernels.sparse_share * Double(shape.points * shape.inputChannels) {
        if !wantsIndex { product.index = nil }
        return kernels.sparse_maximum(&product, &sparse)
      }
    }
    kernels.product_maximum(&product)
  }

  /// The weights of each set times the signs of its multipliers, in panels as the product wants them.
  private func packSigned(_ weight: UnsafePointer<Float>, _ multiply: UnsafePointer<Float>) {
    let count = shape.paddedChannels / panel, depths = shape.inputChannels
    Pool.forEach(shape.sets * count, elements: panel * depths) { item in
      let (set, first) = (item / count, item % count * panel)
      let packed = panels + (set * shape.paddedChannels + first) * depths
      for lane in 0..<panel {
        let channel = first + lane
        guard channel < shape.outputChannels else {
          for depth in 0..<depths { packed[depth * panel + lane] = 0 }
          continue
        }
        let factor = multiply[set * shape.outputWidth + channel]
        let sign = factor > 0 ? 1 : factor < 0 ? -1 : factor
        let row = weight + channel * depths
        for depth in 0..<depths { packed[depth * panel + lane] = sign * row[depth] }
      }
    }
  }
}
