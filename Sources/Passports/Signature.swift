import Networks
import Tensors

/// The signs that an owner writes into a layer: one of -1 and +1 per channel.
public struct Signature: Sendable, Equatable {
  /// -1 or +1 per channel.
  public var signs: [Float]

  public init(signs: [Float]) { self.signs = signs }

  /// How many channels of a reading have the owner's sign; zero has none and counts as wrong.
  public func matches(_ reading: Tensor) -> Int {
    zip(signs, reading.elements).reduce(0) { $0 + ($1.0 * $1.1 > 0 ? 1 : 0) }
  }

  /// The bits of a text, 8 a byte of its UTF-8, most significant first; 0 is -1 (released code, `utils.py`).
  public static func signs(of text: String) -> [Float] {
    text.utf8.flatMap { byte in (0..<8).map { byte >> (7 - $0) & 1 == 1 ? 1 : -1 } }
  }

  /// The room for a text, as a message says it.
  private static func bytes(_ channels: Int) -> String { channels / 8 == 1 ? "1 byte" : "\(channels / 8) bytes" }

  /// Spreads a text over layers of the given sizes, in order; what it leaves free is random.
  ///
  /// - Parameters:
  ///   - texts: texts for single layers, by path; those layers take no part in spreading `text`.
  ///   - seed: of the random signs, whose streams bear the layers' paths.
  public static func write(
    _ text: String?, texts: [String: String], over layers: [(path: String, channels: Int)], seed: UInt64
  ) throws -> [String: Signature] {
    for path in texts.keys.sorted() where !layers.contains(where: { $0.path == path }) {
      throw NetworkError(
        "passport: there is no passport layer named '\(path)'",
        help: "the layers are \(layers.map(\.path).joined(separator: ", "))")
    }
    var rest = signs(of: text ?? "")[...]
    let room = layers.reduce(0) { $0 + (texts[$1.path] == nil ? $1.channels : 0) }
    guard rest.count <= room else {
      throw NetworkError(
        "passport: the text takes \(rest.count) bits, and the layers hold \(room)",
        help: "shorten it to \(Self.bytes(room)), or protect more layers")
    }
    var signatures: [String: Signature] = [:]
    for layer in layers {
      var written = texts[layer.path].map { signs(of: $0)[...] } ?? rest.prefix(layer.channels)
      if texts[layer.path] == nil { rest = rest.dropFirst(layer.channels) }
      guard written.count <= layer.channels else {
        throw NetworkError(
          "passport: the text for \(layer.path) takes \(written.count) bits, and the layer holds \(layer.channels)",
          help: "shorten it to \(Self.bytes(layer.channels))")
      }
      var stream = RandomStream(seed: seed, name: "signature/" + layer.path)
      while written.count < layer.channels { written.append(stream.uniform() < 0.5 ? -1 : 1) }
      signatures[layer.path] = Signature(signs: Array(written))
    }
    return signatures
  }
}
