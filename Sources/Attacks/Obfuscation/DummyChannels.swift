import Networks
import Passports
import Tensors

/// More channels than a network needs: each order of channels gets some, in pairs that are equal in all that makes them
/// and opposite in all that reads them, so that nothing is changed but the sums' rounding. The last of an odd number is
/// not read at all.
///
/// A new row is an old one with its columns shuffled, so that it has nothing of the old one's direction and all of its
/// size; what reads it has weights as large as its others. Twins are old channels as they are, in all that makes them.
struct DummyChannels {
  var count: Int
  var areTwins: Bool
  var seed: UInt64

  func apply(to network: Network, _ log: inout ObfuscationLog) throws -> Network {
    let structure = try ChannelStructure(of: network)
    var rewriting = ChannelRewriting(keeping: structure)
    var added = [Int](repeating: 0, count: structure.orders.count)
    for (index, order) in structure.orders.enumerated() where order.matrixOf == nil {
      guard let writer = order.writers.first.map({ network.nodes[$0].path }) else { continue }
      if let reason = order.isPinned ? "its channels are seen outside" : order.fixedWidth {
        log.skip(writer, "dummy channels", reason)
        continue
      }
      // A group normalisation has whole groups; fewer would share their moments with true channels.
      added[index] = order.blockSize == 1 ? count : count / order.blockSize * order.blockSize
      if added[index] == 0 {
        log.skip(writer, "dummy channels", "group normalisation needs them \(order.blockSize) at a time")
        continue
      }
      rewriting.selections[index] += Array(repeating: -1, count: added[index])
      log.applied += 1
    }
    for segment in Set(structure.outputs.joined()) {
      rewriting.gains[segment.scale] = Array(repeating: 1, count: rewriting.selections[segment.order].count)
    }
    var widened = try rewriting.apply(to: network, structure: structure)
    for (index, node) in network.nodes.enumerated() {
      if node.layer is any WeightedLayer { try fillWeights(of: index, node, in: &widened, structure, added) }
      if node.layer is NormalizationLayer { try fillNormalization(of: index, node, in: &widened, structure, added) }
    }
    return widened
  }

  private func fillWeights(
    of index: Int, _ node: Network.Node, in network: inout Network, _ structure: ChannelStructure, _ added: [Int]
  ) throws {
    let name = node.path + ".weight"
    guard let rows = structure.outputs[index].first, var weight = network.parameters.removeValue(forKey: name) else {
      return
    }
    let oldRows = structure.orders[rows.order].width
    let length = weight.count / max(weight.shape[0], 1)
    let area = weight.shape.dropFirst(2).reduce(1, *)
    let size = root(ofMeanSquare: weight.elements.prefix(oldRows * length))
    var stream = RandomStream(seed: seed, name: "dummies/" + name)
    try weight.mutate { values in
      // What reads new channels: v and -v.
      var first = 0
      for segment in structure.segments(readBy: index) {
        let span = segment.positions * area
        let old = structure.orders[segment.order].width
        for pair in 0..<added[segment.order] / 2 {
          let start = first + (old + 2 * pair) * span
          for row in 0..<oldRows {
            for position in start..<start + span {
              let drawn = stream.normal() * size
              values[row * length + position] = drawn
              values[row * length + position + span] = -drawn
            }
          }
        }
        first += (old + added[segment.order]) * span
      }
      // New rows, equal in pairs.
      for pair in 0..<(added[rows.order] + 1) / 2 {
        let donor = (areTwins ? pair % oldRows : stream.integer(below: oldRows)) * length
        let order = areTwins ? Array(0..<length) : stream.permutation(length)
        for row in 2 * pair..<min(2 * pair + 2, added[rows.order]) {
          for column in 0..<length { values[(oldRows + row) * length + column] = values[donor + order[column]] }
        }
      }
    }
    network.parameters[name] = weight
    guard areTwins, var bias = network.parameters[node.path + ".bias"] else { return }
    try bias.mutate { values in
      for row in 0..<added[rows.order] { values[oldRows + row] = values[row / 2 % oldRows] }
    }
    network.parameters[node.path + ".bias"] = bias
  }

  /// New channels have the scales and shifts of old ones, and the largest variance, which keeps them small; twins their own.
  private func fillNormalization(
    of index: Int, _ node: Network.Node, in network: inout Network, _ structure: ChannelStructure, _ added: [Int]
  ) throws {
    var stream = RandomStream(seed: seed, name: "dummies/" + node.path)
    var first = 0
    for segment in structure.outputs[index] {
      let (old, new) = (structure.orders[segment.order].width * segment.positions, added[segment.order] * segment.positions)
      let width = structure.orders[segment.order].width
      let donors = (0..<(added[segment.order] + 1) / 2).map { areTwins ? $0 % width : stream.integer(below: old) }
      for tensor in ["weight", "bias", "running_mean", "running_var"] {
        let name = node.path + ".bn." + tensor
        guard var values = network.parameters[name] ?? network.buffers[name] else { continue }
        let largest = values.elements[first..<first + old].max() ?? 1
        try values.mutate { values in
          for channel in 0..<new {
            let donor = donors[channel / segment.positions / 2]
            let source = areTwins ? donor * segment.positions + channel % segment.positions : donor
            values[first + old + channel] = tensor == "running_var" && !areTwins ? largest : values[first + source]
          }
        }
        try network.replace(name, by: values)
      }
      first += old + new
    }
  }

  private func root(ofMeanSquare values: some Collection<Float>) -> Float {
    Float((values.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(max(values.count, 1))).squareRoot())
  }
}
