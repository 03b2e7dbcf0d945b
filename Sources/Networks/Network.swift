import Tensors

/// A network: layers as a graph without cycles, and the tensors that they own. A value: a copy trains on its own.
public struct Network: Sendable {
  /// A layer in its place.
  public struct Node: Sendable {
    /// The layer's name, unique in its network: `conv1`, `features.4`.
    public var path: String
    public var layer: any Layer
    /// Positions of the nodes that it reads; the network's input is -1.
    public var inputs: [Int]
    /// The shape of one sample of its output.
    public var shape: Shape
  }

  public let name: String
  public let inputShape: Shape
  public private(set) var nodes: [Node]
  /// Trained tensors by full name (`conv1.weight`).
  public var parameters: [String: Tensor]
  /// Running statistics by full name (`norm1.bn.running_mean`).
  public var buffers: [String: Tensor]

  /// Builds a network from nodes in order of computation; the last one gives the output.
  ///
  /// - Parameter seed: each parameter starts from a stream named by the seed and its full name.
  public init(name: String, inputShape: Shape, nodes: [Node], seed: UInt64) throws {
    try self.init(name: name, inputShape: inputShape, nodes: nodes)
    try startTensors(seed: seed)
  }

  /// The layers alone. Whoever calls this gives the network its tensors, by `startTensors`, or by `takeTensors` of a
  /// file without millions of numbers drawn before and overwritten.
  init(name: String, inputShape: Shape, nodes: [Node]) throws {
    guard !nodes.isEmpty else {
      throw NetworkError("a model needs at least one layer", help: "write one in its body: conv(16, 3)")
    }
    self.name = name
    self.inputShape = inputShape
    self.nodes = nodes
    parameters = [:]
    buffers = [:]
  }

  /// Starts all tensors as their layers declare.
  mutating func startTensors(seed: UInt64) throws {
    for index in nodes.indices { try startTensors(of: index, seed: seed) }
  }

  /// The shape of one sample of the output.
  public var outputShape: Shape { nodes.last?.shape ?? inputShape }

  /// The shapes that a node reads.
  public func inputShapes(of node: Node) -> [Shape] {
    node.inputs.map { $0 < 0 ? inputShape : nodes[$0].shape }
  }

  /// Full names of the trained tensors, in order of computation.
  public var parameterNames: [String] { parameterShapes.map(\.name) }

  /// Full names of the running statistics, in order of computation.
  public var bufferNames: [String] { bufferShapes.map(\.name) }

  /// The trained tensors that the layers declare, in order of computation.
  var parameterShapes: [(name: String, shape: Shape)] {
    nodes.flatMap { node in
      node.layer.parameters(for: inputShapes(of: node)).map { (node.path + "." + $0.name, $0.shape) }
    }
  }

  /// The running statistics that the layers declare, in order of computation.
  var bufferShapes: [(name: String, shape: Shape)] {
    nodes.flatMap { node in
      node.layer.buffers(for: inputShapes(of: node)).map { (node.path + "." + $0.name, $0.shape) }
    }
  }

  /// The number of trained values.
  public var parameterCount: Int { parameters.values.reduce(0) { $0 + $1.count } }

  public func node(at path: String) -> Node? { nodes.first { $0.path == path } }

  /// The layer that makes the input of a node, dropout passed over; none where that is the network's own input.
  public func source(of node: Node) -> Node? {
    var node = node
    repeat {
      guard let read = node.inputs.first, read >= 0 else { return nil }
      node = nodes[read]
    } while node.layer is DropoutLayer
    return node
  }

  /// The position of the node that reads another one's output, dropout passed over; none where several or none do.
  public func onlyReader(of position: Int) -> Int? {
    var position = position
    while true {
      let readers = nodes.indices.filter { nodes[$0].inputs.contains(position) }
      guard readers.count == 1, let reader = readers.first else { return nil }
      guard nodes[reader].layer is DropoutLayer else { return reader }
      position = reader
    }
  }

  /// Puts another layer of the same shapes into a node's place; its tensors start anew, and the old one's are dropped.
  ///
  /// - Parameter tensors: what the layer starts with instead, by the name that it has there, where the shape is right.
  public mutating func replaceLayer(
    at path: String, with layer: any Layer, seed: UInt64, tensors: [String: Tensor] = [:]
  ) throws {
    guard let index = nodes.firstIndex(where: { $0.path == path }) else {
      throw NetworkError("the model has no layer named \(path)")
    }
    let inputs = inputShapes(of: nodes[index])
    for declaration in nodes[index].layer.parameters(for: inputs) { parameters[path + "." + declaration.name] = nil }
    for declaration in nodes[index].layer.buffers(for: inputs) { buffers[path + "." + declaration.name] = nil }
    let shape = try layer.outputShape(of: inputs)
    guard shape == nodes[index].shape else {
      throw NetworkError("\(path): the new layer makes \(shape) and the old one \(nodes[index].shape)")
    }
    nodes[index].layer = layer
    try startTensors(of: index, seed: seed, given: tensors)
  }

  /// Sends a batch [batch, input shape...] through all layers.
  public func forward(_ batch: Tensor, _ pass: ForwardPass) throws -> Tensor {
    guard Shape(batch.shape.dropFirst()) == inputShape else {
      throw NetworkError(
        "the model takes samples of shape \(inputShape), and these are \(Shape(batch.shape.dropFirst()))",
        help: inputShape.count == 3 && batch.rank == 4
          ? "for the embedded images: fashion(size: \(inputShape[1]), channels: \(inputShape[0]))" : nil)
    }
    var outputs = [Tensor?](repeating: nil, count: nodes.count)
    let lastReader = lastReader
    for (index, node) in nodes.enumerated() {
      try pass.poll()
      let inputs = node.inputs.map { $0 < 0 ? batch : outputs[$0] ?? batch }
      if pass.captures.contains(node.path) { pass.captured[node.path] = inputs.first }
      outputs[index] = try node.layer.forward(inputs, LayerPass(path: node.path, pass: pass))
      for read in node.inputs where read >= 0 && lastReader[read] == index { outputs[read] = nil }
    }
    return outputs.last.flatMap { $0 } ?? batch
  }

  /// The node that reads each output last; after it the output can be let go.
  private var lastReader: [Int] {
    var last = Array(nodes.indices)
    for (index, node) in nodes.enumerated() {
      for read in node.inputs where read >= 0 { last[read] = index }
    }
    return last
  }

  private mutating func startTensors(of index: Int, seed: UInt64, given: [String: Tensor] = [:]) throws {
    let node = nodes[index]
    let inputs = inputShapes(of: node)
    func start(_ declaration: ParameterDeclaration, from stream: RandomStream) throws -> Tensor {
      if let tensor = given[declaration.name], tensor.shape == declaration.shape { return tensor }
      return try declaration.initialization.makeTensor(declaration.shape, fanIn: declaration.fanIn, from: stream)
    }
    for declaration in node.layer.parameters(for: inputs) {
      let name = node.path + "." + declaration.name
      parameters[name] = try start(declaration, from: RandomStream(seed: seed, name: name))
    }
    for declaration in node.layer.buffers(for: inputs) {
      buffers[node.path + "." + declaration.name] = try start(
        declaration, from: RandomStream(seed: seed, name: node.path))
    }
  }
}

extension Network {
  /// Replaces a parameter or a running statistic by a tensor of the same shape.
  ///
  /// - Parameter help: what to tell a user where it does not fit.
  public mutating func replace(_ name: String, by tensor: Tensor, help: String? = nil) throws {
    guard let current = parameters[name] ?? buffers[name] else {
      throw NetworkError("the model has no tensor named \(name)", help: help)
    }
    guard current.shape == tensor.shape else {
      throw NetworkError(
        "\(name) has shape \(current.shape) in the model, and the new tensor \(tensor.shape)", help: help)
    }
    if parameters[name] != nil { parameters[name] = tensor.detached } else { buffers[name] = tensor.detached }
  }
}
