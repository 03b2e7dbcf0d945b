import Networks

// Whether a channel may stand for another at all, whatever its row says: what the thief's dummies are told by.

extension ChannelMatching {
  /// How well the places agree at which two channels cross zero, on either side of it: 1 where they do, 1/2 where they
  /// are two standard deviations of the owner's apart. A channel that is dead behind its ReLU stands for none that is not.
  func agreement(of node: Int, _ own: RowFeatures, _ other: RowFeatures) -> [Float] {
    let (rows, columns) = (own.norms.count, other.norms.count)
    guard let behind = owner.structure.normalization(behind: node, in: owner.network),
      let variances = owner.network.buffers[owner.network.nodes[behind].path + ".bn.running_var"]?.elements
    else { return Array(repeating: 1, count: rows * columns) }
    func places(_ side: Side, _ features: RowFeatures) -> [Double] {
      zip(side.crossings(of: node), features.norms).map { $1 > 0 ? $0.magnitude / $1 : .infinity }
    }
    let (ownPlaces, places) = (places(owner, own), places(suspect, other))
    var agreement = [Float](repeating: 1, count: rows * columns)
    for row in 0..<rows {
      let deviations = own.norms[row] / (Double(variances[row]) + Double(NormalizationLayer.epsilon)).squareRoot()
      // What is nearly always on one side at the owner's says little of where.
      guard ownPlaces[row] * deviations < 8 else { continue }
      for column in 0..<columns {
        let apart = (places[column] - ownPlaces[row]).magnitude * deviations / 2
        agreement[row * columns + column] = apart.isNaN ? 0 : Float(1 / (1 + apart * apart))
      }
    }
    return agreement
  }

  /// A channel of the suspect's that nothing depends on stands for one that counts at the owner's only if no other is as
  /// near: 1/4 else.
  func hearing(of order: Int, _ scores: [Float]) -> [Float] {
    let (own, other) = (silent.own[order], silent.other[order])
    var hearing = [Float](repeating: 1, count: scores.count)
    guard other.contains(true) else { return hearing }
    for row in own.indices where !own[row] {
      let entries = other.indices.map { row * other.count + $0 }
      let nearest = zip(entries, other).reduce(0) { $1.1 ? $0 : max($0, scores[$1.0]) }
      for (entry, isSilent) in zip(entries, other) where isSilent && scores[entry] <= 1.03 * nearest {
        hearing[entry] = 0.25
      }
    }
    return hearing
  }
}
