import Synchronization
import Tensors

/// A place in a network that is being composed: the shape that arrives there. Layers append to it and give the next.
public struct Stage: Sendable {
  public let shape: Shape
  /// The layer that made it; nil for the network's input.
  public let path: String?
  let composition: Composition
  let node: Int

  /// The input of a new network.
  public static func input(_ shape: Shape) throws -> Stage {
    guard !shape.isEmpty, shape.count <= 4, shape.allSatisfy({ (1...1_048_576).contains($0) }) else {
      throw NetworkError(
        "a sample's shape has one to four lengths from 1 to 1048576, not \(shape)",
        help: "an image is [channels, height, width]")
    }
    return Stage(shape: shape, path: nil, composition: Composition(inputShape: shape), node: -1)
  }

  /// Appends a layer that reads this stage, and others of the same network; shapes are checked at once.
  ///
  /// - Parameter path: the layer's name; by default its kind with a running number.
  public func appending(_ layer: any Layer, others: [Stage] = [], path: String? = nil) throws -> Stage {
    for other in others where other.composition !== composition {
      throw NetworkError("\(layer.kind): the two stages belong to different models")
    }
    return try composition.append(layer, reading: [self] + others, path: path)
  }

  /// The path of the convolution or dense layer whose output arrives here, dropout passed over, if a passport can go
  /// through its weights.
  public var weightedPath: String? {
    let nodes = composition.nodes
    var node = node
    while node >= 0, nodes[node].layer is DropoutLayer { node = nodes[node].inputs.first ?? -1 }
    guard node >= 0, let weighted = nodes[node].layer as? any WeightedLayer, weighted.takesPassports else { return nil }
    return nodes[node].path
  }

  /// A name that no layer of this network has yet: the stem with a running number.
  func nextPath(_ stem: String) -> String { composition.nextPath(stem) }

  /// The network that ends here; layers that this stage does not depend on are left out.
  public func network(named name: String, seed: UInt64) throws -> Network {
    var network = try networkWithoutTensors(named: name)
    try network.startTensors(seed: seed)
    return network
  }

  /// The same for tensors from elsewhere: it has none yet.
  func networkWithoutTensors(named name: String) throws -> Network {
    try Network(name: name, inputShape: composition.inputShape, nodes: composition.nodes(leadingTo: node))
  }
}

/// The layers of a network while it is composed; all its stages share it.
final class Composition: Sendable {
  private struct State {
    var nodes: [Network.Node] = []
    var paths: Set<String> = []
    var counters: [String: Int] = [:]

    mutating func nextPath(_ stem: String) -> String {
      counters[stem, default: 0] += 1
      return stem + "\(counters[stem, default: 1])"
    }
  }

  let inputShape: Shape
  private let state = Mutex(State())

  init(inputShape: Shape) { self.inputShape = inputShape }

  var nodes: [Network.Node] { state.withLock(\.nodes) }

  func nextPath(_ stem: String) -> String { state.withLock { $0.nextPath(stem) } }

  func append(_ layer: any Layer, reading stages: [Stage], path: String?) throws -> Stage {
    let shape = try layer.outputShape(of: stages.map(\.shape))
    guard try shape.elementCount() <= 1 << 31 else {
      throw NetworkError("\(layer.kind): an output of shape \(shape) is too large")
    }
    return try state.withLock { state in
      let path = path ?? state.nextPath(type(of: layer).pathStem)
      guard state.paths.insert(path).inserted else {
        throw NetworkError("the model has two layers named \(path)")
      }
      state.nodes.append(Network.Node(path: path, layer: layer, inputs: stages.map(\.node), shape: shape))
      return Stage(shape: shape, path: path, composition: self, node: state.nodes.count - 1)
    }
  }

  /// The nodes that a node depends on, and itself, renumbered.
  func nodes(leadingTo last: Int) -> [Network.Node] {
    let nodes = nodes
    guard last >= 0 else { return [] }
    var isNeeded = [Bool](repeating: false, count: nodes.count)
    isNeeded[last] = true
    for index in nodes.indices.reversed() where isNeeded[index] {
      for input in nodes[index].inputs where input >= 0 { isNeeded[input] = true }
    }
    var kept: [Network.Node] = []
    var position = [Int: Int]()
    for index in nodes.indices where isNeeded[index] {
      var node = nodes[index]
      node.inputs = node.inputs.map { $0 < 0 ? $0 : position[$0] ?? $0 }
      position[index] = kept.count
      kept.append(node)
    }
    return kept
  }
}
