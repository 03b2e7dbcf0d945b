import Networks
import Passports
import Tensors

/// Removal by quantisation: weights go to few bits and back, and are then computed with as floats.
///
/// Symmetric for each output channel, with L = 2^(bits - 1) - 1 levels on either side of zero:
///
///     s = max |w| / L        w ← s · round(w / s)
///
/// Rounding is to the nearest level, ties to the even one. Convolution and dense weights are quantised; biases, scales,
/// shifts and running statistics stay as they are, as usual. 2 bits leave -s, 0 and s.
public struct Quantization: Sendable {
  public static let range = 2...16

  public var bits: Int

  public init(bits: Int) { self.bits = bits }

  public func apply(to network: Network) throws -> Network {
    guard Self.range.contains(bits) else {
      throw NetworkError(
        "quantize: weights take \(Self.range.lowerBound) to \(Self.range.upperBound) bits, not \(bits)",
        help: "quantize(net, 4)")
    }
    var quantized = network
    for node in network.nodes where node.layer is any WeightedLayer {
      let name = node.path + ".weight"
      guard var weight = quantized.parameters.removeValue(forKey: name) else { continue }
      guard weight.isFinite else { throw NetworkError("quantize: \(name) holds weights that are no numbers") }
      let channels = weight.shape.first ?? 1
      let length = weight.count / max(channels, 1)
      try weight.mutate { values in
        for channel in 0..<channels {
          quantize(UnsafeMutableBufferPointer(start: values + channel * length, count: length))
        }
      }
      quantized.parameters[name] = weight
    }
    return quantized
  }

  /// The weights of one output channel.
  private func quantize(_ weights: UnsafeMutableBufferPointer<Float>) {
    let levels = Float((1 << (bits - 1)) - 1)
    let step = weights.reduce(0) { max($0, $1.magnitude) } / levels
    // Weights so small that a step has no number are zero already.
    guard step > 0 else { return weights.update(repeating: 0) }
    for index in weights.indices {
      let level = (weights[index] / step).rounded(.toNearestOrEven)
      weights[index] = step * min(max(level, -levels), levels)
    }
  }
}
