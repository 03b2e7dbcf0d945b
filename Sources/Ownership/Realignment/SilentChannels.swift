import Networks
import Tensors

/// Channels on which nothing depends that a network says: less than a millionth of what depends on the most heard one.
///
/// Forwards, a variance of 1 at the input is sent through the layers as if all channels were independent (v' = Σ w² v,
/// and k² v behind a normalisation): how loud they are beside each other. Backwards, each output counts as 1, and what a
/// row counts is dealt out among the channels that it reads by their shares of its variance, w² v / v'. No factor that a
/// thief moves from one layer to the next changes that, and what only silent channels listen to is silent.
struct SilentChannels {
  /// By order and channel.
  let isSilent: [[Bool]]

  /// Beside the most heard channel of an order.
  static let least = 1e-6

  init(of side: ChannelMatching.Side) {
    let structure = side.structure
    let nodes = side.network.nodes
    var hearing = Hearing(side: side)
    for (index, node) in nodes.enumerated() {
      if node.layer is any WeightedLayer { hearing.passWeights(of: index) }
      if let layer = node.layer as? NormalizationLayer { hearing.passNormalization(layer.normalization, at: index) }
    }
    for index in nodes.indices.reversed() where nodes[index].layer is any WeightedLayer { hearing.dealOut(index) }
    isSilent = zip(structure.orders, hearing.counts).map { order, counts in
      let largest = counts.max() ?? 0
      // Channels that are seen outside, or that no weights read, are heard elsewhere.
      let isKnown = !order.isPinned && order.matrixOf == nil && largest > 0
      return counts.map { isKnown && $0 < Self.least * largest }
    }
  }
}

private struct Hearing {
  private let side: ChannelMatching.Side
  /// By scale and channel, where something is known.
  private var variances: [Int: [Double]] = [:]
  /// By order and channel: how much of the outputs depends on it.
  private(set) var counts: [[Double]]

  init(side: ChannelMatching.Side) {
    self.side = side
    counts = side.structure.orders.map { Array(repeating: 0, count: $0.width) }
  }

  // MARK: Forwards

  mutating func passWeights(of index: Int) {
    guard let made = side.structure.outputs[index].first, let reading = Reading(of: index, side, variances) else { return }
    add((0..<reading.rows).map { reading.parts(of: $0).reduce(0, +) }, to: made)
  }

  mutating func passNormalization(_ kind: NormalizationKind, at index: Int) {
    let scale = side.affine(of: index).scale
    var first = 0
    for (read, made) in zip(side.structure.segments(readBy: index), side.structure.outputs[index]) {
      let before = Reading.known(read, side, variances)
      let after = before.indices.map { channel in
        let start = min(first + channel * read.positions, scale.count)
        let square = scale[start..<min(start + read.positions, scale.count)].reduce(0) { max($0, $1 * $1) }
        return [.batch, .identity].contains(kind) ? square * before[channel] : square
      }
      first += before.count * read.positions
      add(after, to: made)
    }
  }

  /// Several layers that make one scale are added up.
  private mutating func add(_ values: [Double], to segment: ChannelStructure.Segment) {
    let finite = values.map { $0.isFinite ? $0 : 0 }
    variances[segment.scale] = variances[segment.scale].map { zip($0, finite).map(+) } ?? finite
  }

  // MARK: Backwards

  mutating func dealOut(_ index: Int) {
    guard let made = side.structure.outputs[index].first, let reading = Reading(of: index, side, variances) else { return }
    // Outputs, and what no weights read.
    let isOutside = !counts[made.order].contains { $0 > 0 }
    for row in 0..<reading.rows {
      let count = isOutside ? 1 : counts[made.order][row]
      let parts = reading.parts(of: row)
      let total = parts.reduce(0, +)
      guard count > 0, total > 0, total.isFinite else { continue }
      var first = 0
      for (order, width) in reading.runs {
        for channel in 0..<width { counts[order][channel] += count * parts[first + channel] / total }
        first += width
      }
    }
  }
}

/// What a weighted layer reads, as variances.
private struct Reading {
  let rows: Int
  /// Order and width of each run of channels that it reads.
  let runs: [(order: Int, width: Int)]
  private let weights: [Float]
  /// Of each channel that it reads, with the number of its weights in a row.
  private let channels: [(variance: Double, span: Int)]

  init?(of index: Int, _ side: ChannelMatching.Side, _ variances: [Int: [Double]]) {
    guard let weight = side.network.parameters[side.network.nodes[index].path + ".weight"] else { return nil }
    let read = side.structure.segments(readBy: index)
    let area = weight.shape.dropFirst(2).reduce(1, *)
    rows = weight.shape[0]
    runs = read.map { ($0.order, side.structure.orders[$0.order].width) }
    channels = read.flatMap { segment in
      Self.known(segment, side, variances).map { ($0, segment.positions * area) }
    }
    weights = weight.elements
    // A convolution in groups does not read all channels with each row.
    guard channels.reduce(0, { $0 + $1.span }) * rows == weights.count else { return nil }
  }

  static func known(
    _ segment: ChannelStructure.Segment, _ side: ChannelMatching.Side, _ variances: [Int: [Double]]
  ) -> [Double] {
    variances[segment.scale] ?? Array(repeating: 1, count: side.structure.orders[segment.order].width)
  }

  /// w² v of each channel.
  func parts(of row: Int) -> [Double] {
    var column = row * (weights.count / max(rows, 1))
    return channels.map { channel in
      var square = 0.0
      for entry in column..<column + channel.span { square += Double(weights[entry]) * Double(weights[entry]) }
      column += channel.span
      return square * channel.variance
    }
  }
}
