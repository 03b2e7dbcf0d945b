import Glibc
import Networks
import Passports
import Tensors

/// Removal by obfuscation: a network that computes the same, and whose signature reads as noise. No data, no training,
/// no accuracy lost.
///
/// | option | what is done | exact where |
/// |---|---|---|
/// | sign flips | a row goes to its negative, and so do the mean and the scale of its normalisation | batch, instance, none; group and layer normalisation: whole groups |
/// | permutation | output channels change places in all that makes and reads them | everywhere; group normalisation: within groups, and whole groups |
/// | scaling | a row, or a channel behind its normalisation, is multiplied by up to 4 either way | rows: batch, none; channels: everywhere |
/// | folding | the normalisation goes into the weights and a bias, and is neutral then | batch, none |
/// | dummies | more channels, in pairs that cancel out in all that reads them | not under layer normalisation; group normalisation: 16 at a time |
/// | twins | the dummies equal true channels, so that rows alone do not tell which is which | as dummies |
///
/// Channels that meet in sums are reordered and scaled together (`ChannelStructure`), T-Nets and the transforms that
/// they make along with everything else.
public struct Obfuscation: Sendable {
  public var signFlips: Bool
  public var permutation: Bool
  public var scaling: Bool
  public var folding: Bool
  /// Channels that each layer gets in addition.
  public var dummies: Int
  /// Whether these equal true channels.
  public var twins: Bool
  public var seed: UInt64

  public static let mostDummies = 4096

  public init(
    signFlips: Bool = true, permutation: Bool = true, scaling: Bool = true, folding: Bool = false, dummies: Int = 0,
    twins: Bool = false, seed: UInt64
  ) {
    self.signFlips = signFlips
    self.permutation = permutation
    self.scaling = scaling
    self.folding = folding
    self.dummies = dummies
    self.twins = twins
    self.seed = seed
  }

  /// What the attack leaves.
  public struct Outcome: Sendable {
    public var network: Network
    /// What could not be applied, a line each: layer, option and why.
    public var skipped: [String]
  }

  /// - Throws: `NetworkError` where nothing was asked for, or nothing of it can be applied to this network.
  public func apply(to suspect: Network) throws -> Outcome {
    guard (0...Self.mostDummies).contains(dummies) else {
      throw NetworkError(
        "obfuscate: a layer gets 0 to \(Self.mostDummies) more channels, not \(dummies)", help: "dummies: 8")
    }
    guard dummies > 1 || !twins else {
      throw NetworkError("obfuscate: twins are dummies, and \(dummies) were asked for", help: "dummies: 32, twins: true")
    }
    guard signFlips || permutation || scaling || folding || dummies > 0 else {
      throw NetworkError("obfuscate: everything is switched off", help: "flips: true")
    }
    var network = try suspect.released()
    if let name = network.parameterNames.first(where: { network.parameters[$0]?.isFinite == false }) {
      throw NetworkError("obfuscate: \(name) holds values that are no numbers")
    }
    var log = ObfuscationLog()
    // Folding comes first: it would undo flips and scales of rows.
    if folding { try Folding().apply(to: &network, &log) }
    if dummies > 0 { network = try DummyChannels(count: dummies, areTwins: twins, seed: seed).apply(to: network, &log) }
    let structure = try ChannelStructure(of: network)
    var rewriting = ChannelRewriting(keeping: structure)
    if permutation { permute(&rewriting, structure, network, &log) }
    if signFlips || scaling { drawGains(&rewriting, structure, network, &log) }
    guard log.applied > 0 else {
      throw NetworkError(
        "obfuscate: nothing of this can be done to \(network.name) without changing what it computes",
        help: log.skipped.first)
    }
    return Outcome(network: try rewriting.apply(to: network, structure: structure), skipped: log.skipped)
  }

  // MARK: Draws

  private func permute(
    _ rewriting: inout ChannelRewriting, _ structure: ChannelStructure, _ network: Network, _ log: inout ObfuscationLog
  ) {
    for (index, order) in structure.orders.enumerated() where order.matrixOf == nil {
      guard let writer = order.writers.first.map({ network.nodes[$0].path }) else { continue }
      guard !order.isPinned else {
        log.skip(writer, "permutation", "the order of its channels is seen outside, or a layer mixes them in its own way")
        continue
      }
      var stream = RandomStream(seed: seed, name: "permutation/" + writer)
      let size = order.blockSize
      rewriting.selections[index] = stream.permutation(order.width / size).flatMap { block in
        size == 1 ? [block] : stream.permutation(size).map { block * size + $0 }
      }
      log.applied += 1
    }
  }

  private func drawGains(
    _ rewriting: inout ChannelRewriting, _ structure: ChannelStructure, _ network: Network, _ log: inout ObfuscationLog
  ) {
    for (index, scale) in structure.scales.enumerated() where scale.matrixOf == nil {
      guard let maker = scale.makers.first.map({ network.nodes[$0] }) else { continue }
      let isRow = maker.layer is any WeightedLayer
      var stream = RandomStream(seed: seed, name: (isRow ? "rows/" : "channels/") + maker.path)
      let width = rewriting.gains[index].count
      var gains = [Double](repeating: 1, count: width)
      if signFlips, scale.mayFlip {
        let block = min(scale.signBlock, width)
        for first in stride(from: 0, to: width, by: max(block, 1)) {
          let sign = Double(stream.sign())
          for channel in first..<min(first + block, width) { gains[channel] = sign }
        }
        log.applied += 1
      } else if signFlips, isRow {
        log.skip(maker.path, "sign flips", "no normalisation takes the sign back")
      }
      if scaling, scale.mayScale {
        for channel in gains.indices { gains[channel] *= exp2(Double(stream.signedUniform()) * 2) }
        log.applied += 1
      } else if scaling, isRow {
        log.skip(
          maker.path, "scaling of rows",
          scale.isPinned ? "its outputs are seen outside" : "a normalisation within samples does not scale its ε along")
      }
      rewriting.gains[index] = gains
    }
  }
}

/// What was done, and what was not and why.
struct ObfuscationLog {
  var applied = 0
  var skipped: [String] = []

  mutating func skip(_ path: String, _ option: String, _ reason: String) {
    skipped.append("\(path): no \(option): \(reason)")
  }
}
