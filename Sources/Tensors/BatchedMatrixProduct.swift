import Kernels

extension Tensor {
  /// The matrix product of each sample: [batch, m, k] and [batch, k, n] give [batch, m, n].
  ///
  /// - Parameters:
  ///   - transposingLeft: whether the left matrices are read transposed, from [batch, k, m].
  ///   - transposingRight: whether the right ones are, from [batch, n, k].
  public static func batchedMatrixProduct(
    _ left: Tensor, _ right: Tensor, transposingLeft: Bool = false, transposingRight: Bool = false
  ) throws -> Tensor {
    guard left.rank == 3, right.rank == 3, left.shape[0] == right.shape[0],
      left.shape[transposingLeft ? 1 : 2] == right.shape[transposingRight ? 2 : 1]
    else {
      throw TensorError("batched product: shapes \(left.shape) and \(right.shape) do not match")
    }
    let inner = left.shape[transposingLeft ? 1 : 2]
    let (rows, columns) = (left.shape[transposingLeft ? 2 : 1], right.shape[transposingRight ? 1 : 2])
    let value = try Tensor(shape: [left.shape[0], rows, columns]) { target in
      left.read { a in
        right.read { b in
          for sample in 0..<left.shape[0] {
            MatrixProduct.multiply(
              m: rows, n: columns, k: inner, a + sample * rows * inner, transposeA: transposingLeft,
              b + sample * inner * columns, transposeB: transposingRight, into: target + sample * rows * columns)
          }
        }
      }
    }
    guard left.isTracked || right.isTracked else { return value }
    let (a, b, wantsLeft, wantsRight) = (left.detached, right.detached, left.isTracked, right.isTracked)
    // As for two matrices: dA = dC Bᵀ and dB = Aᵀ dC; with A or B transposed, the factors swap sides.
    return value.recorded(from: [left, right]) { gradient in
      let toLeft = !wantsLeft ? nil : transposingLeft
        ? try batchedMatrixProduct(b, gradient, transposingLeft: transposingRight, transposingRight: true)
        : try batchedMatrixProduct(gradient, b, transposingRight: !transposingRight)
      let toRight = !wantsRight ? nil : transposingRight
        ? try batchedMatrixProduct(gradient, a, transposingLeft: true, transposingRight: transposingLeft)
        : try batchedMatrixProduct(a, gradient, transposingLeft: !transposingLeft)
      return [toLeft, toRight]
    }
  }
}
