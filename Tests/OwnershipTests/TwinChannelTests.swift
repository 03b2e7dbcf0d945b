import Execution
import Networks
import Passports
import Tensors
import Testing
import Training

@testable import Attacks
@testable import Ownership

/// A disguise that costs nothing: channels equal to true ones stand before them, and say nothing or take it back.
@Suite struct TwinChannelTests {
  enum Disguise: CaseIterable {
    /// Twins are a millionth as loud as the true channels.
    case silent
    /// Two twins of each channel are read with opposite signs.
    case opposed
    /// The true channels themselves are split in two parts.
    case split
    /// Others, much like true channels, are dead behind their ReLU and read so loudly that all true ones seem silent.
    case dead
  }

  @Test(arguments: ObfuscationSetting.Architecture.allCases, Disguise.allCases)
  func disguisedCopiesAlign(architecture: ObfuscationSetting.Architecture, disguise: Disguise) throws {
    // PointNet's channels do not all go through a ReLU, and ResNet's streams are more than one norm's.
    guard disguise != .dead || architecture == .alexnet else { return }
    let setting = try ObfuscationSetting(architecture)
    let samples = try ObfuscationSetting.samples(shape: setting.released.inputShape, count: 100)
    let own = try Predictor(setting.released).logits(samples).elements
    let twinned = try setting.released.twinned(disguise, seed: 3)
    #expect(try twinned.deviation(from: own, on: samples) < 1e-4)
    for suspect in [twinned, try Obfuscation(seed: 4).apply(to: twinned).network] {
      let aligned = try Realignment(of: suspect, to: setting.released, claim: setting.claim)
      #expect(aligned.cosine > 0.9999)
      #expect(try Verification(aligned.network, claim: aligned.claim).signature == 1)
      #expect(try aligned.network.deviation(from: own, on: samples) < 1e-4)
    }
  }

  /// Twins as the owner's copy has them, where the true ones were moved: no longer equal, nearer by their rows, and silent.
  @Test(arguments: ObfuscationSetting.Architecture.allCases)
  func silentChannelsStandForNobody(architecture: ObfuscationSetting.Architecture) throws {
    let setting = try ObfuscationSetting(architecture)
    let suspect = try setting.released.twinned(.silent, moved: 0.02, seed: 3)
    let aligned = try expectAlignment(of: suspect, setting, signature: 0.98)
    let samples = try ObfuscationSetting.samples(shape: setting.released.inputShape, count: 100)
    let computed = try Predictor(suspect).logits(samples).elements
    #expect(try aligned.network.deviation(from: computed, on: samples) < 1e-4)
  }

  /// Parts that differ by more than rounding are parts, where that is nearer.
  @Test(arguments: ObfuscationSetting.Architecture.allCases)
  func nearTwinsAreParts(architecture: ObfuscationSetting.Architecture) throws {
    let setting = try ObfuscationSetting(architecture)
    try expectAlignment(of: setting.released.twinned(.split, moved: 0.005, seed: 3), setting, signature: 0.97)
  }

  @discardableResult
  private func expectAlignment(
    of suspect: Network, _ setting: ObfuscationSetting, signature: Double
  ) throws -> Realignment {
    let aligned = try Realignment(of: suspect, to: setting.released, claim: setting.claim)
    #expect(aligned.cosine > 0.99)
    #expect(try Verification(aligned.network, claim: aligned.claim).signature > signature)
    return aligned
  }

  /// What a suspect is made of does not decide how long the judge sits.
  @Test func channelsWithoutEndAreRefused() throws {
    let setting = try ObfuscationSetting(.alexnet)
    let wide = try AlexNet.make(classes: 8, input: [1, 16, 16], widths: [1025, 48, 64, 48, 48], seed: 1)
    let error = #expect(throws: NetworkError.self) {
      try Realignment(of: wide, to: setting.released, claim: setting.claim)
    }
    #expect(error?.message == "re-alignment: features.0.conv of the suspect has 1025 channels, and the owner's copy 32")
    #expect(error?.help == "more than 16 times as many are not compared")
  }

  /// Of channels that differ in the least, each is kept.
  @Test func channelsThatDifferAreKept() throws {
    let released = try ObfuscationSetting(.alexnet).released
    func merged(_ network: Network) throws -> Int {
      try TwinChannels(of: network, structure: ChannelStructure(of: network)) {}.merged.reduce(0) { $0 + $1.count }
    }
    #expect(try merged(released) == 0)
    let twinned = try released.twinned(.split, seed: 3)
    let twins = try merged(twinned)
    #expect(twins == 32 + 48 + 64 + 48 + 48)
    for (name, number) in [("weight", 75), ("bias", 0)] {
      var other = twinned
      let path = "features.2." + (name == "weight" ? "conv.weight" : "bn.bias")
      try other.parameters[path]?.mutate { $0[number] += 0.01 }
      #expect(try merged(other) == twins - 1, "\(name)")
    }
  }

  @Test func silenceIsNoMatterOfScale() throws {
    let released = try ObfuscationSetting(.resnet18).released
    func silent(_ network: Network) throws -> [Int] {
      SilentChannels(of: .init(network: network, structure: try ChannelStructure(of: network))).isSilent.map {
        $0.count { $0 }
      }
    }
    #expect(try silent(released).allSatisfy { $0 == 0 })
    #expect(try silent(Obfuscation(folding: true, seed: 5).apply(to: released).network).allSatisfy { $0 == 0 })
    let structure = try ChannelStructure(of: released)
    let twins = structure.orders.map { $0.isPinned ? 0 : $0.width }
    #expect(try silent(released.twinned(.silent, seed: 3)) == twins)
  }
}

extension Network {
  /// Twins before all channels that may have them.
  ///
  /// - Parameter moved: noise on the rows of the true channels, of their size.
  fileprivate func twinned(_ disguise: TwinChannelTests.Disguise, moved: Float = 0, seed: UInt64) throws -> Network {
    let structure = try ChannelStructure(of: self)
    var rewriting = ChannelRewriting(keeping: structure)
    let copies = disguise == .opposed ? 2 : 1
    let isTwinned = structure.orders.map { !$0.isPinned && $0.fixedWidth == nil && $0.matrixOf == nil }
    for index in structure.orders.indices where isTwinned[index] {
      rewriting.selections[index] = (0...copies).flatMap { _ in 0..<structure.orders[index].width }
    }
    for segment in Set(structure.outputs.joined()) where isTwinned[segment.order] {
      let width = structure.orders[segment.order].width
      let twin = disguise == .silent ? 1e-6 : 1
      rewriting.gains[segment.scale] = (0..<(copies + 1) * width).map { $0 < copies * width ? twin : 1 }
    }
    var network = try rewriting.apply(to: self, structure: structure)
    var stream = RandomStream(seed: seed, name: "twins")
    for (index, node) in nodes.enumerated() where node.layer is any WeightedLayer {
      let name = node.path + ".weight"
      guard let shape = network.parameters[name]?.shape, let old = parameters[name] else { continue }
      let (length, area) = (shape.dropFirst().reduce(1, *), shape.dropFirst(2).reduce(1, *))
      let size = (old.elements.reduce(0) { $0 + $1 * $1 } / Float(old.count)).squareRoot()
      let made = structure.outputs[index].first
      let isMadeTwice = made.map { isTwinned[$0.order] } ?? false
      try network.parameters[name]?.mutate { values in
        for row in 0..<shape[0] {
          var first = row * length
          for segment in structure.segments(readBy: index) {
            let span = structure.orders[segment.order].width * segment.positions * area
            if isTwinned[segment.order] {
              // Rows that are twins read alike.
              let isTwin = isMadeTwice && row < copies * old.shape[0]
              let loudness = isTwin && disguise == .silent ? 1e-6 * size : size
              var noise = RandomStream(seed: seed, name: "\(name) \(row % old.shape[0])")
              for entry in first..<first + span {
                let (drawn, last) = (noise.normal() * loudness, entry + copies * span)
                switch disguise {
                case .silent: values[entry] = drawn
                case .opposed: (values[entry], values[entry + span]) = (drawn, -drawn)
                case .split:
                  values[entry] = drawn
                  values[last] -= drawn
                case .dead: values[entry] = 2000 * drawn
                }
              }
            }
            first += span * (isTwinned[segment.order] ? copies + 1 : 1)
          }
          if disguise == .dead, isMadeTwice, row < copies * old.shape[0] {
            for entry in row * length..<(row + 1) * length { values[entry] += 0.2 * size * stream.normal() }
          }
          guard isMadeTwice, row >= copies * old.shape[0], moved > 0 else { continue }
          for entry in row * length..<(row + 1) * length { values[entry] += moved * size * stream.normal() }
        }
      }
    }
    guard disguise == .dead else { return network }
    for (index, node) in nodes.enumerated() where node.layer is NormalizationLayer {
      let width = structure.outputs[index].first.map { isTwinned[$0.order] ? structure.orders[$0.order].width : 0 } ?? 0
      try network.parameters[node.path + ".bn.bias"]?.mutate { values in
        for channel in 0..<copies * width { values[channel] = -1e4 }
      }
    }
    return network
  }
}
