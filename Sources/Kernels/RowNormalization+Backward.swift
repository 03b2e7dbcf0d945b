import CKernels

extension RowNormalization {
  /// Σ g and Σ g (z - mean) of each set and channel, g being the gradient of z a + b.
  ///
  /// `outputGradient` is the gradient of y; where a relu follows the sum with the residual it is multiplied in place by
  /// that relu's derivative, which makes it the residual's gradient as well, and `output` must be given.
  public static func gradientSums(
    _ sets: RowSets, form: Form, _ z: UnsafePointer<Float>, _ affine: Affine, mean: UnsafePointer<Float>,
    output: UnsafePointer<Float>? = nil, outputGradient: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, level: KernelLevel = .preferred
  ) -> RowGradientSums {
    let width = sets.width
    let outputRows = form.outputRows(sets.rows)
    let blocks = form.blocks(sets.count, rows: sets.rows, width: width)
    let perSet = blocks.perSet
    let functions = level.functions.pointee
    let kernel = form.pooledImage == nil ? functions.row_gradient_sums : functions.row_gradient_sums_pooled
    blocks.forEach { set, block, units in
      var n = form.kernel(units, width: width)
      let written = form.offset(set * outputRows, units, width: width)
      let partial = scratch + 2 * width * (set * perSet + block)
      n.z = z + form.offset(sets.inputRows[set], units, width: width)
      n.a = affine.multiply + set * width
      n.b = affine.add + set * width
      n.mean = mean + set * width
      n.y = output.map { UnsafeMutablePointer(mutating: $0 + written) }
      n.dy = outputGradient + written
      n.sum = partial
      n.product = partial + width
      kernel?(&n)
    }
    var sums = [Double](repeating: 0, count: sets.count * width), products = sums
    sums.withUnsafeMutableBufferPointer { sums in
      products.withUnsafeMutableBufferPointer { products in
        forEachStrip(of: sets, blocks: perSet) { set, columns in
          guard let sum = sums.baseAddress, let product = products.baseAddress else { return }
          let offset = set * width + columns.lowerBound
          for block in 0..<perSet {
            let partial = scratch + 2 * width * (set * perSet + block) + columns.lowerBound
            kernel_accumulate(columns.count, partial, sum + offset)
            kernel_accumulate(columns.count, partial + width, product + offset)
          }
        }
      }
    }
    return RowGradientSums(sets: sets.count, width: width, sum: sums, product: products)
  }

  /// The gradient of z, dz = p g + q z + r with coefficients [sets, width]; sets on the same rows add up in order.
  ///
  /// `outputGradient` is what `gradientSums` has left of it. Unless y is pooled, `inputGradient` may be z where no rows
  /// are shared, or the output gradient of the first set on each of its rows.
  public static func inputGradient(
    _ sets: RowSets, form: Form, _ z: UnsafePointer<Float>, _ affine: Affine,
    outputGradient: UnsafePointer<Float>, _ coefficients: RowGradientCoefficients, accumulates: Bool = false,
    into inputGradient: UnsafeMutablePointer<Float>, level: KernelLevel = .preferred
  ) {
    let width = sets.width
    let outputRows = form.outputRows(sets.rows)
    let setsByInput = sets.setsByInput
    let functions = level.functions.pointee
    let kernel = form.pooledImage == nil ? functions.row_input_gradient : functions.row_input_gradient_pooled
    form.blocks(setsByInput.count, rows: sets.rows, width: width).forEach { input, _, units in
      for (place, set) in setsByInput[input].enumerated() {
        var n = form.kernel(units, width: width)
        let read = form.offset(sets.inputRows[set], units, width: width)
        n.z = z + read
        n.a = affine.multiply + set * width
        n.b = affine.add + set * width
        n.dy = UnsafeMutablePointer(mutating: outputGradient + form.offset(set * outputRows, units, width: width))
        n.dz = inputGradient + read
        n.accumulates = accumulates || place > 0 ? 1 : 0
        coefficients.withPointers(set) { p, q, r in
          n.p = p
          n.q = q
          n.r = r
          kernel?(&n)
        }
      }
    }
  }
}
