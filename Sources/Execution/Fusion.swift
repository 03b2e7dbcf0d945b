import Networks
import Tensors

/// Turns the layers of a network into operations, joining those that can be computed in one pass over memory:
///
///     norm → relu → add → relu          one `Normalize` with a residual
///     norm → relu → maxpool(2)          one `Normalize` that pools
///     flatten → dense                   one `Convolve` whose kernel covers the image
///     dense → norm → relu → globalmax   one `CloudMaximum`, at many positions
///
/// A layer is held back until its reader is seen, and joined with it if nobody else reads it.
struct Fusion {
  /// The program of a network; none where a layer has no fused form.
  ///
  /// - Parameter isPrediction: for one branch of a trained network, without gradients.
  static func program(of network: Network, isPrediction: Bool = false) -> Program? {
    guard var fusion = Fusion(network, isPrediction: isPrediction) else { return nil }
    for index in network.nodes.indices {
      guard fusion.add(index) else { return nil }
    }
    return fusion.finished()
  }

  /// What a layer's output is so far.
  enum Outcome {
    case made(Feature.ID)
    /// A matrix product that has not been emitted.
    case product(Product)
    /// A normalisation, and what follows it, that have not been emitted.
    case normalized(Normalized)
    /// The features of an image as a vector.
    case flattened(Feature.ID)
  }

  struct Product {
    var node: Network.Node
    var input: Feature.ID
    var kernel: (height: Int, width: Int)
    var stride = 1
    var padding = 0
    var hasBias: Bool
    /// The same weights at each of several positions.
    var isPointwise = false
  }

  indirect enum Source {
    case made(Feature.ID)
    case product(Product)
  }

  struct Normalized {
    var node: Network.Node
    var layer: any NormalizingLayer
    var source: Source
    var isRectified = false
    var residual: Feature.ID?
    var isRectifiedAfterAddition = false
    var isPooled = false
    /// The shape of a sample behind the last joined layer.
    var shape: Shape
  }

  let network: Network
  let isPrediction: Bool
  let readers: [Int]
  var outcomes: [Outcome] = []
  var features: [Feature]
  var operations: [any Operation] = []
  var penalties: [Program.Penalty] = []

  init?(_ network: Network, isPrediction: Bool) {
    self.network = network
    self.isPrediction = isPrediction
    guard let input = Feature(shape: network.inputShape, isShared: true) else { return nil }
    features = [input]
    var readers = [Int](repeating: 0, count: network.nodes.count)
    for node in network.nodes {
      for read in node.inputs where read >= 0 { readers[read] += 1 }
    }
    readers[network.nodes.count - 1] += 1
    self.readers = readers
  }

  // MARK: Layer by layer

  mutating func add(_ index: Int) -> Bool {
    let node = network.nodes[index]
    guard let outcome = outcome(of: node) else { return false }
    outcomes.append(outcome)
    // What several layers read is made at once.
    if readers[index] > 1, case .product = outcome { _ = made(index) }
    if readers[index] > 1, case .normalized = outcome { _ = made(index) }
    return true
  }

  mutating func outcome(of node: Network.Node) -> Outcome? {
    switch node.layer.form {
    case .convolution(let kernel, let stride, let padding, let groups, let hasBias):
      guard groups == 1 else { return nil }
      return .product(
        Product(
          node: node, input: made(node.inputs[0]), kernel: (kernel, kernel), stride: stride, padding: padding,
          hasBias: hasBias))
    case .dense(let hasBias): return dense(node, hasBias: hasBias)
    case .normalization:
      guard let layer = node.layer as? any NormalizingLayer else { return nil }
      return .normalized(Normalized(node: node, layer: layer, source: source(node.inputs[0]), shape: node.shape))
    case .relu: return relu(node)
    case .add: return add(node)
    case .maxPool(let window): return maxPool(node, window)
    case .globalMaximum: return globalMaximum(node)
    case .flatten:
      let input = made(node.inputs[0])
      return features[input].positions == 1 ? .made(input) : .flattened(input)
    case .leakyRelu(let slope):
      return emit(node) { LeakyRectify(input: $0[0], output: $1, slope: slope) }
    case .dropout(let rate):
      return emit(node) { Drop(input: $0[0], output: $1, path: node.path, rate: rate, shape: node.shape) }
    case .averagePool(let window): return emit(node) { AveragePool(input: $0[0], output: $1, window: window) }
    case .globalAverage: return emit(node) { GlobalAverage(input: $0[0], output: $1) }
    case .localMaximum: return emit(node) { GlobalMaximum(input: $0[0], output: $1) }
    case .farthestPoints(let count): return emit(node) { ChooseFarthest(input: $0[0], output: $1, count: count) }
    case .neighbourhoods(let radius, let count):
      return emit(node) { GatherNeighbours(inputs: $0, output: $1, radius: radius, count: count) }
    case .concatenate: return emit(node) { Concatenate(inputs: $0, output: $1) }
    case .transform: return transform(node)
    case .opaque: return nil
    }
  }

  mutating func dense(_ node: Network.Node, hasBias: Bool) -> Outcome? {
    if case .flattened(let image)? = waiting(node.inputs[0]) {
      let kernel = (features[image].height, features[image].width)
      return .product(Product(node: node, input: image, kernel: kernel, hasBias: hasBias))
    }
    return .product(
      Product(node: node, input: made(node.inputs[0]), kernel: (1, 1), hasBias: hasBias, isPointwise: true))
  }

  mutating func relu(_ node: Network.Node) -> Outcome {
    if case .normalized(var before)? = joinable(node.inputs[0]), !before.isPooled, !before.isRectifiedAfterAddition {
      if before.residual == nil { before.isRectified = true } else { before.isRectifiedAfterAddition = true }
      return .normalized(before)
    }
    return emit(node) { Rectify(input: $0[0], output: $1) }
  }

  mutating func add(_ node: Network.Node) -> Outcome {
    for (own, other) in [(0, 1), (1, 0)] {
      guard case .normalized(var before)? = joinable(node.inputs[own]), before.residual == nil, !before.isPooled,
        node.inputs[own] != node.inputs[other]
      else { continue }
      before.residual = made(node.inputs[other])
      return .normalized(before)
    }
    return emit(node) { Add(left: $0[0], right: $0[1], output: $1) }
  }

  mutating func maxPool(_ node: Network.Node, _ window: PoolingWindow) -> Outcome {
    if case .normalized(var before)? = joinable(node.inputs[0]), before.residual == nil, !before.isPooled,
      window.kernel == 2, window.stride == 2, window.padding == 0
    {
      before.isPooled = true
      before.shape = node.shape
      return .normalized(before)
    }
    return emit(node) { MaximumPool(input: $0[0], output: $1, window: window) }
  }

  mutating func globalMaximum(_ node: Network.Node) -> Outcome {
    if case .normalized(let before)? = joinable(node.inputs[0]), case .product(let product) = before.source,
      product.isPointwise, before.residual == nil, !before.isPooled,
      MaximumOverPoints.computes(before.layer.normalization)
    {
      let input = before.layer.differsByBranch ? split(product.input) : product.input
      return emit(node, reading: [input]) {
        MaximumOverPoints(
          input: $0[0], output: $1, convolution: product.node.path, hasBias: product.hasBias, path: before.node.path,
          layer: before.layer, isRectified: before.isRectified)
      }
    }
    return emit(node) { GlobalMaximum(input: $0[0], output: $1) }
  }

  mutating func transform(_ node: Network.Node) -> Outcome? {
    guard let layer = node.layer as? TransformLayer else { return nil }
    let inputs = alike(node.inputs.map { made($0) })
    let channels = features[inputs[0]].channels
    if layer.regularizer != nil {
      penalties.append(
        Program.Penalty(feature: split(inputs[1]), path: node.path, layer: layer, channels: channels))
    }
    return emit(node, reading: inputs) { Transform(cloud: $0[0], matrices: $0[1], output: $1) }
  }

  // MARK: What is held back

  /// A layer's outcome that has not been made, if this reader is the only one.
  func joinable(_ index: Int) -> Outcome? {
    index >= 0 && readers[index] == 1 ? outcomes[index] : nil
  }

  /// A layer's outcome, whoever reads it.
  func waiting(_ index: Int) -> Outcome? { index >= 0 ? outcomes[index] : nil }

  mutating func source(_ index: Int) -> Source {
    if case .product(let product)? = joinable(index) { return .product(product) }
    return .made(made(index))
  }

  mutating func finished() -> Program {
    let output = split(made(network.nodes.count - 1))
    // An image that convolutions alone read is gathered into patches anyway, and needs no whole vectors.
    let readsPatches = operations.filter { $0.inputs.contains(Program.input) }.allSatisfy {
      ($0 as? Convolve ?? ($0 as? FoldedConvolution)?.convolution)?.gathersPatches ?? false
    }
    if readsPatches { features[Program.input].rowLength = features[Program.input].channels }
    return Program(features: features, operations: operations, output: output, penalties: penalties)
  }
}
