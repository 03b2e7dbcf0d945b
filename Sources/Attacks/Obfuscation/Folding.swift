import Networks
import Tensors

/// Batch normalisations, and scales and shifts alone, go into the weights before them:
///
///     k = γ / √(σ² + ε)        W ← k W        b ← k (b - μ) + β
///
/// What stands in their place is neutral: γ = √(1 + ε), β = 0, μ = 0, σ² = 1.
struct Folding {
  func apply(to network: inout Network, _ log: inout ObfuscationLog) throws {
    let structure = try ChannelStructure(of: network)
    for (index, node) in network.nodes.enumerated() {
      guard node.layer is any WeightedLayer else { continue }
      guard let behind = structure.normalization(behind: index, in: network),
        let layer = network.nodes[behind].layer as? NormalizationLayer
      else {
        log.skip(node.path, "folding", "no normalisation is right behind it")
        continue
      }
      guard [.batch, .identity].contains(layer.normalization) else {
        log.skip(node.path, "folding", "\(layer.normalization.rawValue) normalisation takes its moments of each sample")
        continue
      }
      try fold(node, network.nodes[behind], into: &network)
      log.applied += 1
    }
  }

  private func fold(_ source: Network.Node, _ norm: Network.Node, into network: inout Network) throws {
    let path = norm.path + ".bn."
    guard let weight = network.parameters[source.path + ".weight"], let layer = source.layer.withBias,
      let scale = network.parameters[path + "weight"]?.elements, let shift = network.parameters[path + "bias"]?.elements
    else { return }
    let channels = scale.count
    let epsilon = Double(NormalizationLayer.epsilon)
    let variance = network.buffers[path + "running_var"]?.elements
    let mean = network.buffers[path + "running_mean"]?.elements ?? Array(repeating: 0, count: channels)
    let bias = network.parameters[source.path + ".bias"]?.elements ?? Array(repeating: 0, count: channels)
    let factors = (0..<channels).map { channel in
      Double(scale[channel]) / (variance.map { (Double($0[channel]) + epsilon).squareRoot() } ?? 1)
    }
    var folded = weight
    let length = weight.count / max(channels, 1)
    try folded.mutate { values in
      for index in 0..<channels * length { values[index] = Float(Double(values[index]) * factors[index / length]) }
    }
    let shifts = (0..<channels).map { channel in
      Float(factors[channel] * (Double(bias[channel]) - Double(mean[channel])) + Double(shift[channel]))
    }
    try network.replaceLayer(
      at: source.path, with: layer, seed: 0,
      tensors: ["weight": folded, "bias": Tensor(shifts, shape: [channels])])
    let neutral = variance == nil ? 1 : Float((1 + epsilon).squareRoot())
    try network.replace(path + "weight", by: Tensor(repeating: neutral, shape: [channels]))
    try network.replace(path + "bias", by: Tensor(repeating: 0, shape: [channels]))
    guard variance != nil else { return }
    try network.replace(path + "running_mean", by: Tensor(repeating: 0, shape: [channels]))
    try network.replace(path + "running_var", by: Tensor(repeating: 1, shape: [channels]))
  }
}

extension Layer {
  /// The same weighted layer with a bias.
  fileprivate var withBias: (any Layer)? {
    switch self {
    case var layer as ConvolutionLayer:
      layer.hasBias = true
      return layer
    case var layer as Conv1dLayer:
      layer.hasBias = true
      return layer
    case var layer as DenseLayer:
      layer.hasBias = true
      return layer
    default: return nil
    }
  }
}
