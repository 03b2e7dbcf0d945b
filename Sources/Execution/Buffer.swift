/// A piece of the storage of a run, by what it is for.
enum Buffer: Hashable, Sendable {
  /// The values of a feature.
  case feature(Feature.ID)
  /// The values of a feature, made again on the way back.
  case remade(Feature.ID)
  /// The gradient of a feature.
  case gradient(Feature.ID)
  /// Another contribution to a gradient, before it is added.
  case share(Feature.ID)
  /// Working storage of an operation on its way forward, when it is made again, and on its way back.
  case scratch(operation: Int, Phase)
  /// What an operation keeps for the way back.
  case state(operation: Int)

  enum Phase: Hashable, Sendable { case forward, remake, backward }
}

/// An offset and a length for every buffer, such that buffers that are in use at the same time do not overlap.
struct MemoryPlan: Sendable {
  /// When a buffer is in use: the first and the last step.
  struct Demand: Sendable {
    var count: Int
    var first: Int
    var last: Int

    func overlaps(_ other: Demand) -> Bool { first <= other.last && other.first <= last }
  }

  let demands: [Buffer: Demand]
  private(set) var offsets: [Buffer: Int] = [:]
  /// Floats in all.
  private(set) var count = 0

  /// Every offset is a multiple of this many floats: a line of the cache.
  private static let alignment = 16

  /// Places the largest first, each at the lowest offset where it fits.
  init(_ demands: [Buffer: Demand]) {
    self.demands = demands
    // Equal ones in a fixed order, so that the same program has the same plan in every process.
    let sorted = demands.sorted { left, right in
      (left.value.count, right.value.first, "\(left.key)") > (right.value.count, left.value.first, "\(right.key)")
    }
    var placed: [(offset: Int, demand: Demand)] = []
    for (buffer, demand) in sorted {
      let length = (demand.count + Self.alignment - 1) / Self.alignment * Self.alignment
      var offset = 0
      for other in placed where other.demand.overlaps(demand) && other.offset < offset + length {
        offset = max(offset, other.offset + other.demand.count)
      }
      let place = placed.firstIndex { $0.offset > offset } ?? placed.endIndex
      placed.insert((offset, Demand(count: length, first: demand.first, last: demand.last)), at: place)
      offsets[buffer] = offset
      count = max(count, offset + length)
    }
  }
}
