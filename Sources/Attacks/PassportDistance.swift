import Passports
import Tensors

/// How far forged passports are from the owner's: sums over the passports of scale and shift of every layer, as the
/// released code's monitors have them, and their means.
public struct PassportDistance: Sendable, Equatable {
  /// Passport tensors that were compared: two a layer.
  public var tensors = 0
  /// Σ MSE(p, p')
  public var squaredError = 0.0
  /// Σ 1/MSE(p, p')
  public var nearness = 0.0
  /// Σ of the cosines of the angles between p and p', each as one vector.
  public var cosine = 0.0

  /// Of passports of the same layers, in the same order.
  public init(from owner: [IssuedPassport], to forged: [IssuedPassport]) {
    for (owner, forged) in zip(owner, forged) {
      add(owner.scale.elements, forged.scale.elements)
      add(owner.shift.elements, forged.shift.elements)
    }
  }

  private mutating func add(_ own: [Float], _ other: [Float]) {
    var (product, ownSquare, otherSquare, squares) = (0.0, 0.0, 0.0, 0.0)
    for (a, b) in zip(own, other) {
      let (a, b) = (Double(a), Double(b))
      product += a * b
      ownSquare += a * a
      otherSquare += b * b
      squares += (a - b) * (a - b)
    }
    let error = squares / Double(max(min(own.count, other.count), 1))
    let lengths = (ownSquare * otherSquare).squareRoot()
    tensors += 1
    squaredError += error
    nearness += 1 / error
    cosine += lengths > 0 ? product / lengths : 0
  }

  public var meanSquaredError: Double { squaredError / Double(max(tensors, 1)) }
  public var meanCosine: Double { cosine / Double(max(tensors, 1)) }
}
