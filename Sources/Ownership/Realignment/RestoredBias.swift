import Networks
import Passports
import Tensors

/// Puts a rewritten suspect into the owner's layers, and its biases where the owner has them.
///
/// A normalisation over the batch takes a constant away, so that a thief moves biases at will: μ + t beside b + t, or a
/// whole fold. Where the owner has no bias, it goes back into μ (or β). Where he has one,
///
/// - a layer without bits gets the owner's: the same function, and nothing is read there. So does one whose bias the
///   owner left empty, as bound owners do: it brings no bits along;
/// - another layer with bits keeps the suspect's own, in the owner's scale, if it is the owner's to a half: nobody moved it;
/// - else it is emptied, and W S is read alone. The owner's own bias there would be an owner's bits in anybody's model.
struct RestoredBias {
  let reference: Network
  let suspect: Network
  private(set) var claim: Claim
  private(set) var emptied: [String] = []

  init(reference: Network, suspect: Network, claim: Claim) {
    self.reference = reference
    self.suspect = suspect
    self.claim = claim
  }

  /// The owner's layers with the suspect's tensors.
  mutating func adopted(structure: ChannelStructure) throws -> Network {
    var network = try head()
    var tensors = TensorTable(suspect)
    for (index, node) in network.nodes.enumerated() where node.layer is any WeightedLayer {
      try moveBias(of: index, node, in: network, structure, &tensors)
    }
    for (own, other) in zip(network.nodes, suspect.nodes) {
      let inputs = network.inputShapes(of: own)
      let names = own.layer.parameters(for: inputs).map(\.name) + own.layer.buffers(for: inputs).map(\.name)
      for name in names {
        guard let tensor = tensors[other.path + "." + name] else {
          throw NetworkError("re-alignment: the suspect has no tensor named \(other.path).\(name)")
        }
        try network.replace(own.path + "." + name, by: tensor, help: "the suspect is of another topology")
      }
    }
    return network
  }

  /// The owner's network, with the suspect's number of classes where its head is another one.
  private func head() throws -> Network {
    guard reference.outputShape != suspect.outputShape, let classes = suspect.outputShape.first else {
      return reference
    }
    return try reference.replacingHead(classes: classes, seed: 0)
  }

  /// Makes the suspect's bias of one layer what the owner's layer has.
  private mutating func moveBias(
    of index: Int, _ node: Network.Node, in network: Network, _ structure: ChannelStructure, _ tensors: inout TensorTable
  ) throws {
    let other = suspect.nodes[index]
    let name = other.path + ".bias"
    let bias = tensors[name]?.elements
    let ownBias = network.parameters[node.path + ".bias"]?.elements
    guard bias != nil || ownBias != nil else { return }
    let behind = structure.normalization(behind: index, in: reference)
    let kind = behind.flatMap { (reference.nodes[$0].layer as? NormalizationLayer)?.normalization }
    let count = node.shape[0]
    let zeros = [Float](repeating: 0, count: count)
    guard let behind, let kind, [.batch, .identity, .instance].contains(kind), bias?.count ?? count == count else {
      if ownBias == nil {
        throw NetworkError(
          "re-alignment: \(other.path) of the suspect has a bias, and \(node.path) of the owner's copy has none",
          help: "no normalisation is behind it that would take the bias")
      }
      if bias == nil { tensors[name] = try Tensor(zeros, shape: [count]) }
      return
    }
    var target = ownBias ?? zeros
    if let ownBias, ownBias.contains(where: { $0 != 0 }),
      claim.layers.contains(where: { $0.passport.source == node.path })
    {
      let own = bias ?? zeros
      let isOwn = Self.distance(own, ownBias) <= 0.5 * Self.distance(ownBias, zeros)
      target = isOwn ? own : zeros
      if !isOwn { try empty(node.path, ownBias) }
    }
    let moved = zip(target, bias ?? zeros).map { $0 - $1 }
    tensors[name] = ownBias == nil ? nil : try Tensor(target, shape: [count])
    try tensors.shift(suspect.nodes[behind].path + ".bn.", kind, by: moved)
  }

  /// The passport-aware statistics were taken with the owner's bias.
  private mutating func empty(_ source: String, _ ownBias: [Float]) throws {
    emptied.append(source)
    guard let layer = claim.layers.firstIndex(where: { $0.passport.source == source }),
      let mean = claim.layers[layer].statistics["bn1.running_mean"]
    else { return }
    claim.layers[layer].statistics["bn1.running_mean"] = try mean - Tensor(ownBias, shape: [ownBias.count])
  }

  private static func distance(_ left: [Float], _ right: [Float]) -> Double {
    zip(left, right).reduce(0.0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }.squareRoot()
  }

  /// Parameters and running statistics by full name.
  private struct TensorTable {
    private var values: [String: Tensor]

    init(_ network: Network) { values = network.parameters.merging(network.buffers) { own, _ in own } }

    subscript(name: String) -> Tensor? {
      get { values[name] }
      set { values[name] = newValue }
    }

    /// Takes from a normalisation what its input was moved by.
    mutating func shift(_ path: String, _ kind: NormalizationKind, by moved: [Float]) throws {
      let moved = try Tensor(moved, shape: [moved.count])
      switch kind {
      case .batch:
        values[path + "running_mean"] = try values[path + "running_mean"].map { try $0 + moved }
      case .identity:
        guard let scale = values[path + "weight"] else { return }
        values[path + "bias"] = try values[path + "bias"].map { try $0 - scale * moved }
      case .instance, .group, .layer: break
      }
    }
  }
}
