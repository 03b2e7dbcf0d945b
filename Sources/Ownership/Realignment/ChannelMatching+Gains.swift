import Networks

// Signs and scales of matched channels: what the suspect's values are divided by to be the owner's.

extension ChannelMatching {
  /// Settles the gains of all scales of one order, from everything that makes them and has been compared.
  mutating func settleGains(of order: Int) {
    let structure = owner.structure
    for scale in Set(structure.outputs.joined().filter { $0.order == order }.map(\.scale)).sorted() {
      let limits = structure.scales[scale]
      guard !limits.isPinned, limits.matrixOf == nil else { continue }
      let evidence = limits.makers.compactMap { self.evidence(of: $0) }
      guard let first = evidence.first else { continue }
      let width = first.signed.count
      var gains = (0..<width).map { channel in
        guard limits.mayScale else { return 1.0 }
        let own = evidence.reduce(0) { $0 + $1.own[channel] }
        let other = evidence.reduce(0) { $0 + $1.other[channel] }
        let gain = (own / other).squareRoot()
        return gain.isNormal ? gain : 1
      }
      if limits.mayFlip {
        let block = max(min(limits.signBlock, width), 1)
        for first in stride(from: 0, to: width, by: block) {
          let channels = first..<min(first + block, width)
          let sum = channels.reduce(0) { sum, channel in sum + evidence.reduce(0) { $0 + $1.signed[channel] } }
          if sum < 0 { for channel in channels { gains[channel] = -gains[channel] } }
        }
      }
      rewriting.gains[scale] = gains
    }
  }

  /// What one node says of the channels that it makes: squared sizes on both sides, and a number with the sign that the
  /// suspect's has to the owner's.
  private struct Evidence {
    var own: [Double]
    var other: [Double]
    var signed: [Double]
  }

  private func evidence(of node: Int) -> Evidence? {
    if owner.network.nodes[node].layer is NormalizationLayer { return evidence(ofNormalization: node) }
    guard let compared = comparisons[node] else { return nil }
    let hasNormalization = owner.structure.normalization(behind: node, in: owner.network) != nil
    func squares(_ side: Side, _ norms: [Double], _ channels: [Int]) -> [Double] {
      // A bias says nothing of the scale where a normalisation takes it away.
      let bias = hasNormalization
        ? [] : side.network.parameters[side.network.nodes[node].path + ".bias"]?.elements ?? []
      return zip(norms, channels).map { norm, channel in
        let shift = bias.isEmpty ? 0 : Double(bias[channel])
        return norm * norm + shift * shift
      }
    }
    let selection = selection(madeBy: node)
    return Evidence(
      own: squares(owner, compared.ownNorms, Array(selection.indices)),
      other: squares(suspect, compared.suspectNorms, selection), signed: compared.signed)
  }

  /// A normalisation with the weights before it is one map: its rows and shifts are what a fold would leave.
  private func evidence(ofNormalization node: Int) -> Evidence? {
    let source = owner.source(of: node)
    let compared = source.flatMap { comparisons[$0] }
    // Until the weights are compared they would only say what their own scale was.
    guard source == nil || compared != nil else { return nil }
    let takesSamples = owner.structure.segments(readBy: node).contains {
      owner.structure.scales[$0.scale].isStandardized
    }
    func maps(_ side: Side, _ norms: [Double]?, _ channels: [Int]) -> (squares: [Double], scales: [Double]) {
      let affine = side.affine(of: node)
      let bias = source.flatMap { side.network.parameters[side.network.nodes[$0].path + ".bias"] }?.elements
      let squares = channels.enumerated().map { position, channel in
        let scale = affine.scale[channel]
        guard let norms, !takesSamples else {
          return scale * scale + affine.shift[channel] * affine.shift[channel]
        }
        let row = scale * norms[position]
        let shift = affine.shift[channel] + scale * (Double(bias?[channel] ?? 0) - affine.mean[channel])
        return row * row + shift * shift
      }
      return (squares, channels.map { affine.scale[$0] })
    }
    let selection = selection(madeBy: node)
    // Values of a flattened image share a channel, and their normalisation has more entries than the order has channels.
    guard owner.network.nodes[node].shape[0] == selection.count else { return nil }
    let own = maps(owner, compared?.ownNorms, Array(selection.indices))
    let other = maps(suspect, compared?.suspectNorms, selection)
    return Evidence(
      own: own.squares, other: other.squares,
      signed: selection.indices.map { channel in
        let isSame = own.scales[channel] * other.scales[channel] >= 0
        return (isSame ? 1 : -1) * (compared?.signed[channel] ?? 1)
      })
  }

  private func selection(madeBy node: Int) -> [Int] {
    owner.structure.outputs[node].first.map { rewriting.selections[$0.order] } ?? []
  }
}
