import Files
import Foundation
import Tensors

// A network in a safetensors file: its tensors by name, and its architecture as JSON under the metadata key `passbook`.

extension Network {
  /// The metadata key under which Passbook keeps what safetensors has no place for.
  public static let metadataKey = "passbook"

  private struct Architecture: Codable {
    struct Entry: Codable {
      var path: String
      var kind: String
      var inputs: [Int]
      /// The layer's own encoding.
      var options: String
    }
    var format = "network/1"
    var name: String
    var input: [Int]
    var layers: [Entry]
  }

  /// The architecture as JSON text; the same network gives the same text.
  public func architectureText() throws -> String {
    let entries = try nodes.map { node in
      Architecture.Entry(
        path: node.path, kind: node.layer.kind, inputs: node.inputs, options: try Self.encode(node.layer))
    }
    return try Self.encode(Architecture(name: name, input: inputShape, layers: entries))
  }

  /// Builds the network that `architectureText` describes; its tensors start from seed 0.
  public init(architectureText text: String, layers catalogue: LayerCatalogue) throws {
    let architecture: Architecture
    do {
      architecture = try JSONDecoder().decode(Architecture.self, from: Data(text.utf8))
    } catch {
      throw NetworkError(
        "the file's description of the network cannot be read", help: "it was written by another tool or version")
    }
    let input = try Stage.input(architecture.input)
    var stages = [input]
    for entry in architecture.layers {
      let type = try catalogue.type(of: entry.kind)
      guard let layer = try? JSONDecoder().decode(type, from: Data(entry.options.utf8)) else {
        throw NetworkError("the options of layer \(entry.path) cannot be read")
      }
      guard let first = entry.inputs.first, entry.inputs.allSatisfy({ (-1..<stages.count - 1).contains($0) }) else {
        throw NetworkError("layer \(entry.path) reads a layer that does not come before it")
      }
      let others = entry.inputs.dropFirst().map { stages[$0 + 1] }
      stages.append(try stages[first + 1].appending(layer, others: others, path: entry.path))
    }
    guard let last = stages.last, stages.count > 1 else { throw NetworkError("the file describes an empty network") }
    self = try last.network(named: architecture.name, seed: 0)
  }

  /// All tensors, as a file keeps them.
  public var fileTensors: [Safetensors.Tensor] {
    (parameters.sorted { $0.key < $1.key } + buffers.sorted { $0.key < $1.key }).map { $1.fileTensor(named: $0) }
  }

  /// Replaces the network's tensors by those of a file, whose names begin with `prefix` there.
  ///
  /// Throws, naming them, where tensors are missing or have other shapes; tensors that the network does not know are
  /// only allowed when `allowsOthers`.
  public mutating func takeTensors(
    from file: Safetensors.File, prefix: String = "", allowsOthers: Bool = false
  ) throws {
    let wanted = Set((parameterNames + bufferNames).map { prefix + $0 })
    let missing = wanted.filter { file.entry($0) == nil }.sorted()
    guard missing.isEmpty else {
      let held = file.names.prefix(6).joined(separator: ", ") + (file.names.count > 6 ? ", ..." : "")
      throw NetworkError(
        "the file has no tensor named \(missing[0])"
          + (missing.count > 1 ? ", and lacks \(missing.count - 1) more" : ""),
        help: "it belongs to another architecture; it holds \(held)")
    }
    // PyTorch counts batches in its state; nothing here depends on it.
    let others = file.names.filter { !$0.hasSuffix("num_batches_tracked") && !wanted.contains($0) }
    guard allowsOthers || others.isEmpty else {
      throw NetworkError(
        "the file has a tensor named \(others[0]), which the model does not know",
        help: "it belongs to another architecture")
    }
    for name in parameterNames { parameters[name] = try read(prefix + name, parameters[name], file) }
    for name in bufferNames { buffers[name] = try read(prefix + name, buffers[name], file) }
  }

  private func read(_ name: String, _ current: Tensor?, _ file: Safetensors.File) throws -> Tensor {
    let tensor = try Tensor(named: name, in: file)
    guard tensor.shape == current?.shape else {
      throw NetworkError(
        "tensor \(name) has shape \(tensor.shape) in the file, and \(current?.shape ?? []) in the model")
    }
    return tensor
  }

  private static func encode(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}

extension Tensor {
  /// This tensor as an entry of a safetensors file.
  public func fileTensor(named name: String) -> Safetensors.Tensor {
    let tensor = detached
    return Safetensors.Tensor(name, .float32, shape: shape) { sink in
      try tensor.read { try sink.write(UnsafeRawBufferPointer(start: $0, count: tensor.count * 4)) }
    }
  }

  /// The entry of a safetensors file, whatever its type, as float32.
  public init(named name: String, in file: Safetensors.File) throws {
    guard let entry = file.entry(name) else { throw NetworkError("the file has no tensor named \(name)") }
    try self.init(file.floats(name), shape: entry.shape)
  }
}
