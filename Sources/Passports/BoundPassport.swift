import Keys
import Networks
import Tensors

// Bound passports: what an owner's key derives for the layers of a network, integer-exact on every machine.

extension Network {
  /// The layer whose weights the passports of a passport layer go through.
  func passportSource(of node: Node) throws -> Node {
    guard let source = source(of: node) else {
      throw NetworkError("\(node.path): there is no layer before it for a passport to pass through")
    }
    return source
  }

  /// The passports and the signature that a key gives one layer: by the layer's path, and as large as its input.
  func boundPassport(at node: Node, of key: OwnerKey) throws -> IssuedPassport {
    let source = try passportSource(of: node)
    let shape = inputShapes(of: source)[0]
    return try IssuedPassport(
      boundTo: key, path: node.path, source: source.path, inputShape: shape, channels: node.shape[0])
  }
}

extension IssuedPassport {
  /// - Parameters:
  ///   - inputShape: of the layer whose weights the passports go through, without the batch.
  ///   - channels: of the passport layer, one bit each.
  public init(boundTo key: OwnerKey, path: String, source: String, inputShape: Shape, channels: Int) throws {
    let (shape, count) = ([1] + inputShape, try inputShape.elementCount())
    self.init(
      path: path, source: source,
      scale: try Tensor(key.passport(.scale, path: path, count: count), shape: shape),
      shift: try Tensor(key.passport(.shift, path: path, count: count), shape: shape),
      signature: Signature(signs: try key.signs(path: path, count: channels)))
  }

  /// Whether these are the passports and the signature that a key derives for the same layer.
  public func isBound(to key: OwnerKey) throws -> Bool {
    let derived = try IssuedPassport(
      boundTo: key, path: path, source: source, inputShape: Shape(scale.shape.dropFirst()),
      channels: signature.signs.count)
    return derived.signature == signature && shift.shape == derived.shift.shape
      && derived.scale.elements == scale.elements && derived.shift.elements == shift.elements
  }
}
