import Tensors

/// Which channels of a network could be reordered, negated and scaled together without changing what it computes.
///
/// Channels that meet in a sum, or go through a normalisation or a pool, keep one order between them; that is an
/// `Order`. A `Scale` is finer: a normalisation begins a new one, since its own scale and shift settle it. The network's
/// input and output, and whatever a layer mixes in a way of its own, are pinned.
///
/// Written for ordinary networks, whose normalisations are `NormalizationLayer`s: what `released()` gives.
public struct ChannelStructure: Sendable {
  /// A run of channels in a node's output.
  public struct Segment: Sendable, Hashable {
    /// Position in `orders`.
    public var order: Int
    /// Position in `scales`.
    public var scale: Int
    /// Neighbouring values of one channel: those of an image once it is flattened, else 1.
    public var positions: Int
  }

  /// Channels that have one order.
  public struct Order: Sendable {
    public var width: Int
    /// Whether the order cannot be changed.
    public var isPinned = false
    /// Channels that stay together, in any order: 16 under a group normalisation.
    public var blockSize = 1
    /// Why no channels can be added, if so.
    public var fixedWidth: String?
    /// Positions of the nodes that make these channels by their weights.
    public var writers: [Int] = []
    /// Where these are the entries of the matrices of a `TransformLayer`: the segment that is mapped.
    public var matrixOf: Segment?
  }

  /// Channels whose sign and scale go together.
  public struct Scale: Sendable {
    public var isPinned = false
    /// Whether something on the way keeps only positive factors: a ReLU, a maximum.
    public var isRectified = false
    /// Whether a normalisation reads it that takes moments of each sample: its ε would not follow a factor.
    public var isStandardized = false
    /// Channels that can only be negated together, in order: 16, or all of them (`Int.max`).
    public var signBlock = 1
    /// Positions of the nodes that make it: weighted layers and normalisations.
    public var makers: [Int] = []
    /// Where a `TransformLayer` reads these as its matrices: the segment that is mapped.
    public var matrixOf: Segment?

    public var mayFlip: Bool { !isPinned && !isRectified }
    public var mayScale: Bool { !isPinned && !isStandardized }
  }

  public private(set) var orders: [Order] = []
  public private(set) var scales: [Scale] = []
  /// What each node gives.
  public private(set) var outputs: [[Segment]] = []
  private var input: [Segment] = []
  private let inputs: [[Int]]

  /// - Throws: `NetworkError` where a normalisation carries a passport branch.
  public init(of network: Network) throws {
    inputs = network.nodes.map(\.inputs)
    input = [segment(width: network.inputShape.first ?? 1, isPinned: true)]
    for (index, node) in network.nodes.enumerated() { outputs.append(try output(of: node, at: index, in: network)) }
    if let last = outputs.last { pin(last) }
    settle()
  }

  /// The segments that a node reads as its input of that number.
  public func segments(readBy node: Int, input number: Int = 0) -> [Segment] {
    let read = inputs[node][number]
    return read < 0 ? input : outputs[read]
  }

  /// The position of the only normalisation that reads a weighted layer's output, dropout passed over, if nothing else
  /// reads it.
  public func normalization(behind node: Int, in network: Network) -> Int? {
    guard let reader = network.onlyReader(of: node) else { return nil }
    return network.nodes[reader].layer is NormalizationLayer ? reader : nil
  }

  // MARK: Layer by layer

  private mutating func output(of node: Network.Node, at index: Int, in network: Network) throws -> [Segment] {
    let read = node.inputs.indices.map { segments(readBy: index, input: $0) }
    let first = read.first ?? []
    switch node.layer.form {
    case .convolution(_, _, _, let groups, _) where groups > 1:
      read.forEach { pin($0) }
      return [segment(width: node.shape[0], isPinned: true, writer: index)]
    case .convolution, .dense: return [segment(width: node.shape[0], writer: index)]
    case .normalization: return try normalized(first, by: node, at: index)
    case .relu, .leakyRelu, .maxPool, .globalMaximum, .localMaximum:
      for segment in first { scales[segment.scale].isRectified = true }
      return first
    case .dropout, .averagePool, .globalAverage: return first
    case .flatten:
      let positions = network.inputShapes(of: node)[0].dropFirst().reduce(1, *)
      return first.map { Segment(order: $0.order, scale: $0.scale, positions: $0.positions * positions) }
    case .add: return sum(read)
    case .concatenate: return read.flatMap { $0 }
    case .transform: return transformed(read)
    case .neighbourhoods:
      pin(read[0] + read[1])
      return [segment(width: 3, isPinned: true)] + (read.count > 2 ? read[2] : [])
    case .farthestPoints, .opaque:
      read.forEach { pin($0) }
      return [segment(width: node.shape[0], isPinned: true)]
    }
  }

  private mutating func normalized(_ read: [Segment], by node: Network.Node, at index: Int) throws -> [Segment] {
    guard let layer = node.layer as? NormalizationLayer else {
      throw NetworkError("\(node.path) carries a passport branch", help: "release the model first: release(net)")
    }
    // Groups that reach over several runs, or over positions of a flattened image, are left alone.
    let isSimple = read.count == 1 && read.allSatisfy { $0.positions == 1 }
    return read.map { segment in
      switch layer.normalization {
      case .batch, .identity: break
      case .instance: scales[segment.scale].isStandardized = true
      case .group:
        scales[segment.scale].isStandardized = true
        scales[segment.scale].signBlock = max(scales[segment.scale].signBlock, NormalizationKind.channelsPerGroup)
        orders[segment.order].blockSize = NormalizationKind.channelsPerGroup
      case .layer:
        scales[segment.scale].isStandardized = true
        scales[segment.scale].signBlock = .max
        orders[segment.order].fixedWidth = "layer normalisation takes its moments over all channels"
      }
      if !isSimple, [.group, .layer].contains(layer.normalization) { pin([segment]) }
      scales.append(Scale(makers: [index]))
      return Segment(order: segment.order, scale: scales.count - 1, positions: segment.positions)
    }
  }

  private mutating func sum(_ read: [[Segment]]) -> [Segment] {
    for other in read.dropFirst() {
      let isAlike = other.count == read[0].count
        && zip(other, read[0]).allSatisfy { orders[$0.order].width == orders[$1.order].width && $0.positions == $1.positions }
      guard isAlike else {
        read.forEach { pin($0) }
        continue
      }
      for (left, right) in zip(read[0], other) { unite(left, right) }
    }
    return read[0]
  }

  /// y = (T + I)ᵀ x keeps the order and the scales of x: T goes to S⁻¹ T S, which leaves I as it is.
  private mutating func transformed(_ read: [[Segment]]) -> [Segment] {
    guard read.count == 2, let cloud = read[0].first, read[0].count == 1, let matrix = read[1].first,
      read[1].count == 1, cloud.positions == 1, matrix.positions == 1, orders[matrix.order].matrixOf == nil
    else {
      read.forEach { pin($0) }
      return read[0]
    }
    orders[matrix.order].matrixOf = cloud
    orders[matrix.order].fixedWidth = "they are the entries of a transform"
    scales[matrix.scale].isPinned = true
    scales[matrix.scale].matrixOf = cloud
    orders[cloud.order].fixedWidth = "they go through a transform"
    // Entries get factors s_j / s_i, which are positive only if all s have one sign.
    scales[cloud.scale].isRectified = true
    return read[0]
  }

  // MARK: Ties

  private var ties: [(Segment, Segment)] = []

  private mutating func segment(width: Int, isPinned: Bool = false, writer: Int? = nil) -> Segment {
    let writers = writer.map { [$0] } ?? []
    orders.append(Order(width: width, isPinned: isPinned, writers: writers))
    scales.append(Scale(isPinned: isPinned, makers: writers))
    return Segment(order: orders.count - 1, scale: scales.count - 1, positions: 1)
  }

  private mutating func pin(_ segments: [Segment]) {
    for segment in segments {
      orders[segment.order].isPinned = true
      scales[segment.scale].isPinned = true
    }
  }

  private mutating func unite(_ left: Segment, _ right: Segment) { ties.append((left, right)) }

  /// Joins what is tied, and numbers orders and scales anew.
  private mutating func settle() {
    var orderTies = Ties(count: orders.count)
    var scaleTies = Ties(count: scales.count)
    for (left, right) in ties {
      orderTies.unite(left.order, right.order)
      scaleTies.unite(left.scale, right.scale)
    }
    let (orderNumbers, scaleNumbers) = (orderTies.numbers(), scaleTies.numbers())
    func renumbered(_ segment: Segment) -> Segment {
      Segment(
        order: orderNumbers[segment.order], scale: scaleNumbers[segment.scale], positions: segment.positions)
    }
    var joinedOrders = [Order?](repeating: nil, count: (orderNumbers.max() ?? -1) + 1)
    for (order, number) in zip(orders, orderNumbers) {
      var joined = joinedOrders[number] ?? Order(width: order.width)
      joined.isPinned = joined.isPinned || order.isPinned
      joined.blockSize = max(joined.blockSize, order.blockSize)
      joined.fixedWidth = joined.fixedWidth ?? order.fixedWidth
      joined.writers += order.writers
      joined.matrixOf = joined.matrixOf ?? order.matrixOf.map(renumbered)
      joinedOrders[number] = joined
    }
    var joinedScales = [Scale?](repeating: nil, count: (scaleNumbers.max() ?? -1) + 1)
    for (scale, number) in zip(scales, scaleNumbers) {
      var joined = joinedScales[number] ?? Scale()
      joined.isPinned = joined.isPinned || scale.isPinned
      joined.isRectified = joined.isRectified || scale.isRectified
      joined.isStandardized = joined.isStandardized || scale.isStandardized
      joined.signBlock = max(joined.signBlock, scale.signBlock)
      joined.makers += scale.makers
      joined.matrixOf = joined.matrixOf ?? scale.matrixOf.map(renumbered)
      joinedScales[number] = joined
    }
    orders = joinedOrders.compactMap { $0 }
    scales = joinedScales.compactMap { $0 }
    outputs = outputs.map { $0.map(renumbered) }
    input = input.map(renumbered)
    ties = []
    settleMatrices()
  }

  /// The entries of a transform's matrices are as fixed as the channels that it maps; entries that could not follow
  /// fix those channels.
  private mutating func settleMatrices() {
    for index in orders.indices {
      guard let cloud = orders[index].matrixOf else { continue }
      let fits = orders[index].width == orders[cloud.order].width * orders[cloud.order].width
      if orders[index].isPinned || orders[index].blockSize > 1 || !fits { pin([cloud]) }
      if orders[cloud.order].isPinned {
        orders[index].isPinned = true
        orders[index].matrixOf = nil
      }
    }
    for index in scales.indices {
      if let cloud = scales[index].matrixOf, orders[cloud.order].isPinned { scales[index].matrixOf = nil }
    }
  }
}

/// Which of `count` things belong together (union-find).
private struct Ties {
  private var parents: [Int]

  init(count: Int) { parents = Array(0..<count) }

  private mutating func root(_ element: Int) -> Int {
    var element = element
    while parents[element] != element {
      parents[element] = parents[parents[element]]
      element = parents[element]
    }
    return element
  }

  mutating func unite(_ left: Int, _ right: Int) {
    let (left, right) = (root(left), root(right))
    parents[max(left, right)] = min(left, right)
  }

  /// The number of each one's class, from 0 in order of first appearance.
  mutating func numbers() -> [Int] {
    var numbers: [Int: Int] = [:]
    return parents.indices.map { element in
      let root = root(element)
      if let number = numbers[root] { return number }
      numbers[root] = numbers.count
      return numbers.count - 1
    }
  }
}
