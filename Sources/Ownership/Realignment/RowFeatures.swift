import Tensors

/// What rows of a weighted layer are compared by: everything but the side of the owner's passport on which they lie.
///
/// A row r, with t = β/k + b - μ where its normalisation crosses zero (k = γ/√(σ² + ε)), and orthonormal directions q
/// that span the owner's mean patches, gives
///
///     x = (r - Σ q qᵀr,  t)          has the sign of the row
///     m = |qᵀ r|                      has none
///
/// all over ‖r‖, weighted so that among the owner's rows a typical t and a typical |qᵀr| count as one weight does, and
/// the whole of length 1. The cosine of two rows is then |x · x'| + m · m': that of the rows themselves, if one of them
/// could be reflected at will along the patches. Signs that follow from it say nothing about sign(W S).
struct RowFeatures {
  /// [rows, weights of a row + 1]
  let signed: Tensor
  /// [rows, directions], or [rows, 1] of zeros.
  let unsigned: Tensor
  /// ‖r‖ of each row.
  let norms: [Double]

  /// The weight of each part, from the owner's rows.
  struct Weights {
    var rest = 0.0
    var crossing = 0.0
    var along: [Double] = []
  }

  /// - Parameters:
  ///   - rows: one row after another.
  ///   - crossings: t of each row.
  ///   - directions: orthonormal, each as long as a row.
  ///   - weights: of the owner's rows; none for these to be the owner's.
  init(
    rows: [Float], crossings: [Double], directions: [[Double]], weights given: Weights? = nil,
    keepsPatches: Bool = false
  ) throws {
    let count = max(crossings.count, 1)
    let length = rows.count / count
    let directions = keepsPatches ? [] : directions
    var rest = rows.map(Double.init)
    var along = [[Double]](repeating: [], count: count)
    var norms = [Double](repeating: 0, count: count)
    for row in 0..<count {
      let range = row * length..<(row + 1) * length
      norms[row] = Self.norm(rest[range])
      for direction in directions {
        var product = 0.0
        for column in 0..<length { product += direction[column] * rest[row * length + column] }
        for column in 0..<length { rest[row * length + column] -= product * direction[column] }
        along[row].append(product.magnitude)
      }
    }
    let restNorms = (0..<count).map { Self.norm(rest[$0 * length..<($0 + 1) * length]) }
    func share(_ value: Double, _ row: Int) -> Double { norms[row] > 0 ? value / norms[row] : 0 }
    let weights = given ?? Weights(
      rest: Self.inverse(Self.median((0..<count).map { share(restNorms[$0], $0) }))
        * Double(max(length - directions.count, 0)).squareRoot(),
      crossing: Self.inverse(Self.median((0..<count).map { share(crossings[$0].magnitude, $0) })),
      along: directions.indices.map { direction in
        Self.inverse(Self.median((0..<count).map { share(along[$0][direction], $0) }))
      })
    self.weights = weights
    self.norms = norms
    let width = max(directions.count, 1)
    var signed = [Float](repeating: 0, count: count * (length + 1))
    var unsigned = [Float](repeating: 0, count: count * width)
    for row in 0..<count where norms[row] > 0 {
      let scale = weights.rest / norms[row]
      let crossing = Self.bounded(share(crossings[row], row) * weights.crossing)
      let sides = directions.indices.map { Self.bounded(share(along[row][$0], row) * weights.along[$0]) }
      let square = (restNorms[row] * scale) * (restNorms[row] * scale) + crossing * crossing
        + sides.reduce(0) { $0 + $1 * $1 }
      guard square > 0 else { continue }
      let factor = 1 / square.squareRoot()
      for column in 0..<length { signed[row * (length + 1) + column] = Float(rest[row * length + column] * scale * factor) }
      signed[row * (length + 1) + length] = Float(crossing * factor)
      for (direction, side) in sides.enumerated() { unsigned[row * width + direction] = Float(side * factor) }
    }
    self.signed = try Tensor(signed, shape: [count, length + 1])
    self.unsigned = try Tensor(unsigned, shape: [count, width])
  }

  let weights: Weights

  /// x · x' of each row here with each row there, and m · m': both [rows here, rows there].
  func products(with other: RowFeatures) throws -> (signed: Tensor, unsigned: Tensor) {
    (try signed.dense(weight: other.signed, bias: nil), try unsigned.dense(weight: other.unsigned, bias: nil))
  }

  // MARK: Numbers

  private static func norm(_ values: ArraySlice<Double>) -> Double {
    values.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
  }

  private static func inverse(_ value: Double) -> Double { value > 1e-12 ? 1 / value : 0 }

  /// The value itself where it is ordinary, and at most 4: a scale near zero puts its crossing anywhere.
  private static func bounded(_ value: Double) -> Double {
    guard value.magnitude < 1e6 else { return value.isNaN ? 0 : (value < 0 ? -4 : 4) }
    return value / (1 + value * value / 16).squareRoot()
  }

  /// An orthonormal basis of what some vectors span, by Gram and Schmidt, twice for accuracy.
  static func basis(of vectors: [[Double]]) -> [[Double]] {
    var basis: [[Double]] = []
    for vector in vectors {
      let size = norm(vector[...])
      var rest = vector
      for _ in 0..<2 {
        for direction in basis {
          let product = zip(direction, rest).reduce(0) { $0 + $1.0 * $1.1 }
          for index in rest.indices { rest[index] -= product * direction[index] }
        }
      }
      let left = norm(rest[...])
      if left > 1e-6 * size, left > 0 { basis.append(rest.map { $0 / left }) }
    }
    return basis
  }
}
