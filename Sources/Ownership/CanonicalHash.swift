import Files
import Networks
import Passports
import Tensors

// SHA-256 of what a commitment names. Every part is framed by its length, so that no two contents give the same bytes;
// numbers are 8 bytes, tensors 4 bytes a value, all little-endian.

extension Checksum.SHA256 {
  mutating func add(number: Int) { update(number.littleEndianBytes) }

  mutating func add(text: String) {
    let bytes = Array(text.utf8)
    add(number: bytes.count)
    update(bytes)
  }

  /// Names in the order of their bytes, each with shape and values.
  mutating func add(tensors: [String: Tensor]) {
    add(number: tensors.count)
    for (name, tensor) in tensors.sorted(by: { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) }) {
      add(text: name)
      add(number: tensor.rank)
      for extent in tensor.shape { add(number: extent) }
      tensor.elements.map(\.bitPattern.littleEndian).withUnsafeBytes { update($0) }
    }
  }
}

extension Network {
  /// The identity of a network: its architecture, parameters and running statistics, to the bit.
  public func sha256() throws -> String {
    var hash = Checksum.SHA256()
    hash.add(text: "passbook-model-1")
    hash.add(text: try architectureText())
    hash.add(tensors: parameters)
    hash.add(tensors: buffers)
    return hash.hexadecimal
  }
}

extension Claim.Layer {
  /// What an owner keeps of a layer beside the passports: FC block and passport-aware statistics.
  var privateSHA256: String {
    var hash = Checksum.SHA256()
    hash.add(text: "passbook-layer-1")
    hash.add(tensors: block.merging(statistics) { first, _ in first })
    return hash.hexadecimal
  }
}

extension Claim {
  /// The identity of a claim: passports, signatures, and all that is kept beside them.
  public var sha256: String {
    var hash = Checksum.SHA256()
    hash.add(text: "passbook-claim-1")
    for layer in layers {
      hash.add(text: layer.passport.path)
      hash.add(tensors: ["scale": layer.passport.scale, "shift": layer.passport.shift])
      hash.add(text: layer.passport.signature.signs.map { $0 > 0 ? "1" : "0" }.joined())
      hash.add(text: layer.privateSHA256)
    }
    hash.add(text: branchesSHA256)
    hash.add(text: triggerHash ?? "none")
    return hash.hexadecimal
  }

  /// The passport-aware normalisations of T-Nets.
  var branchesSHA256: String {
    var hash = Checksum.SHA256()
    hash.add(text: "passbook-branches-1")
    for branch in branches.sorted(by: { Array($0.path.utf8).lexicographicallyPrecedes(Array($1.path.utf8)) }) {
      hash.add(text: branch.path)
      hash.add(tensors: branch.tensors)
    }
    return hash.hexadecimal
  }
}
