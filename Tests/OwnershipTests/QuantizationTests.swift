import Networks
import Tensors
import Testing

@testable import Attacks

@Suite struct QuantizationTests {
  /// The formula once more, weight by weight, in float64.
  private func naive(_ weights: [Float], channels: Int, bits: Int) -> [Double] {
    let length = weights.count / channels
    var levels = 0.0
    for _ in 1..<bits { levels = 2 * levels + 1 }
    return weights.indices.map { index in
      let channel = index / length
      var largest = 0.0
      for other in channel * length..<(channel + 1) * length { largest = max(largest, abs(Double(weights[other]))) }
      let step = largest / levels
      return step * (Double(weights[index]) / step).rounded(.toNearestOrEven)
    }
  }

  @Test(arguments: [8, 6, 4, 3, 2]) func weightsGoToTheNearestLevel(bits: Int) throws {
    let (network, _) = try Stolen.released()
    let quantized = try Quantization(bits: bits).apply(to: network)
    var count = 0
    for name in ["conv1.weight", "conv2.weight", "head.weight"] {
      let weight = try #require(network.parameters[name])
      let found = try #require(quantized.parameters[name]).elements
      let channels = weight.shape[0]
      for (found, expected) in zip(found, naive(weight.elements, channels: channels, bits: bits)) {
        #expect(abs(Double(found) - expected) <= 1e-6 * max(abs(expected), 1e-3))
        count += 1
      }
      let length = found.count / channels
      for channel in 0..<channels {
        let values = Set(found[channel * length..<(channel + 1) * length])
        #expect(values.count <= (1 << bits) - 1)
      }
    }
    #expect(count == 8 * 9 + 16 * 8 * 9 + 4 * 256)
    #expect(try Quantization(bits: bits).apply(to: quantized).contents { $0 == "conv1.weight" }
      .allSatisfy { name, values in
        zip(values, quantized.parameters[name]?.elements ?? []).allSatisfy { abs($0 - $1) <= 1e-6 * abs($1) }
      })
  }

  @Test func everythingElseStays() throws {
    let (network, _) = try Stolen.released()
    let quantized = try Quantization(bits: 2).apply(to: network)
    let isOther = { (name: String) in !["conv1.weight", "conv2.weight", "head.weight"].contains(name) }
    #expect(quantized.contents(where: isOther) == network.contents(where: isOther))
    #expect(quantized.contents { !isOther($0) } != network.contents { !isOther($0) })
  }

  @Test func aChannelOfZerosStaysZero() throws {
    var (network, _) = try Stolen.released()
    var weight = try #require(network.parameters["conv1.weight"])
    try weight.mutate { values in for index in 0..<9 { values[index] = index == 0 ? Float.leastNonzeroMagnitude : 0 } }
    network.parameters["conv1.weight"] = weight
    let quantized = try Quantization(bits: 8).apply(to: network)
    #expect(quantized.parameters["conv1.weight"]?.elements.prefix(9).allSatisfy { $0 == 0 } == true)
    #expect(quantized.parameters["conv1.weight"]?.isFinite == true)
  }

  @Test(arguments: [1, 0, -3, 17, .max]) func otherBitsAreRefused(bits: Int) throws {
    let network = try Stolen.network()
    let error = #expect(throws: NetworkError.self) { try Quantization(bits: bits).apply(to: network) }
    #expect(error?.message == "quantize: weights take 2 to 16 bits, not \(bits)")
  }

  @Test func weightsThatAreNoNumbersAreNamed() throws {
    var network = try Stolen.network()
    network.parameters["conv2.weight"] = try Tensor(repeating: .nan, shape: [16, 8, 3, 3])
    let error = #expect(throws: NetworkError.self) { try Quantization(bits: 4).apply(to: network) }
    #expect(error?.message == "quantize: conv2.weight holds weights that are no numbers")
  }
}
