import Networks
import Tensors

/// What a layer's weights make of a passport, as a matrix: w(p) = W (I ⊗ K) p + b, and which p gives a wanted w.
///
/// K [k², positions] is how the positions of one channel meet the weights (`WeightedLayer.meetings`), the same for every
/// channel; G = K Kᵀ. The shortest passport with w(p) = γ is
///
///     p = (I ⊗ Kᵀ) Wᵀ λ        W (I ⊗ G) Wᵀ λ = γ - b
///
/// There is one for every γ exactly where W (I ⊗ G) Wᵀ, [C, C], has full rank: at most the C_in · k² of the weights.
struct PassportMap {
  /// [1, input of the layer...].
  let shape: Shape
  /// Output channels, and how many of them a passport can set.
  var channels: Int { factors.size }
  var rank: Int { factors.rank }

  /// W [C, C_in, k²].
  private let weight: [Double]
  private let bias: [Double]
  /// K [k², positions].
  private let meetings: [Double]
  private let taps, positions: Int
  private let factors: PivotedCholesky

  /// - Parameter source: path of a convolution or dense layer.
  init(_ source: String, in network: Network, poll: () throws -> Void) throws {
    guard let node = network.node(at: source), let layer = node.layer as? any WeightedLayer,
      let weight = network.parameters[source + ".weight"], let channels = node.shape.first
    else { throw NetworkError("the model has no convolution or dense layer named \(source)") }
    let input = network.inputShapes(of: node)[0]
    let (meetings, taps) = try Self.joined(layer.meetings(over: Shape(input.dropFirst())))
    self.meetings = meetings
    self.taps = taps
    positions = meetings.count / max(taps, 1)
    shape = [1] + input
    self.weight = weight.elements.map(Double.init)
    bias = (network.parameters[source + ".bias"]?.elements ?? Array(repeating: 0, count: channels)).map(Double.init)
    let length = (input.first ?? 1) * taps
    guard self.weight.count == channels * length, bias.count == channels else {
      throw NetworkError("forge: the weights of \(source) have another shape than its layer says")
    }
    let product = try Self.product(self.weight, through: Self.gram(meetings, taps), rows: channels, length, poll)
    factors = try PivotedCholesky(product, size: channels, poll: poll)
  }

  /// The shortest passport that reads as this; only where the rank is full.
  func passport(reading wanted: Tensor) throws -> Tensor {
    let lambda = factors.solve(zip(wanted.elements, bias).map { Double($0) - $1 })
    let length = weight.count / max(channels, 1)
    var patch = [Double](repeating: 0, count: length)
    for row in 0..<channels {
      for column in 0..<length { patch[column] += lambda[row] * weight[row * length + column] }
    }
    var values: [Float] = []
    values.reserveCapacity(length / taps * positions)
    for channel in 0..<length / taps {
      for position in 0..<positions {
        values.append(
          Float((0..<taps).reduce(0.0) { $0 + meetings[$1 * positions + position] * patch[channel * taps + $1] }))
      }
    }
    return try Tensor(values, shape: shape)
  }

  /// K from its axes: those of an image are independent of each other.
  private static func joined(_ axes: [Tensor]) -> (meetings: [Double], taps: Int) {
    axes.reduce(([1], 1)) { joined, axis in
      let (length, kernel) = (axis.shape[0], axis.shape[1])
      let (own, positions) = (axis.elements, joined.0.count / max(joined.1, 1))
      var result: [Double] = []
      for tap in 0..<joined.1 {
        for weight in 0..<kernel {
          for position in 0..<positions {
            for place in 0..<length {
              result.append(joined.0[tap * positions + position] * Double(own[place * kernel + weight]))
            }
          }
        }
      }
      return (result, joined.1 * kernel)
    }
  }

  /// G = K Kᵀ
  private static func gram(_ meetings: [Double], _ taps: Int) -> [Double] {
    let positions = meetings.count / max(taps, 1)
    return (0..<taps * taps).map { index in
      let (row, column) = (index / taps * positions, index % taps * positions)
      return (0..<positions).reduce(0.0) { $0 + meetings[row + $1] * meetings[column + $1] }
    }
  }

  /// W (I ⊗ G) Wᵀ
  private static func product(
    _ weight: [Double], through gram: [Double], rows: Int, _ length: Int, _ poll: () throws -> Void
  ) throws -> [Double] {
    let taps = max(1, Int(Double(gram.count).squareRoot()))
    var spread = [Double](repeating: 0, count: weight.count)
    for start in stride(from: 0, to: weight.count, by: taps) {
      for tap in 0..<taps {
        spread[start + tap] = (0..<taps).reduce(0.0) { $0 + gram[tap * taps + $1] * weight[start + $1] }
      }
    }
    var product = [Double](repeating: 0, count: rows * rows)
    try weight.withUnsafeBufferPointer { weight in
      try spread.withUnsafeBufferPointer { spread in
        guard let weight = weight.baseAddress, let spread = spread.baseAddress else { return }
        for row in 0..<rows {
          try poll()
          for column in 0...row {
            let sum = SumsInDouble.product(spread + row * length, weight + column * length, count: length)
            product[row * rows + column] = sum
            product[column * rows + row] = sum
          }
        }
      }
    }
    return product
  }
}
