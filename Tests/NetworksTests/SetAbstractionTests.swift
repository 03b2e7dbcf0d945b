import Files
import Foundation
import Tensors
import Testing

@testable import Networks

/// Layers of a set abstraction: shapes, mistakes and files.
struct SetAbstractionTests {
  /// Two levels: around points, then around centres with features.
  private func network() throws -> Network {
    let cloud = try Stage.input([3, 32])
    let centres = try cloud.appending(FarthestPointsLayer(count: 8))
    let first = try cloud.appending(NeighboursLayer(radius: 0.4, count: 5), others: [centres])
      .appending(ConvolutionLayer(channels: 16, kernel: 1)).appending(NormalizationLayer()).appending(ReluLayer())
      .appending(LocalMaximumLayer())
    let fewer = try centres.appending(FarthestPointsLayer(count: 3))
    return try centres.appending(NeighboursLayer(radius: 0.8, count: 4), others: [fewer, first])
      .appending(ConvolutionLayer(channels: 24, kernel: 1)).appending(NormalizationLayer()).appending(ReluLayer())
      .appending(LocalMaximumLayer()).appending(GlobalPoolLayer(takesMaximum: true)).appending(DenseLayer(width: 5))
      .network(named: "abstraction", seed: 1)
  }

  private func logits(_ network: Network, _ clouds: Tensor) throws -> [Float] {
    try network.forward(clouds, ForwardPass(parameters: network.parameters, buffers: network.buffers)).elements
  }

  private func clouds() throws -> Tensor {
    var stream = RandomStream(seed: 1, name: "clouds")
    return try Tensor((0..<2 * 3 * 32).map { _ in stream.signedUniform() }, shape: [2, 3, 32])
  }

  @Test func shapes() throws {
    let network = try network()
    for (path, shape) in [
      ("farthest1", [3, 8]), ("neighbours1", [3, 8, 5]), ("localmax1", [16, 8]), ("farthest2", [3, 3]),
      ("neighbours2", [19, 3, 4]), ("localmax2", [24, 3]), ("dense1", [5]),
    ] { #expect(network.node(at: path)?.shape == shape, "\(path)") }
    #expect(network.parameters["conv2.weight"]?.shape == [24, 19, 1, 1])
  }

  /// Neighbourhoods are relative to their centres.
  @Test func aMovedCloudGivesTheSame() throws {
    let network = try network(), clouds = try clouds()
    let moved = try clouds + Tensor([0.5, -0.25, 2], shape: [3, 1])
    for (found, expected) in zip(try logits(network, moved), try logits(network, clouds)) {
      #expect(abs(found - expected) < 1e-4)
    }
  }

  @Test func filesKeepTheArchitecture() throws {
    let network = try network()
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("abstraction-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    try network.save(to: file.path)
    let read = try Network(Safetensors.File(path: file.path), layers: .standard)
    #expect(try read.architectureText() == network.architectureText())
    #expect(try logits(read, clouds()) == logits(network, clouds()))
    // What a file says is checked as if it were composed by hand.
    for (right, wrong) in [
      (#"\"count\":8"#, #"\"count\":33"#), (#"\"count\":8"#, #"\"count\":-9223372036854775808"#),
      (#"\"count\":5"#, #"\"count\":0"#), (#"\"count\":5"#, #"\"count\":9000000000000000000"#),
      (#"\"radius\":0.8"#, #"\"radius\":-1"#), (#"\"radius\":0.8"#, #"\"radius\":1e400"#),
    ] {
      let text = try network.architectureText().replacingOccurrences(of: right, with: wrong)
      #expect(try text != network.architectureText(), "\(right)")
      #expect(throws: NetworkError.self, "\(wrong)") {
        _ = try Network(architectureText: text, layers: .standard)
      }
    }
  }

  static let mistakes: [(any Layer, [Shape], String)] = [
    (FarthestPointsLayer(count: 9), [[3, 8]], "farthest: of 8 points 1 to 8 can be chosen, not 9"),
    (FarthestPointsLayer(count: 0), [[3, 8]], "farthest: of 8 points 1 to 8 can be chosen, not 0"),
    (FarthestPointsLayer(count: 4), [[16, 8]], "farthest: coordinates of a cloud [3, points] were expected, not [16"),
    (FarthestPointsLayer(count: 4), [[3, 8, 8]], "were expected, not [3, 8, 8]"),
    (FarthestPointsLayer(count: 10_000), [[3, 10_000]], "10000 points and 10000 centres have more than"),
    (NeighboursLayer(radius: 1, count: 4), [[3, 8]], "neighbours: a cloud, its centres and perhaps features"),
    (NeighboursLayer(radius: 0, count: 4), [[3, 8], [3, 2]], "neighbours: the radius is a number above 0, not 0.0"),
    (NeighboursLayer(radius: .nan, count: 4), [[3, 8], [3, 2]], "neighbours: the radius is a number above 0, not nan"),
    (NeighboursLayer(radius: 1, count: 0), [[3, 8], [3, 2]], "count is a whole number from 1 to 65536, not 0"),
    (NeighboursLayer(radius: 1, count: 4), [[3, 8], [4, 2]], "neighbours: coordinates of centres [3, points]"),
    (
      NeighboursLayer(radius: 1, count: 4), [[3, 8], [3, 2], [16, 2]],
      "neighbours: features [channels, 8] of the 8 points were expected, not [16, 2]"
    ),
    (NeighboursLayer(radius: 1, count: 1), [[3, 100_000], [3, 1000]], "neighbours: 100000 points and 1000 centres"),
    (LocalMaximumLayer(), [[16, 8]], "localmax: neighbourhoods [channels, centres, neighbours] were expected"),
  ]

  @Test func mistakes() {
    for (layer, inputs, text) in Self.mistakes {
      let error = #expect(throws: NetworkError.self) { _ = try layer.outputShape(of: inputs) }
      if let error { #expect(error.message.contains(text), "\(error.message)") }
    }
  }
}
