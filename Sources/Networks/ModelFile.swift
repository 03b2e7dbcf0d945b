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
    self = try Self.withoutTensors(architectureText: text, layers: catalogue)
    try startTensors(seed: 0)
  }

  /// The network that `architectureText` describes, for tensors from elsewhere.
  private static func withoutTensors(
    architectureText text: String, layers catalogue: LayerCatalogue
  ) throws -> Network {
    let architecture: Architecture
    do {
      architecture = try JSONDecoder().decode(Architecture.self, from: Data(text.utf8))
    } catch {
      throw NetworkError(
        "the file's description of the network cannot be read", help: "it was written by another tool or version")
    }
    let input = try Stage.input(architecture.input)
    var stages = [input]
    // Most layers of a network are alike, and a layer is a value without state.
    var known: [[String]: any Layer] = [:]
    for entry in architecture.layers {
      let type = try catalogue.type(of: entry.kind)
      let description = [entry.kind, entry.options]
      guard let layer = try? known[description] ?? JSONDecoder().decode(type, from: Data(entry.options.utf8)) else {
        throw NetworkError("the options of layer \(entry.path) cannot be read")
      }
      known[description] = layer
      guard let first = entry.inputs.first, entry.inputs.allSatisfy({ (-1..<stages.count - 1).contains($0) }) else {
        throw NetworkError("layer \(entry.path) reads a layer that does not come before it")
      }
      let others = entry.inputs.dropFirst().map { stages[$0 + 1] }
      stages.append(try stages[first + 1].appending(layer, others: others, path: entry.path))
    }
    guard let last = stages.last, stages.count > 1 else { throw NetworkError("the file describes an empty network") }
    return try last.networkWithoutTensors(named: architecture.name)
  }

  /// Reads the network of a file that `save` wrote.
  ///
  /// Throws where the description cannot be read, or the file's tensors are not those that it describes.
  public init(_ file: Safetensors.File, layers catalogue: LayerCatalogue) throws {
    guard let text = file.metadata[Self.metadataKey] else {
      throw NetworkError("the file holds no description of a network", help: "save(net, path) writes one")
    }
    self = try Self.withoutTensors(architectureText: text, layers: catalogue)
    try takeTensors(from: file)
  }

  /// Writes the network: its tensors, and its architecture.
  public func save(to path: String) throws {
    try Safetensors.write(fileTensors, metadata: [Self.metadataKey: architectureText()], to: path)
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
    let (parameterShapes, bufferShapes) = (parameterShapes, bufferShapes)
    let wanted = Set((parameterShapes + bufferShapes).map { prefix + $0.name })
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
    for (name, shape) in parameterShapes { parameters[name] = try Self.read(prefix + name, shape, file) }
    for (name, shape) in bufferShapes { buffers[name] = try Self.read(prefix + name, shape, file) }
  }

  private static func read(_ name: String, _ shape: Shape, _ file: Safetensors.File) throws -> Tensor {
    if let found = file.entry(name)?.shape, found != shape {
      throw NetworkError("tensor \(name) has shape \(found) in the file, and \(shape) in the model")
    }
    return try Tensor(named: name, in: file)
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
    try self.init(shape: entry.shape) { target in
      try Parallelism.forEachBlock(entry.count, of: 1 << 18) { block in
        try file.read(
          name, from: block.lowerBound,
          into: UnsafeMutableBufferPointer(start: target + block.lowerBound, count: block.count))
      }
    }
  }
}
