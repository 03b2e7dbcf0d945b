import Files
import Foundation
import Networks
import Passports
import Tensors
import Testing

/// Numbers that the released PyTorch code computed (`Scripts/reference/golden.py`): `in.*` to be loaded, `out.*` to be
/// reached within `bound.*`.
struct Golden {
  let values: Safetensors.File
  /// Where the inputs are: another file of the same network may have them.
  let inputs: Safetensors.File
  private let bounds: Safetensors.File

  init(_ name: String, inputs other: String? = nil) throws {
    values = try Safetensors.File(path: Self.path(name))
    inputs = try other.map { try Safetensors.File(path: Self.path($0)) } ?? values
    bounds = values
  }

  /// A file too large to be kept here; only its bounds are.
  init(_ name: String, original path: String) throws {
    values = try Safetensors.File(path: path)
    inputs = values
    bounds = try Safetensors.File(path: Self.path(name + ".bounds"))
  }

  private static func path(_ name: String) throws -> String {
    try #require(Bundle.module.path(forResource: name, ofType: "safetensors", inDirectory: "Golden"))
  }

  func tensor(_ name: String) throws -> Tensor { try Tensor(named: name, in: inputs) }

  func labels(_ name: String) throws -> [Int32] { try inputs.integers(name).map { Int32(truncatingIfNeeded: $0) } }

  /// The passports and signatures that the network had.
  func passports(of network: Network) throws -> [IssuedPassport] {
    try network.passportNodes.map { node in
      let prefix = "in.state.\(node.path)."
      return IssuedPassport(
        path: node.path, source: try #require(network.source(of: node)).path,
        scale: try tensor(prefix + "skey_private"), shift: try tensor(prefix + "key_private"),
        signature: Signature(signs: try tensor(prefix + "b").elements))
    }
  }

  /// Whether outputs of this prefix are kept; what another file shows already is not.
  func holds(_ prefix: String) -> Bool { !outputs(under: prefix).isEmpty }

  /// The names after a prefix of outputs, whole or sampled.
  func outputs(under prefix: String) -> Set<String> {
    let names = bounds.names.filter { $0.hasPrefix("bound." + prefix) }
    return Set(names.map { String($0.dropFirst("bound.".count + prefix.count)) })
  }

  /// Compares a result with the whole output of that name, or with its samples.
  func expect(_ name: String, _ result: Tensor?, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let result = try #require(result, "\(name) was not computed", sourceLocation: sourceLocation)
    let bound = try bounds.floats("bound." + name)[0]
    let computed = result.elements
    let (expected, found): ([Float], [Float])
    if values.entry(name) != nil {
      (expected, found) = (try values.floats(name), computed)
    } else {
      let positions = try values.integers(name + "@idx").map { Int($0) }
      try #require(positions.allSatisfy(computed.indices.contains), sourceLocation: sourceLocation)
      (expected, found) = (try values.floats(name + "@val"), positions.map { computed[$0] })
    }
    try #require(expected.count == found.count, "\(name): \(found.count) values", sourceLocation: sourceLocation)
    let deviation = zip(expected, found).reduce(Float(0)) {
      max($0, abs($1.0 - $1.1).isNaN ? .infinity : abs($1.0 - $1.1))
    }
    #expect(
      deviation <= bound, "\(name) deviates by \(deviation), allowed are \(bound)", sourceLocation: sourceLocation)
  }

  func expect(_ name: String, _ result: Float?, sourceLocation: SourceLocation = #_sourceLocation) throws {
    try expect(name, result.map { try Tensor([$0], shape: [1]) }, sourceLocation: sourceLocation)
  }
}
