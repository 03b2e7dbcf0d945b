import Tensors

// The head of a classifier: its last convolution or dense layer, and whatever stands behind that. What comes before
// makes the features that the head tells apart.

extension Network {
  /// The position of the last layer with weights on the way of the samples; T-Nets only make matrices.
  private var headPosition: Int? {
    let makers = transformMakers
    return nodes.indices.last { nodes[$0].layer is any WeightedLayer && !makers.contains(nodes[$0].path) }
  }

  /// The last convolution or dense layer on the way of the samples; none in a network without.
  public var head: Node? { headPosition.map { nodes[$0] } }

  /// Full names of the parameters of the head, and of what stands behind it; all the others belong to the features.
  public var headParameterNames: Set<String> {
    guard let position = headPosition else { return [] }
    let makers = transformMakers
    return Set(
      nodes[position...].filter { !makers.contains($0.path) }.flatMap { node in
        node.layer.parameters(for: inputShapes(of: node)).map { node.path + "." + $0.name }
      })
  }

  /// The network with a head that starts anew; everything else stays.
  ///
  /// - Parameter seed: parameters start from streams named by it and their full names, as in a new network.
  public func restartingHead(seed: UInt64) throws -> Network {
    try Network(name: name, inputShape: inputShape, nodes: nodes, seed: seed)
      .takingTensors(of: self, except: headParameterNames)
  }

  /// The network with a new dense layer for another number of classes in the place of its head.
  ///
  /// A scale and a shift alone behind the old one (PointNet's `p3`) go with it, as in the released code, which puts a
  /// plain dense layer there (`fc3_ft.py`). Throws where the head is no dense layer.
  public func replacingHead(classes: Int, seed: UInt64) throws -> Network {
    guard let position = headPosition, let dense = nodes[position].layer as? DenseLayer else {
      throw NetworkError(
        "the last layer with weights is \(head?.path ?? "missing"), which is no dense layer",
        help: "another number of classes needs a model that ends in dense(classes)")
    }
    let input = try Stage.input(inputShape)
    var stages: [Stage] = []
    for (index, node) in nodes.enumerated() {
      let inputs = node.inputs.map { $0 < 0 ? input : stages[$0] }
      guard let first = inputs.first else { throw NetworkError("\(node.path) reads nothing") }
      if index > position, (node.layer as? any NormalizingLayer)?.normalization == .identity {
        stages.append(first)
        continue
      }
      let layer: any Layer =
        index == position
        ? DenseLayer(width: classes, hasBias: dense.hasBias, initialization: dense.initialization) : node.layer
      stages.append(try first.appending(layer, others: Array(inputs.dropFirst()), path: node.path))
    }
    guard let last = stages.last else { throw NetworkError("the model is empty") }
    return try last.network(named: name, seed: seed).takingTensors(of: self, except: headParameterNames)
  }

  /// The network with the parameters and running statistics of another one, wherever both have one of the same name and
  /// shape.
  ///
  /// - Parameter names: full names of those that stay as they are.
  public func takingTensors(of other: Network, except names: Set<String> = []) -> Network {
    var network = self
    for (name, tensor) in other.parameters
    where network.parameters[name]?.shape == tensor.shape && !names.contains(name) {
      network.parameters[name] = tensor.detached
    }
    for (name, tensor) in other.buffers where network.buffers[name]?.shape == tensor.shape && !names.contains(name) {
      network.buffers[name] = tensor.detached
    }
    return network
  }
}
