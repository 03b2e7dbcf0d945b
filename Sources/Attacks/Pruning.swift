import Networks
import Passports
import Tensors

/// Removal by pruning: the smallest weights of the whole network become zero, at once and without retraining.
///
/// The threshold is a percentile of |v| over all parameters with linear interpolation, as numpy has it; every entry with
/// |v| ≤ threshold is zeroed (released code, `prun.py`). FC blocks count for the threshold and are spared, since a thief
/// does not have them. They are told by "fc" in their names, as there, which also spares the dense layers of T-Nets.
public struct Pruning: Sendable {
  /// Share of the parameters to prune, 0 to 1.
  public var rate: Double
  /// Whether FC blocks are zeroed too (DeepIPR prunes everything).
  public var prunesBlocks: Bool

  public init(rate: Double, prunesBlocks: Bool = false) {
    self.rate = rate
    self.prunesBlocks = prunesBlocks
  }

  public func apply(to network: Network) throws -> Network {
    guard (0...1).contains(rate) else {
      throw NetworkError("prune: the rate is a share from 0% to 100%, not \(rate.asShare)", help: "prune(net, 30%)")
    }
    guard rate > 0 else { return network }
    let limit = try threshold(network)
    var pruned = network
    for name in network.parameterNames where prunesBlocks || !name.contains("fc") {
      guard var tensor = pruned.parameters.removeValue(forKey: name) else { continue }
      let count = tensor.count
      try tensor.mutate { values in
        for index in 0..<count where Double(values[index].magnitude) <= limit { values[index] = 0 }
      }
      pruned.parameters[name] = tensor
    }
    return pruned
  }

  /// The percentile of |v|: position rate · (n - 1) among the sorted values, interpolated.
  func threshold(_ network: Network) throws -> Double {
    var magnitudes = network.parameterNames.flatMap { name in
      network.parameters[name]?.elements.map(\.magnitude) ?? []
    }
    guard magnitudes.allSatisfy(\.isFinite), !magnitudes.isEmpty else {
      throw NetworkError("prune: the network has weights that are no numbers")
    }
    magnitudes.sort()
    let position = rate * Double(magnitudes.count - 1)
    let below = Int(position.rounded(.down))
    let above = min(below + 1, magnitudes.count - 1)
    let (low, high) = (Double(magnitudes[below]), Double(magnitudes[above]))
    return low + (high - low) * (position - Double(below))
  }
}
