import Files
import Foundation
import Networks
import Tensors

// A claim in a safetensors file: `<layer>.<tensor>` for each tensor of each layer, and what the layers are as JSON
// under the metadata key `passbook`.

extension Claim {
  private struct Record: Codable {
    struct Entry: Codable {
      var path: String
      var source: String
      var normalization: NormalizationKind
      /// None for the paper's form, and in claims from before there was another.
      var form: PassportForm?
      var block: [String]
      var statistics: [String]
    }
    struct Branch: Codable {
      var path: String
      var tensors: [String]
    }
    var format = Claim.format
    var layers: [Entry]
    /// None in claims on networks without T-Nets.
    var branches: [Branch]?
    /// The path of the layer that carries a watermark.
    var watermark: String?
    var triggers: String?
  }

  static let format = "claim/1"

  /// Whether a file holds a claim.
  public static func isClaim(_ file: Safetensors.File) -> Bool {
    file.metadata[Network.metadataKey]?.contains("\"\(format)\"") ?? false
  }

  /// Writes the claim; readable by its owner alone, since whoever holds it can claim the network.
  public func save(to path: String) throws {
    let record = Record(
      layers: layers.map {
        Record.Entry(
          path: $0.passport.path, source: $0.passport.source, normalization: $0.normalization,
          form: $0.form == .paper ? nil : $0.form, block: $0.block.keys.sorted(), statistics: $0.statistics.keys.sorted())
      },
      branches: branches.isEmpty
        ? nil : branches.map { Record.Branch(path: $0.path, tensors: $0.tensors.keys.sorted()) },
      watermark: watermark?.source, triggers: triggerHash)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let tensors = try layers.flatMap { layer in
      let passport = layer.passport
      let signs = try Tensor(passport.signature.signs, shape: [passport.signature.signs.count])
      let own = [("scale_passport", passport.scale), ("shift_passport", passport.shift), ("signature", signs)]
      return (own + layer.block.sorted { $0.key < $1.key } + layer.statistics.sorted { $0.key < $1.key })
        .map { $1.fileTensor(named: passport.path + "." + $0) }
    }
    let branchTensors = branches.flatMap { branch in
      branch.tensors.sorted { $0.key < $1.key }.map { $1.fileTensor(named: branch.path + "." + $0) }
    }
    let marks = try watermark.map { mark in
      let signs = try Tensor(mark.signature.signs, shape: [mark.signature.signs.count])
      return [("watermark_projection", mark.projection), ("watermark", signs)].map {
        $1.fileTensor(named: mark.source + "." + $0)
      }
    }
    let description = String(decoding: try encoder.encode(record), as: UTF8.self)
    try Safetensors.write(
      tensors + branchTensors + (marks ?? []), metadata: [Network.metadataKey: description], to: path, permissions: 0o600)
  }

  /// Reads a claim; throws where the file is another's, or its parts do not fit each other.
  public init(_ file: Safetensors.File) throws {
    guard let text = file.metadata[Network.metadataKey],
      let record = try? JSONDecoder().decode(Record.self, from: Data(text.utf8)), record.format == Self.format
    else {
      throw NetworkError("the file holds no claim", help: "save(log.claim, path) writes one")
    }
    // A claim brings its own branch; it must not change the suspect's.
    let names = record.layers.flatMap { $0.block + $0.statistics } + (record.branches ?? []).flatMap(\.tensors)
    guard names.allSatisfy({ $0.hasPrefix("fc.") || $0.hasPrefix("bn1.") }) else {
      throw NetworkError(
        "the claim holds tensors of the passport-free branch", help: "it was not written by save(...)")
    }
    layers = try record.layers.map { entry in
      func read(_ name: String) throws -> Tensor { try Tensor(named: entry.path + "." + name, in: file) }
      let signature = try Self.signature(entry.path + ".signature", in: file)
      let (scale, shift) = try (read("scale_passport"), read("shift_passport"))
      guard scale.rank >= 2, scale.shape[0] == 1, scale.isFinite, shift.isFinite else {
        throw NetworkError("the passports of \(entry.path) are no tensors [1, ...] of numbers")
      }
      return Layer(
        passport: IssuedPassport(
          path: entry.path, source: entry.source, scale: scale, shift: shift, signature: signature),
        normalization: entry.normalization, form: entry.form ?? Self.form(withoutNameFor: entry),
        block: Dictionary(try entry.block.map { ($0, try read($0)) }) { first, _ in first },
        statistics: Dictionary(try entry.statistics.map { ($0, try read($0)) }) { first, _ in first })
    }
    branches = try (record.branches ?? []).map { branch in
      let tensors = try branch.tensors.map { ($0, try Tensor(named: branch.path + "." + $0, in: file)) }
      return Branch(path: branch.path, tensors: Dictionary(tensors) { first, _ in first })
    }
    watermark = try record.watermark.map { source in
      try Watermark(
        source: source, projection: Tensor(named: source + ".watermark_projection", in: file),
        signature: Self.signature(source + ".watermark", in: file))
    }
    triggerHash = record.triggers
  }

  /// Claims that name no form are of the paper's, or share their statistics as the released PointNet does.
  private static func form(withoutNameFor entry: Record.Entry) -> PassportForm {
    PassportForm(sharesStatistics: entry.normalization == .batch && entry.statistics.isEmpty)
  }

  private static func signature(_ name: String, in file: Safetensors.File) throws -> Signature {
    let signs = try Tensor(named: name, in: file).elements
    guard signs.allSatisfy({ $0 == 1 || $0 == -1 }), !signs.isEmpty else {
      throw NetworkError("\(name) holds something else than -1 and +1")
    }
    return Signature(signs: signs)
  }
}
