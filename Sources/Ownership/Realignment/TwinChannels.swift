import Networks
import Tensors

/// Puts channels that are equal up to a factor into one, so that a network has no two of them.
///
/// A thief adds twins of true channels that nothing depends on: silent ones, or pairs that are read with opposite signs.
/// Compared by their rows alone they are as good as the true ones. But channels y and f y that are read by columns u and
/// v say what y alone says to u + f v. The loudest of them takes all; what is left of the others is silent
/// (`SilentChannels`), and the network computes what it did. So a channel that was split in parts is whole again, too.
struct TwinChannels {
  private(set) var network: Network
  /// For each order, the channels that nothing reads any more.
  private(set) var merged: [Set<Int>]
  private let structure: ChannelStructure

  /// By how much twins may differ, of their own size: nothing but rounding, or what a thief could add to escape that.
  static let tolerances = [1e-5, 0.05]

  /// - Parameter poll: called before each channel; throws to stop.
  init(
    of network: Network, structure: ChannelStructure, tolerance: Double = tolerances[0], poll: () throws -> Void
  ) throws {
    self.network = network
    self.structure = structure
    merged = structure.orders.map { _ in [] }
    // Twins in one layer may differ by how they read those of another.
    for _ in 0..<5 {
      let before = merged
      for order in structure.orders.indices where mayMerge(structure.orders[order]) {
        try mergeTwins(of: order, tolerance, poll)
      }
      if merged == before { return }
    }
  }

  /// Normalisations over groups or all channels would see that one is gone, and so would a transform.
  private func mayMerge(_ order: ChannelStructure.Order) -> Bool {
    !order.isPinned && order.fixedWidth == nil && order.blockSize == 1 && order.matrixOf == nil
  }

  private mutating func mergeTwins(of order: Int, _ tolerance: Double, _ poll: () throws -> Void) throws {
    guard let comparison = TwinComparison(of: order, in: network, structure, tolerance: tolerance) else { return }
    let cosines = try comparison.cosines()
    let width = structure.orders[order].width
    var classes: [(leader: Int, members: [(channel: Int, factors: TwinComparison.Factors)])] = []
    for channel in 0..<width where !merged[order].contains(channel) {
      try poll()
      let known = classes.indices.lazy.compactMap { number -> (Int, TwinComparison.Factors)? in
        let leader = classes[number].leader
        let cosine = cosines[leader * width + channel]
        guard cosine.magnitude > 1 - Float(tolerance),
          comparison.mayBeTwins(leader, channel, haveOneSign: cosine > 0)
        else { return nil }
        return comparison.factors(from: leader, to: channel).map { (number, $0) }
      }.first
      if let (number, factors) = known {
        classes[number].members.append((channel, factors))
      } else {
        classes.append((channel, []))
      }
    }
    for found in classes where !found.members.isEmpty {
      let all = found.members + [(found.leader, .one)]
      guard let loudest = all.max(by: { $0.factors.last.magnitude < $1.factors.last.magnitude }) else { continue }
      for (channel, factors) in all where channel != loudest.channel {
        try merge(channel, into: loudest.channel, of: order) { factors[$0] / loudest.factors[$0] }
        merged[order].insert(channel)
      }
    }
  }

  /// u + f v for whatever reads y by u and f y by v.
  private mutating func merge(
    _ channel: Int, into kept: Int, of order: Int, by factor: (_ scale: Int) -> Double
  ) throws {
    for index in network.nodes.indices where network.nodes[index].layer is any WeightedLayer {
      let name = network.nodes[index].path + ".weight"
      guard let shape = network.parameters[name]?.shape else { continue }
      let length = shape.dropFirst().reduce(1, *)
      var first = 0
      for segment in structure.segments(readBy: index) {
        let span = segment.positions * shape.dropFirst(2).reduce(1, *)
        if segment.order == order {
          let factor = factor(segment.scale)
          try network.parameters[name]?.mutate { values in
            for start in stride(from: first, to: shape[0] * length, by: length) {
              for position in start..<start + span {
                let (own, other) = (position + kept * span, position + channel * span)
                values[own] = Float(Double(values[own]) + factor * Double(values[other]))
                values[other] = 0
              }
            }
          }
        }
        first += structure.orders[segment.order].width * span
      }
    }
  }
}
