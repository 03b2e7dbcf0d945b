import Kernels

extension Tensor {
  /// The matrix product of [m, k] and [k, n]; a vector counts as a row on the left and as a column on the right.
  public static func matrixProduct(_ left: Tensor, _ right: Tensor) throws -> Tensor {
    guard (1...2).contains(left.rank), (1...2).contains(right.rank) else {
      throw TensorError("@: two matrices or vectors were expected, not shapes \(left.shape) and \(right.shape)")
    }
    let a = try left.rank == 2 ? left : left.reshaped(to: [1, left.count])
    let b = try right.rank == 2 ? right : right.reshaped(to: [right.count, 1])
    guard a.shape[1] == b.shape[0] else {
      throw TensorError(
        "@: shapes \(left.shape) and \(right.shape) do not match",
        help: "the last axis on the left must be as long as the first on the right")
    }
    let product = try matrixProduct(a, b, transposingLeft: false, transposingRight: false)
    let shape = (left.rank == 2 ? [a.shape[0]] : []) + (right.rank == 2 ? [b.shape[1]] : [])
    return try product.reshaped(to: shape)
  }

  /// The product of two matrices, either transposed as it is read.
  static func matrixProduct(
    _ a: Tensor, _ b: Tensor, transposingLeft: Bool, transposingRight: Bool
  ) throws -> Tensor {
    let rows = a.shape[transposingLeft ? 1 : 0]
    let inner = a.shape[transposingLeft ? 0 : 1]
    let columns = b.shape[transposingRight ? 0 : 1]
    let value = try Tensor(shape: [rows, columns]) { target in
      a.read { a in
        b.read { b in
          MatrixProduct.multiply(
            m: rows, n: columns, k: inner, a, transposeA: transposingLeft, b, transposeB: transposingRight,
            into: target)
        }
      }
    }
    guard a.isTracked || b.isTracked else { return value }
    let (left, right) = (a.detached, b.detached)
    let (wantsLeft, wantsRight) = (a.isTracked, b.isTracked)
    // C = A B gives dA = dC Bᵀ and dB = Aᵀ dC; with A or B transposed, the factors swap sides.
    return value.recorded(from: [a, b]) { gradient in
      let toLeft = !wantsLeft ? nil : transposingLeft
        ? try matrixProduct(right, gradient, transposingLeft: transposingRight, transposingRight: true)
        : try matrixProduct(gradient, right, transposingLeft: false, transposingRight: !transposingRight)
      let toRight = !wantsRight ? nil : transposingRight
        ? try matrixProduct(gradient, left, transposingLeft: true, transposingRight: transposingLeft)
        : try matrixProduct(left, gradient, transposingLeft: !transposingLeft, transposingRight: false)
      return [toLeft, toRight]
    }
  }

  /// A dense layer: `x Wᵀ + b` for x [batch, in], W [out, in] and b [out].
  public func dense(weight: Tensor, bias: Tensor?) throws -> Tensor {
    guard rank == 2, weight.rank == 2, shape[1] == weight.shape[1] else {
      throw TensorError("dense: the input \(shape) does not fit the weight \(weight.shape)")
    }
    let product = try Tensor.matrixProduct(self, weight, transposingLeft: false, transposingRight: true)
    return try bias.map { try product + $0 } ?? product
  }
}
