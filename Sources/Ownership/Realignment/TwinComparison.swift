import Networks
import Tensors

/// Whether two channels of one order are equal up to a factor, by all that makes them: rows, biases, normalisations.
///
/// With w' = a w, a normalisation y = k (w x + b - μ) + β makes of them y' = d y with d = a k'/k, if their constant
/// parts k (b - μ) + β are to each other as d. What several layers make together must have one factor in all of them,
/// which is positive where a ReLU reads it.
struct TwinComparison {
  /// What a channel is to another, by scale: y' = factor · y.
  struct Factors {
    fileprivate var ofScales: [Int: Double] = [:]
    /// That of the scale that was made last.
    fileprivate(set) var last = 1.0

    /// A channel beside itself.
    static let one = Factors()

    subscript(scale: Int) -> Double { ofScales[scale] ?? 1 }
  }

  /// A weighted layer, or a normalisation, that makes channels of the order.
  private enum Maker {
    case weights(scale: Int, rows: [Double], length: Int, bias: [Double])
    case normalization(from: Int, to: Int, positions: Int, affine: Affine)
  }

  /// y = k x + constant; `size` is that of its parts.
  private struct Affine {
    var factors: [Double]
    var constants: [Double] = []
    var sizes: [Double] = []
    /// Whether moments are those of a sample, so that only the sign of a factor comes through.
    var isStandardized: Bool
  }

  private let structure: ChannelStructure
  private let width: Int
  private let tolerance: Double
  private var makers: [Maker] = []
  /// Of the rows that make each channel first.
  private var norms: [Double] = []

  /// None where nothing can be said of the order's channels.
  init?(of order: Int, in network: Network, _ structure: ChannelStructure, tolerance: Double) {
    self.structure = structure
    self.tolerance = tolerance
    width = structure.orders[order].width
    let side = ChannelMatching.Side(network: network, structure: structure)
    for (index, node) in network.nodes.enumerated() {
      if node.layer is any WeightedLayer, structure.outputs[index].first?.order == order {
        guard let made = weights(of: index, side) else { return nil }
        makers.append(made)
      } else if let layer = node.layer as? NormalizationLayer {
        makers += normalizations(layer.normalization, at: index, of: order, side)
      }
    }
    guard case .weights(_, let rows, let length, _) = makers.first else { return nil }
    norms = stride(from: 0, to: rows.count, by: max(length, 1)).map { start in
      rows[start..<start + length].reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
  }

  /// Of the rows that make each two channels first, [channels, channels].
  func cosines() throws -> [Float] {
    guard case .weights(_, let rows, let length, _) = makers.first else { return [] }
    var unit = [Float](repeating: 0, count: rows.count)
    for (row, norm) in norms.enumerated() where norm > 0 {
      for column in row * length..<(row + 1) * length { unit[column] = Float(rows[column] / norm) }
    }
    let tensor = try Tensor(unit, shape: [width, length])
    return try tensor.dense(weight: tensor, bias: nil).elements
  }

  /// Whether normalisations could make twins of two rows in one direction, at a glance: a file of a thousand equal rows
  /// with as many shifts shall not cost a million comparisons of rows.
  func mayBeTwins(_ first: Int, _ second: Int, haveOneSign: Bool) -> Bool {
    guard case .weights(let scale, _, _, _) = makers.first, norms[first] > 0 else { return false }
    let factor = (haveOneSign ? 1 : -1) * norms[second] / norms[first]
    return makers.allSatisfy { maker in
      guard case .normalization(let read, _, let positions, let affine) = maker, read == scale else { return true }
      return ratio(factor, affine, positions, first, second, slack: 2) != nil
    }
  }

  /// What one channel is to another; none where they are no twins.
  func factors(from first: Int, to second: Int) -> Factors? {
    var found = Factors()
    for maker in makers {
      let scale: Int
      let factor: Double?
      switch maker {
      case .weights(let made, let rows, let length, let bias):
        scale = made
        factor = ratio(
          rows[first * length..<(first + 1) * length], rows[second * length..<(second + 1) * length],
          bias.isEmpty ? nil : (bias[first], bias[second]))
      case .normalization(let read, let made, let positions, let affine):
        scale = made
        factor = found.ofScales[read].flatMap { ratio($0, affine, positions, first, second) }
      }
      guard let factor, factor.isFinite else { return nil }
      if let other = found.ofScales[scale] {
        guard (factor - other).magnitude <= tolerance * other.magnitude else { return nil }
      }
      if structure.scales[scale].isRectified, factor < 0 { return nil }
      found.ofScales[scale] = factor
      found.last = factor
    }
    return found
  }

  // MARK: Ratios

  /// a with row' = a row and bias' = a bias.
  private func ratio(
    _ row: ArraySlice<Double>, _ other: ArraySlice<Double>, _ biases: (own: Double, other: Double)?
  ) -> Double? {
    let square = row.reduce(0) { $0 + $1 * $1 }
    let ratio = zip(row, other).reduce(0) { $0 + $1.0 * $1.1 } / square
    guard square > 0, ratio != 0 else { return nil }
    let rest = zip(row, other).reduce(0) { $0 + ($1.1 - ratio * $1.0) * ($1.1 - ratio * $1.0) }
    let most = tolerance * ratio.magnitude
    guard rest.squareRoot() <= most * square.squareRoot() else { return nil }
    if let biases {
      let size = biases.own.magnitude + square.squareRoot()
      guard (biases.other - ratio * biases.own).magnitude <= most * size else { return nil }
    }
    return ratio
  }

  /// d of what a normalisation makes of x and a x.
  private func ratio(
    _ read: Double, _ affine: Affine, _ positions: Int, _ first: Int, _ second: Int, slack: Double = 1
  ) -> Double? {
    let tolerance = slack * self.tolerance
    if affine.isStandardized {
      guard (read.magnitude - 1).magnitude <= tolerance else { return nil }
    }
    var found: Double?
    for position in 0..<positions {
      let (own, other) = (first * positions + position, second * positions + position)
      let ratio = read * affine.factors[other] / affine.factors[own]
      let most = tolerance * ratio.magnitude
      guard (affine.constants[other] - ratio * affine.constants[own]).magnitude <= most * affine.sizes[own],
        ((found ?? ratio) - ratio).magnitude <= most
      else { return nil }
      found = ratio
    }
    return found
  }

  // MARK: What makes the channels

  private func weights(of index: Int, _ side: ChannelMatching.Side) -> Maker? {
    let path = side.network.nodes[index].path
    guard let weight = side.network.parameters[path + ".weight"], weight.shape.first == width,
      let scale = structure.outputs[index].first?.scale
    else { return nil }
    // What a normalisation alone reads has its bias in the normalisation's constant part.
    let isNormalized = structure.normalization(behind: index, in: side.network) != nil
    let bias = isNormalized ? nil : side.network.parameters[path + ".bias"]
    return .weights(
      scale: scale, rows: weight.elements.map(Double.init), length: weight.count / max(width, 1),
      bias: bias?.elements.map(Double.init) ?? [])
  }

  private func normalizations(
    _ kind: NormalizationKind, at index: Int, of order: Int, _ side: ChannelMatching.Side
  ) -> [Maker] {
    let network = side.network
    let (scale, shift, mean) = side.affine(of: index)
    let isStandardized = ![.batch, .identity].contains(kind)
    let bias = isStandardized ? nil : side.source(of: index).flatMap { network.parameters[network.nodes[$0].path + ".bias"]?.elements }
    var first = 0
    var found: [Maker] = []
    for (read, made) in zip(structure.segments(readBy: index), structure.outputs[index]) {
      let range = first..<first + structure.orders[read.order].width * read.positions
      first = range.upperBound
      guard read.order == order, range.upperBound <= scale.count else { continue }
      var affine = Affine(factors: Array(scale[range]), isStandardized: isStandardized)
      for entry in range {
        let before = Double(bias?[entry] ?? 0)
        affine.constants.append(scale[entry] * (before - mean[entry]) + shift[entry])
        affine.sizes.append(scale[entry].magnitude * (1 + before.magnitude + mean[entry].magnitude) + shift[entry].magnitude)
      }
      found.append(.normalization(from: read.scale, to: made.scale, positions: read.positions, affine: affine))
    }
    return found
  }
}
