import Files
import Foundation
import Networks
import Passports
import Tensors
import Testing

@testable import Runtime

/// Model files and claims with changed bytes: reading ends in a network, a claim or an error. PASSBOOK_FUZZ sets how many.
@Suite struct EngineFileMutationTests {
  static let rounds = ProcessInfo.processInfo.environment["PASSBOOK_FUZZ"].flatMap(Int.init) ?? 2_000

  private static func network() throws -> Network {
    let convolution = try Stage.input([1, 6, 6]).appending(ConvolutionLayer(channels: 8, kernel: 3))
    let path = try #require(convolution.path)
    return try convolution.appending(PassportNormalizationLayer(source: path)).appending(ReluLayer())
      .appending(FlattenLayer()).appending(DenseLayer(width: 3)).network(named: "small", seed: 1)
  }

  /// The bytes that saving gives.
  private static func bytes(_ save: (String) throws -> Void) throws -> [UInt8] {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("mutation-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try save(path)
    return try FileReader.contents(of: path, limit: 1 << 20)
  }

  /// Changes one to four bytes, most of them in the header, half of them to a digit.
  private static func mutated(_ bytes: [UInt8], _ stream: inout RandomStream) -> [UInt8] {
    var bytes = bytes
    let header = 8 + Int(bytes[0]) + Int(bytes[1]) << 8
    for _ in 0...stream.integer(below: 4) {
      let isInHeader = stream.integer(below: 8) > 0
      let place = isInHeader ? 8 + stream.integer(below: min(header, bytes.count) - 8) : stream.integer(below: bytes.count)
      bytes[place] = stream.sign() > 0 ? UInt8(48 + stream.integer(below: 10)) : UInt8(stream.integer(below: 256))
    }
    return bytes
  }

  @Test func aChangedModelFileIsANetworkOrAnError() throws {
    let network = try Self.network()
    let sound = try Self.bytes { path in
      try Safetensors.write(
        network.fileTensors, metadata: [Network.metadataKey: network.architectureText()], to: path)
    }
    var stream = RandomStream(seed: 1, name: "model files")
    var refused = 0
    for _ in 0..<Self.rounds {
      do {
        let file = try Safetensors.File(FileReader(bytes: Self.mutated(sound, &stream), name: "model"))
        guard let text = file.metadata[Network.metadataKey] else { continue }
        var network = try Network(architectureText: text, layers: .complete)
        try network.takeTensors(from: file)
        let pass = ForwardPass(parameters: network.parameters, buffers: network.buffers)
        _ = try network.forward(Tensor(repeating: 1, shape: [2] + network.inputShape), pass)
      } catch {
        refused += 1
      }
    }
    #expect(refused > Self.rounds / 4)
  }

  @Test func aChangedClaimIsAClaimOrAnError() throws {
    let network = try Self.network()
    let claim = try Claim(of: network, passports: Passport(seed: 1).issue(for: network), triggerHash: nil)
    let sound = try Self.bytes { try claim.save(to: $0) }
    var stream = RandomStream(seed: 2, name: "claims")
    var refused = 0
    for _ in 0..<Self.rounds {
      do {
        let file = try Safetensors.File(FileReader(bytes: Self.mutated(sound, &stream), name: "claim"))
        _ = try network.attaching(Claim(file)).forward(
          Tensor(repeating: 1, shape: [1, 1, 6, 6]),
          ForwardPass(parameters: network.parameters, buffers: network.buffers))
      } catch {
        refused += 1
      }
    }
    #expect(refused > Self.rounds / 4)
  }
}
