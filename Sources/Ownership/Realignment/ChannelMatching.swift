import Networks
import Tensors

/// Which channel of a suspect is which channel of the owner's copy, with what sign and scale.
///
/// From the input on, layer by layer: the columns of a suspect's rows are put into the owner's order and scale by what
/// is known of the layers that they read, then its rows are compared with the owner's (`RowFeatures`) and assigned. All
/// layers that write into one order of channels, such as a residual stream, give their cosines to one assignment; those
/// that read the stream themselves join in a second round.
struct ChannelMatching {
  /// One network as the matching sees it.
  struct Side {
    let network: Network
    let structure: ChannelStructure
  }

  /// How alike the matched rows of one layer are.
  struct Comparison {
    /// Cosine of each of the owner's rows with its partner.
    var cosines: [Double]
    /// x · x' of each pair: its sign is that of the partner.
    var signed: [Double]
    /// ‖r‖ of the owner's rows, and of the suspect's, column by column in the owner's order and scale.
    var ownNorms: [Double]
    var suspectNorms: [Double]
    /// Rows that are more alike to each other than to any other row on either side.
    var mutual: Int
  }

  let owner: Side
  let suspect: Side
  /// Orthonormal directions that rows are compared without, by path of the layer.
  let directions: [String: [[Double]]]
  /// Naive alignment, which a test shows to convict anybody.
  let keepsPatches: Bool
  let poll: () throws -> Void
  /// From the suspect's channels to the owner's.
  var rewriting: ChannelRewriting
  /// Of the layers that have been compared, by position of the node.
  var comparisons: [Int: Comparison] = [:]
  private var isKnown: [Bool]
  /// By order and channel, of the owner's and of the suspect's.
  let silent: (own: [[Bool]], other: [[Bool]])
  private var ownFeatures: [Int: RowFeatures] = [:]

  init(
    owner: Side, suspect: Side, directions: [String: [[Double]]], keepsPatches: Bool,
    poll: @escaping () throws -> Void
  ) {
    self.owner = owner
    self.suspect = suspect
    self.directions = directions
    self.keepsPatches = keepsPatches
    self.poll = poll
    silent = (SilentChannels(of: owner).isSilent, SilentChannels(of: suspect).isSilent)
    rewriting = ChannelRewriting(keeping: suspect.structure)
    isKnown = owner.structure.orders.map { $0.isPinned || $0.matrixOf != nil }
    for (index, order) in owner.structure.orders.enumerated() where !isKnown[index] {
      // As many as the owner has; which they are is found below.
      rewriting.selections[index] = Array(0..<order.width)
    }
    for segment in Set(owner.structure.outputs.joined()) {
      rewriting.gains[segment.scale] = Array(repeating: 1, count: rewriting.selections[segment.order].count)
    }
  }

  /// Rounds until every layer has been compared and nothing changes.
  mutating func run() throws {
    for _ in 0..<5 {
      var isSettled = true
      for order in owner.structure.orders.indices where owner.structure.orders[order].matrixOf == nil {
        let writers = owner.structure.orders[order].writers.filter { canCompare($0) }
        if writers.count < owner.structure.orders[order].writers.count { isSettled = false }
        guard !writers.isEmpty else { continue }
        if try assign(order, writers) { isSettled = false }
      }
      if isSettled { return }
    }
  }

  private func canCompare(_ node: Int) -> Bool {
    owner.structure.segments(readBy: node).allSatisfy { isKnown[$0.order] }
  }

  // MARK: One order of channels

  /// Whether the assignment is another than in the round before.
  private mutating func assign(_ index: Int, _ writers: [Int]) throws -> Bool {
    let order = owner.structure.orders[index]
    let width = suspect.structure.orders[index].width
    // Another head has other classes: its rows are nobody's.
    guard order.width <= width, !order.isPinned || order.width == width else { return false }
    var scores = [Float](repeating: 0, count: order.width * width)
    var features: [(node: Int, own: RowFeatures, other: RowFeatures, agreement: [Float])] = []
    for writer in writers {
      try poll()
      guard let pair = try self.features(of: writer) else { continue }
      let (signed, unsigned) = try pair.own.products(with: pair.other)
      let agreement = agreement(of: writer, pair.own, pair.other)
      signed.read { signed in
        unsigned.read { unsigned in
          for entry in scores.indices {
            scores[entry] += (signed[entry].magnitude + unsigned[entry]) * agreement[entry]
          }
        }
      }
      features.append((writer, pair.own, pair.other, agreement))
    }
    let hearing = hearing(of: index, scores)
    for entry in scores.indices { scores[entry] *= hearing[entry] }
    let old = rewriting.selections[index]
    let wasKnown = isKnown[index]
    if !order.isPinned {
      rewriting.selections[index] = try assignment(scores, order.width, width, blockSize: order.blockSize)
      isKnown[index] = true
    }
    let selection = rewriting.selections[index]
    for (node, own, other, agreement) in features {
      compare(node, own, other, selection, weights: zip(agreement, hearing).map { $0 * $1 })
    }
    settleGains(of: index)
    return wasKnown && old != selection
  }

  /// Rows to columns; where channels stay together in blocks, blocks to blocks by the best assignment within each.
  private func assignment(_ scores: [Float], _ rows: Int, _ columns: Int, blockSize size: Int) throws -> [Int] {
    guard size > 1, rows % size == 0, columns % size == 0 else {
      return try Assignment.largest(scores, rows: rows, columns: columns, poll: poll)
    }
    let (high, wide) = (rows / size, columns / size)
    var within: [[Int]] = []
    var totals = [Float](repeating: 0, count: high * wide)
    for block in 0..<high * wide {
      let (top, left) = (block / wide * size, block % wide * size)
      let part = (0..<size * size).map { scores[(top + $0 / size) * columns + left + $0 % size] }
      let found = try Assignment.largest(part, rows: size, columns: size, poll: poll)
      within.append(found.map { left + $0 })
      totals[block] = found.enumerated().reduce(0) { $0 + part[$1.offset * size + $1.element] }
    }
    let blocks = try Assignment.largest(totals, rows: high, columns: wide, poll: poll)
    return blocks.enumerated().flatMap { within[$0.offset * wide + $0.element] }
  }

  private mutating func compare(
    _ node: Int, _ own: RowFeatures, _ other: RowFeatures, _ selection: [Int], weights: [Float]
  ) {
    guard let (signed, unsigned) = try? own.products(with: other) else { return }
    let (rows, columns) = (own.norms.count, other.norms.count)
    let (signedValues, unsignedValues) = (signed.elements, unsigned.elements)
    func cosine(_ row: Int, _ column: Int) -> Float {
      signedValues[row * columns + column].magnitude + unsignedValues[row * columns + column]
    }
    var bestOfColumn = [Float](repeating: -1, count: columns)
    var bestOfRow = [Float](repeating: -1, count: rows)
    for row in 0..<rows {
      for column in 0..<columns {
        let found = cosine(row, column) * weights[row * columns + column]
        bestOfRow[row] = max(bestOfRow[row], found)
        bestOfColumn[column] = max(bestOfColumn[column], found)
      }
    }
    comparisons[node] = Comparison(
      cosines: selection.enumerated().map { Double(cosine($0.offset, $0.element)) },
      signed: selection.enumerated().map { Double(signedValues[$0.offset * columns + $0.element]) },
      ownNorms: own.norms, suspectNorms: selection.map { other.norms[$0] },
      mutual: selection.enumerated().count {
        let found = cosine($0.offset, $0.element) * weights[$0.offset * columns + $0.element]
        return found > 0 && found >= bestOfRow[$0.offset] && found >= bestOfColumn[$0.element]
      })
  }

  // MARK: Rows

  /// The rows of a layer on both sides, the suspect's with its columns in the owner's order and scale.
  private mutating func features(of node: Int) throws -> (own: RowFeatures, other: RowFeatures)? {
    let path = owner.network.nodes[node].path
    let skipped = directions[path] ?? []
    guard let ownWeight = owner.network.parameters[path + ".weight"],
      let weight = suspect.network.parameters[suspect.network.nodes[node].path + ".weight"]
    else { return nil }
    if ownFeatures[node] == nil {
      ownFeatures[node] = try RowFeatures(
        rows: ownWeight.elements, crossings: owner.crossings(of: node), directions: skipped,
        keepsPatches: keepsPatches)
    }
    guard let own = ownFeatures[node] else { return nil }
    let columns = rewriting.columns(readBy: node, of: weight, suspect.structure)
    let oldLength = weight.count / max(weight.shape[0], 1)
    let elements = weight.elements
    var rows: [Float] = []
    rows.reserveCapacity(weight.shape[0] * columns.old.count)
    for row in 0..<weight.shape[0] {
      for (old, gain) in zip(columns.old, columns.gains) {
        rows.append(Float(Double(elements[row * oldLength + old]) / gain))
      }
    }
    let other = try RowFeatures(
      rows: rows, crossings: suspect.crossings(of: node), directions: skipped, weights: own.weights,
      keepsPatches: keepsPatches)
    guard rows.count * ownWeight.shape[0] == ownWeight.count * weight.shape[0] else { return nil }
    return (own, other)
  }
}

extension ChannelMatching.Side {
  /// The position of the weighted layer whose output a normalisation alone reads; none where others read it, too.
  func source(of normalization: Int) -> Int? {
    network.nodes.indices.first {
      network.nodes[$0].layer is any WeightedLayer && structure.normalization(behind: $0, in: network) == normalization
    }
  }

  /// Where on the axis of W x each channel's normalisation crosses zero, with its sign changed: b + β/k - μ.
  func crossings(of node: Int) -> [Double] {
    let path = network.nodes[node].path
    let count = network.nodes[node].shape[0]
    let bias = network.parameters[path + ".bias"]?.elements.map(Double.init) ?? Array(repeating: 0, count: count)
    guard let behind = structure.normalization(behind: node, in: network) else { return bias }
    let affine = affine(of: behind)
    return bias.indices.map { bias[$0] + affine.shift[$0] / affine.scale[$0] - affine.mean[$0] }
  }

  /// y = scale · (x - mean) + shift for each channel of a normalisation; its scale alone where the moments are those of
  /// a sample.
  func affine(of node: Int) -> (scale: [Double], shift: [Double], mean: [Double]) {
    let path = network.nodes[node].path + ".bn."
    let zeros = Array(repeating: 0.0, count: network.nodes[node].shape[0])
    func values(_ name: String) -> [Double] {
      (network.parameters[path + name] ?? network.buffers[path + name])?.elements.map(Double.init) ?? zeros
    }
    let (scale, shift) = (values("weight"), values("bias"))
    guard network.buffers[path + "running_var"] != nil else { return (scale, shift, zeros) }
    let epsilon = Double(NormalizationLayer.epsilon)
    return (
      zip(scale, values("running_var")).map { $0 / ($1 + epsilon).squareRoot() }, shift, values("running_mean"))
  }
}
