import Files
import Foundation
import Tensors
import Testing

@testable import Networks

struct ModelFileTests {
  private func withFile(_ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("model-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }

  private func network(seed: UInt64) throws -> Network {
    try ResNet18.make(classes: 10, widths: [16, 24, 40, 300], seed: seed)
  }

  @Test func readingGivesTheSavedNetwork() throws {
    let network = try network(seed: 3)
    try withFile { path in
      try network.save(to: path)
      let read = try Network(Safetensors.File(path: path), layers: .standard)
      #expect(try read.architectureText() == network.architectureText())
      #expect(read.parameters.mapValues(\.shape) == network.parameters.mapValues(\.shape))
      #expect(read.parameters.mapValues(\.elements) == network.parameters.mapValues(\.elements))
      #expect(read.buffers.mapValues(\.elements) == network.buffers.mapValues(\.elements))
    }
  }

  @Test func aNetworkThatWasReadIsAValue() throws {
    try withFile { path in
      try network(seed: 3).save(to: path)
      let file = try Safetensors.File(path: path)
      let read = try Network(file, layers: .standard)
      var copy = read
      try copy.parameters["linear.bias"]?.mutate { $0[0] = 7 }
      #expect(copy.parameters["linear.bias"]?.elements[0] == 7)
      #expect(read.parameters["linear.bias"]?.elements[0] != 7)
      #expect(try file.floats("linear.bias") == read.parameters["linear.bias"]?.elements)
    }
  }

  @Test func layersWithoutTensorsDeclareThoseOfTheStartedOnes() throws {
    let started = try network(seed: 3)
    let blank = try Network(name: started.name, inputShape: started.inputShape, nodes: started.nodes)
    #expect(blank.parameters.isEmpty && blank.buffers.isEmpty)
    #expect(Set(blank.parameterNames) == Set(started.parameters.keys))
    for (name, shape) in blank.parameterShapes { #expect(started.parameters[name]?.shape == shape, "\(name)") }
    for (name, shape) in blank.bufferShapes { #expect(started.buffers[name]?.shape == shape, "\(name)") }
  }

  @Test func filesThatDoNotFitAreNamed() throws {
    let network = try network(seed: 3)
    let metadata = [Network.metadataKey: try network.architectureText()]
    func message(_ tensors: [Safetensors.Tensor], _ metadata: [String: String]) throws -> String {
      var message = ""
      try withFile { path in
        try Safetensors.write(tensors, metadata: metadata, to: path)
        do { _ = try Network(Safetensors.File(path: path), layers: .standard) } catch { message = "\(error)" }
      }
      return message
    }
    let others = network.fileTensors.filter { $0.name != "linear.bias" }
    #expect(try message(others, metadata).contains("no tensor named linear.bias"))
    let wrong = Safetensors.Tensor.floats("linear.bias", shape: [2, 5], [Float](repeating: 0, count: 10))
    #expect(try message(others + [wrong], metadata).contains("has shape [2, 5] in the file, and [10] in the model"))
    let unknown = Safetensors.Tensor.floats("more", shape: [1], [0])
    #expect(try message(network.fileTensors + [unknown], metadata).contains("named more"))
    #expect(try message(network.fileTensors, [:]).contains("no description"))
  }

  /// Large enough for several blocks, which several threads read; the file is cut after it was opened.
  @Test func aFileThatIsCutWhileItIsReadIsAnError() throws {
    try withFile { path in
      let count = 3 << 18
      try Safetensors.write([.floats("x", shape: [count], (0..<count).map(Float.init))], to: path)
      let file = try Safetensors.File(path: path)
      #expect(try Tensor(named: "x", in: file).elements == file.floats("x"))
      #expect(truncate(path, off_t(count * 2)) == 0)
      #expect(throws: FileError.self) { try Tensor(named: "x", in: file) }
    }
  }
}
