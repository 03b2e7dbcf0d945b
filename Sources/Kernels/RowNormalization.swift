import CKernels

/// Normalisation of rows of channels together with what follows it, in as few passes over memory as there can be.
///
/// Every kind is two passes forward and two backward with work per set and channel, which is small, in between:
/// `moments`, then `forward` with coefficients of `RowStatistics`; `gradientSums`, then `inputGradient`.
public enum RowNormalization {
  /// What follows the normalisation: y = relu?(z a + b), y = relu?(relu?(z a + b) + residual), or
  /// y = maxpool(relu?(z a + b)).
  public struct Form: Hashable, Sendable {
    /// Of z a + b.
    public var relu: Bool
    /// Of the sum with the residual.
    public var reluAfterSum: Bool
    /// Images whose pixels are pooled over windows of 2 x 2, stride 2, each side rounded down; without a residual.
    public var pooledImage: RowImage?

    public init(relu: Bool = false, reluAfterSum: Bool = false, pooledImage: RowImage? = nil) {
      self.relu = relu
      self.reluAfterSum = reluAfterSum
      self.pooledImage = pooledImage
    }

    /// Rows of y for `rows` rows of z.
    public func outputRows(_ rows: Int) -> Int {
      guard let image = pooledImage else { return rows }
      return rows / (image.height * image.width) * (image.height / 2) * (image.width / 2)
    }

    func blocks(_ sets: Int, rows: Int, width: Int) -> RowBlocks {
      guard let image = pooledImage else { return RowBlocks(sets: sets, units: rows, unitFloats: width) }
      return RowBlocks(
        sets: sets, units: rows / (image.height * image.width) * (image.height / 2),
        unitFloats: 2 * image.width * width)
    }
  }

  /// z a + b: the coefficients of each set and channel [sets, width], zero for channels beyond the true ones.
  public struct Affine {
    public let multiply, add: UnsafePointer<Float>

    public init(multiply: UnsafePointer<Float>, add: UnsafePointer<Float>) {
      self.multiply = multiply
      self.add = add
    }
  }

  /// Floats of working storage for `moments` and `gradientSums`.
  public static func scratchCount(_ sets: RowSets, form: Form = Form()) -> Int {
    let plain = RowBlocks(sets: sets.count, units: sets.rows, unitFloats: sets.width)
    let pooled = form.blocks(sets.count, rows: sets.rows, width: sets.width)
    return 2 * sets.count * sets.width * max(plain.perSet, pooled.perSet)
  }

  /// Mean and Σ (z - mean)² of each set and channel.
  ///
  /// Each block of rows is read twice while it lies in the cache, first for its mean, and the blocks are merged in
  /// float64 (Chan, Golub and LeVeque 1979): as robust as two passes over memory, at the price of one.
  public static func moments(
    _ sets: RowSets, _ z: UnsafePointer<Float>, scratch: UnsafeMutablePointer<Float>,
    level: KernelLevel = .preferred
  ) -> RowMoments {
    let width = sets.width
    let blocks = RowBlocks(sets: sets.count, units: sets.rows, unitFloats: width)
    let perSet = blocks.perSet
    let kernel = level.functions.pointee.row_moments
    blocks.forEach { set, block, rows in
      let partial = scratch + 2 * width * (set * perSet + block)
      let first = z + (sets.inputRows[set] + rows.lowerBound) * width
      kernel?(rows.count, width, first, partial, partial + width)
    }
    var means = [Double](repeating: 0, count: sets.count * width), squares = means
    means.withUnsafeMutableBufferPointer { means in
      squares.withUnsafeMutableBufferPointer { squares in
        forEachStrip(of: sets, blocks: perSet) { set, columns in
          guard let mean = means.baseAddress, let square = squares.baseAddress else { return }
          let offset = set * width + columns.lowerBound
          let partials = scratch + 2 * width * set * perSet + columns.lowerBound
          for block in 0..<perSet {
            let count = Double(blocks.units(ofBlock: block).count)
            kernel_accumulate_means(columns.count, count, partials + 2 * width * block, mean + offset)
          }
          for channel in offset..<offset + columns.count { mean[channel] /= Double(sets.rows) }
          for block in 0..<perSet {
            let count = Double(blocks.units(ofBlock: block).count)
            let partial = partials + 2 * width * block
            kernel_accumulate_squares(columns.count, count, partial, partial + width, mean + offset, square + offset)
          }
        }
      }
    }
    return RowMoments(sets: sets.count, rows: sets.rows, width: width, mean: means, squares: squares)
  }

  /// y from z, with the residual [rows of y, width] if there is one; unless y is pooled it may be z or the residual.
  public static func forward(
    _ sets: RowSets, form: Form, _ z: UnsafePointer<Float>, _ affine: Affine,
    residual: UnsafePointer<Float>? = nil, into y: UnsafeMutablePointer<Float>, level: KernelLevel = .preferred
  ) {
    let outputRows = form.outputRows(sets.rows)
    let blocks = form.blocks(sets.count, rows: sets.rows, width: sets.width)
    let functions = level.functions.pointee
    let kernel = form.pooledImage == nil ? functions.row_forward : functions.row_forward_pooled
    blocks.forEach { set, _, units in
      var n = form.kernel(units, width: sets.width)
      let input = form.offset(sets.inputRows[set], units, width: sets.width)
      let output = form.offset(set * outputRows, units, width: sets.width)
      n.z = z + input
      n.a = affine.multiply + set * sets.width
      n.b = affine.add + set * sets.width
      n.residual = residual.map { $0 + output }
      n.y = y + output
      kernel?(&n)
    }
  }

  /// Runs `body` for strips of channels of every set; the merging of `blocks` partial sums is the work of one.
  static func forEachStrip(of sets: RowSets, blocks: Int, _ body: (_ set: Int, _ columns: Range<Int>) -> Void) {
    let strips = (sets.width + 63) / 64
    Pool.forEach(sets.count * strips, elements: 4 * 64 * blocks) { index in
      let first = index % strips * 64
      body(index / strips, first..<min(first + 64, sets.width))
    }
  }
}

extension RowNormalization.Form {
  /// What a kernel is told of `units`, which are rows or, where y is pooled, rows of windows of one set.
  func kernel(_ units: Range<Int>, width: Int) -> kernel_row_normalization {
    var n = kernel_row_normalization()
    n.width = width
    n.relu = relu ? 1 : 0
    n.relu_after_sum = reluAfterSum ? 1 : 0
    guard let image = pooledImage else {
      n.rows = units.count
      return n
    }
    n.height = image.height
    n.columns = image.width
    n.first_line = units.lowerBound
    n.lines = units.count
    return n
  }

  /// Where a kernel begins in an array whose set begins at `row`: kernels that pool begin with the set.
  func offset(_ row: Int, _ units: Range<Int>, width: Int) -> Int {
    (row + (pooledImage == nil ? units.lowerBound : 0)) * width
  }
}
