import Tensors

/// Another order, other signs and other scales for the channels of a network, carried into everything that makes or
/// reads them, so that the network computes what it did.
///
///     new channel i = gains[i] · old channel selections[i]
///
/// A weighted layer takes W[i, j] · g_out[i] / g_in[j]. A normalisation whose input has gain a and whose output has gain
/// c takes γ · c / a and β · c; batch normalisation also μ · a and σ² · a², where γ absorbs what ε does not scale by:
///
///     γ' = γ · c · √(a² σ² + ε) / (a √(σ² + ε))
public struct ChannelRewriting: Sendable {
  /// For each order of the structure, the old channel that each new one is; below 0 for a new channel, which is zero
  /// until somebody fills it.
  public var selections: [[Int]]
  /// For each scale of the structure, the factor of each new channel.
  public var gains: [[Double]]

  /// Leaves everything as it is.
  public init(keeping structure: ChannelStructure) {
    selections = structure.orders.map { Array(0..<$0.width) }
    gains = structure.scales.map { _ in [] }
    for segment in structure.outputs.joined() where gains[segment.scale].isEmpty {
      gains[segment.scale] = Array(repeating: 1, count: structure.orders[segment.order].width)
    }
  }

  /// The rewritten network.
  ///
  /// - Parameter structure: that of `network`, which must be an ordinary one.
  /// - Throws: `NetworkError` where a normalisation does not take the new number of channels.
  public func apply(to network: Network, structure: ChannelStructure) throws -> Network {
    let complete = completed(structure)
    var rewritten = try complete.resized(network, structure)
    for (index, node) in network.nodes.enumerated() {
      if node.layer is any WeightedLayer { try complete.rewriteWeights(of: index, in: &rewritten, structure) }
      if let layer = node.layer as? NormalizationLayer {
        try complete.rewriteNormalization(layer.normalization, of: index, in: &rewritten, structure)
      }
    }
    return rewritten
  }

  /// What a node's output, or its input, is made of.
  private func channels(of segment: ChannelStructure.Segment) -> (selection: [Int], gains: [Double]) {
    let (selection, gains) = (selections[segment.order], gains[segment.scale])
    return (selection, gains.isEmpty ? Array(repeating: 1, count: selection.count) : gains)
  }

  /// The entries of a transform's matrices follow the channels that it maps: T goes to S⁻¹ T S.
  private func completed(_ structure: ChannelStructure) -> ChannelRewriting {
    var complete = self
    for (index, order) in structure.orders.enumerated() {
      guard let cloud = order.matrixOf else { continue }
      let selection = selections[cloud.order]
      let width = structure.orders[cloud.order].width
      complete.selections[index] = selection.flatMap { row in selection.map { row * width + $0 } }
    }
    for (index, scale) in structure.scales.enumerated() {
      guard let cloud = scale.matrixOf else { continue }
      let gains = channels(of: cloud).gains
      complete.gains[index] = gains.flatMap { row in gains.map { $0 / row } }
    }
    return complete
  }

  /// The network with layers of the new widths, and the old tensors where these have not changed.
  private func resized(_ network: Network, _ structure: ChannelStructure) throws -> Network {
    guard zip(selections, structure.orders).contains(where: { $0.count != $1.width }) else { return network }
    let input = try Stage.input(network.inputShape)
    var stages: [Stage] = []
    for (index, node) in network.nodes.enumerated() {
      let inputs = node.inputs.map { $0 < 0 ? input : stages[$0] }
      guard let first = inputs.first else { throw NetworkError("\(node.path) reads nothing") }
      let width = structure.outputs[index].first.map { selections[$0.order].count } ?? node.shape[0]
      let layer = node.layer is any WeightedLayer ? node.layer.resized(to: width) : node.layer
      stages.append(try first.appending(layer, others: Array(inputs.dropFirst()), path: node.path))
    }
    guard let last = stages.last else { throw NetworkError("the model is empty") }
    var resized = try last.networkWithoutTensors(named: network.name)
    resized.parameters = network.parameters
    resized.buffers = network.buffers
    return resized
  }

  // MARK: Tensors

  private func rewriteWeights(of index: Int, in network: inout Network, _ structure: ChannelStructure) throws {
    let node = network.nodes[index]
    if case .convolution(_, _, _, let groups, _) = node.layer.form, groups > 1 { return }
    guard let rows = structure.outputs[index].first, let weight = network.parameters[node.path + ".weight"] else {
      return
    }
    let (selection, gains) = channels(of: rows)
    let columns = columns(readBy: index, of: weight, structure)
    let length = columns.old.count
    let oldLength = weight.count / max(weight.shape[0], 1)
    let area = weight.shape.dropFirst(2).reduce(1, *)
    let rewritten = try Tensor(shape: [selection.count, length / area] + weight.shape.dropFirst(2)) { target in
      weight.read { source in
        for (row, old) in selection.enumerated() {
          for column in 0..<length {
            let from = columns.old[column]
            target[row * length + column] =
              old < 0 || from < 0 ? 0 : Float(Double(source[old * oldLength + from]) * gains[row] / columns.gains[column])
          }
        }
      }
    }
    network.parameters[node.path + ".weight"] = rewritten
    try network.rewrite(node.path + ".bias", selection) { Double($0) * gains[$1] }
  }

  /// For each column of a weighted layer's new rows, the old column, and the gain of the channel that it reads.
  public func columns(
    readBy index: Int, of weight: Tensor, _ structure: ChannelStructure
  ) -> (old: [Int], gains: [Double]) {
    let area = weight.shape.dropFirst(2).reduce(1, *)
    var (old, factors): ([Int], [Double]) = ([], [])
    var first = 0
    for segment in structure.segments(readBy: index) {
      let (selection, gains) = channels(of: segment)
      let length = segment.positions * area
      for (channel, gain) in zip(selection, gains) {
        for position in 0..<length {
          old.append(channel < 0 ? -1 : first + channel * length + position)
          factors.append(gain)
        }
      }
      first += structure.orders[segment.order].width * length
    }
    return (old, factors)
  }

  private func rewriteNormalization(
    _ kind: NormalizationKind, of index: Int, in network: inout Network, _ structure: ChannelStructure
  ) throws {
    let path = network.nodes[index].path + ".bn."
    var (selection, before, after): ([Int], [Double], [Double]) = ([], [], [])
    var first = 0
    for (read, made) in zip(structure.segments(readBy: index), structure.outputs[index]) {
      let (old, gains) = channels(of: read)
      let madeGains = channels(of: made).gains
      for (number, channel) in old.enumerated() {
        for position in 0..<read.positions {
          selection.append(channel < 0 ? -1 : first + channel * read.positions + position)
          before.append(gains[number])
          after.append(madeGains[number])
        }
      }
      first += structure.orders[read.order].width * read.positions
    }
    let variance = network.buffers[path + "running_var"]?.elements
    let epsilon = Double(NormalizationLayer.epsilon)
    try network.rewrite(path + "weight", selection, new: 1) { value, channel in
      let (a, c) = (before[channel], after[channel])
      guard kind == .batch, let variance else { return Double(value) * c / a }
      let old = Double(variance[selection[channel]])
      return Double(value) * c / a * ((a * a * old + epsilon) / (old + epsilon)).squareRoot()
    }
    try network.rewrite(path + "bias", selection) { Double($0) * after[$1] }
    try network.rewrite(path + "running_mean", selection) { Double($0) * before[$1] }
    try network.rewrite(path + "running_var", selection, new: 1) { Double($0) * before[$1] * before[$1] }
  }
}

extension Network {
  /// Rewrites a tensor of one value a channel, if the network has it.
  ///
  /// - Parameters:
  ///   - new: the value of a channel that there was not before.
  ///   - value: what becomes of an old value for the new channel of that number.
  fileprivate mutating func rewrite(
    _ name: String, _ selection: [Int], new: Float = 0, _ value: (Float, Int) -> Double
  ) throws {
    guard let tensor = parameters[name] ?? buffers[name] else { return }
    let old = tensor.elements
    let values = selection.enumerated().map { $1 < 0 ? new : Float(value(old[$1], $0)) }
    let rewritten = try Tensor(values, shape: [values.count])
    if parameters[name] != nil { parameters[name] = rewritten } else { buffers[name] = rewritten }
  }
}

extension Layer {
  /// The same layer with another number of output channels.
  fileprivate func resized(to width: Int) -> any Layer {
    switch self {
    case var layer as ConvolutionLayer:
      layer.channels = width
      return layer
    case var layer as Conv1dLayer:
      layer.channels = width
      return layer
    case var layer as DenseLayer:
      layer.width = width
      return layer
    default: return self
    }
  }
}
