import Networks
import Passports
import Tensors

/// The answer to obfuscation: a suspect rewritten in the channel order, signs and scales of the owner's released copy,
/// so that a claim on that copy can be read of it. What the suspect computes is unchanged, but for dummy channels, which
/// are left out.
///
/// It must not convict an innocent. Whoever matches rows by all of their numbers finds, for each of the owner's rows,
/// some row that lies on the same side of the passport, and so his bits in any model. Here rows are compared as if they
/// could be reflected along the passports' mean patches (`RowFeatures`), which leaves independent models at one half;
/// and what is found counts only if it is nearer than independent models are (`AlignmentNull`).
public struct Realignment: Sendable {
  /// What was found of one layer.
  public struct Layer: Sendable {
    public var path: String
    public var channels: Int
    /// Rows that are nearer to their partner than to any other, and their partner to them.
    public var matched: Int
    /// Mean |cosine| of the owner's rows with their partners.
    public var cosine: Double
    /// Whether the claim reads bits of it.
    public var carriesBits: Bool
  }

  /// The suspect's weights in the owner's architecture.
  public var network: Network
  /// The claim to read of it: the one that was given, its passport-aware statistics moved along where a bias was emptied.
  public var claim: Claim
  /// Every layer that was compared, in order of computation.
  public var layers: [Layer]
  /// Mean |cosine| over the channels of all layers that carry bits; of all layers where none does.
  public var cosine: Double
  /// Channels of the suspect that are none of the owner's.
  public var leftOver: Int
  /// Layers whose bias says nothing any more and was emptied (`RestoredBias`).
  public var emptiedBiases: [String]

  /// - Parameters:
  ///   - suspect: released, of the owner's topology; its layers may have more channels and other names.
  ///   - reference: the owner's own released copy, on which the claim reads.
  ///   - poll: called now and then; throws to stop.
  /// - Throws: `NetworkError` where the suspect is of another topology, and where the claim does not fit the reference.
  public init(
    of suspect: Network, to reference: Network, claim: Claim, poll: @escaping () throws -> Void = {}
  ) throws {
    try self.init(of: suspect, to: reference, claim: claim, keepsPatches: false, poll: poll)
  }

  /// - Parameter keepsPatches: compares whole rows, as nobody should.
  init(
    of suspect: Network, to reference: Network, claim: Claim, keepsPatches: Bool,
    poll: @escaping () throws -> Void = {}
  ) throws {
    let reference = try reference.released(passports: claim.passports)
    let suspect = try suspect.released(passports: claim.passports)
    _ = try reference.attaching(claim)
    try Topology(of: reference).check(suspect)
    for node in suspect.nodes where suspect.parameters[node.path + ".weight"]?.isFinite == false {
      guard node.layer is any WeightedLayer else { continue }
      throw NetworkError("re-alignment: \(node.path) of the suspect holds weights that are no numbers")
    }
    let sources = Set(claim.passports.map(\.source) + [claim.watermark?.source].compactMap { $0 })
    let owner = ChannelMatching.Side(network: reference, structure: try ChannelStructure(of: reference))
    let structure = try ChannelStructure(of: suspect)
    let directions = try Self.directions(of: claim, in: reference)
    // Twins that differ by more than rounding are merged only if that is nearer to the owner's copy.
    var found: (matching: ChannelMatching, twins: TwinChannels, layers: [Layer], cosine: Double)?
    for tolerance in TwinChannels.tolerances {
      let twins = try TwinChannels(of: suspect, structure: structure, tolerance: tolerance, poll: poll)
      guard twins.merged != found?.twins.merged else { continue }
      var matching = ChannelMatching(
        owner: owner, suspect: .init(network: twins.network, structure: structure), directions: directions,
        keepsPatches: keepsPatches, poll: poll)
      try matching.run()
      let layers = Self.layers(of: matching, carryingBits: sources)
      let cosine = Self.cosine(of: layers)
      if cosine > found?.cosine ?? -1 { found = (matching, twins, layers, cosine) }
      if cosine > 0.99 { break }
    }
    guard let (matching, twins, layers, cosine) = found else { throw NetworkError("re-alignment: there is nothing to compare") }
    let rewritten = try matching.rewriting.apply(to: twins.network, structure: structure)
    var restored = RestoredBias(reference: reference, suspect: rewritten, claim: claim)
    network = try restored.adopted(structure: matching.owner.structure)
    self.claim = restored.claim
    emptiedBiases = restored.emptied
    self.layers = layers
    self.cosine = cosine
    leftOver = zip(matching.suspect.structure.orders, matching.owner.structure.orders).reduce(0) {
      $0 + max($1.0.width - $1.1.width, 0)
    }
  }

  private static func layers(of matching: ChannelMatching, carryingBits sources: Set<String>) -> [Layer] {
    matching.comparisons.sorted { $0.key < $1.key }.map { position, compared in
      let path = matching.owner.network.nodes[position].path
      let count = compared.cosines.count
      return Layer(
        path: path, channels: count, matched: compared.mutual,
        cosine: compared.cosines.reduce(0, +) / Double(max(count, 1)), carriesBits: sources.contains(path))
    }
  }

  private static func cosine(of layers: [Layer]) -> Double {
    let counted = layers.contains { $0.carriesBits } ? layers.filter(\.carriesBits) : layers
    let channels = counted.reduce(0) { $0 + $1.channels }
    return counted.reduce(0) { $0 + $1.cosine * Double($1.channels) } / Double(max(channels, 1))
  }

  /// What rows must not be compared by: the mean patches of both passports, and the projection of a watermark.
  private static func directions(of claim: Claim, in reference: Network) throws -> [String: [[Double]]] {
    var vectors: [String: [[Double]]] = [:]
    let patches = try claim.passports.patches(in: reference)
    for passport in claim.passports {
      guard let patch = patches[passport.path] else { continue }
      vectors[passport.source, default: []] += [patch.scalePatch, patch.shiftPatch].map { $0.elements.map(Double.init) }
    }
    if let watermark = claim.watermark {
      let length = watermark.projection.shape[1]
      let elements = watermark.projection.elements.map(Double.init)
      vectors[watermark.source, default: []] += stride(from: 0, to: elements.count, by: length).map {
        Array(elements[$0..<$0 + length])
      }
    }
    return vectors.mapValues(RowFeatures.basis)
  }
}
