import Execution
import Keys
import Networks
import Ownership
import Passports
import Tensors
import Training

@testable import Attacks

/// Protected networks as training leaves them, made within a second: a signature planted in all passport layers, scales
/// of both signs, and running statistics that belong to the samples.
struct ObfuscationSetting {
  enum Architecture: String, CaseIterable, Sendable { case alexnet, resnet18, pointnet }

  var released: Network
  var claim: Claim

  static let classes = 8

  static func plain(
    _ architecture: Architecture, normalization: NormalizationKind = .batch, seed: UInt64
  ) throws -> Network {
    switch architecture {
    case .alexnet:
      try AlexNet.make(
        classes: classes, input: [1, 16, 16], normalization: normalization, widths: [32, 48, 64, 48, 48], seed: seed)
    case .resnet18:
      try ResNet18.make(
        classes: classes, input: [3, 8, 8], normalization: normalization, widths: [16, 32, 32, 48], seed: seed)
    case .pointnet:
      try PointNet.make(
        classes: classes, points: 32, normalization: normalization, widths: [32, 48, 96, 64, 32], seed: seed)
    }
  }

  /// - Parameter key: of a bound owner, who trains without movable biases; none for free passports.
  init(
    _ architecture: Architecture, normalization: NormalizationKind = .batch, key: OwnerKey? = nil, seed: UInt64 = 1
  ) throws {
    var network = try Self.plain(architecture, normalization: normalization, seed: seed)
      .protecting(.all, seed: seed + 1)
    try network.drawScales(seed: seed)
    let passports = try (key.map(Passport.init) ?? Passport(seed: seed + 2)).issue(for: network)
    if key != nil { _ = try network.emptyMovableBiases(under: passports) }
    try network.plant(passports)
    var free = try network.released()
    try free.settleStatistics(on: Self.samples(shape: free.inputShape, count: 64, seed: seed).tensor)
    network = try free.attaching(Claim(of: network, passports: passports, triggerHash: nil))
    // The passport-aware branch has other statistics than the passport-free one.
    for name in network.bufferNames where name.contains(".bn1.") {
      guard let own = network.buffers[name.replacing(".bn1.", with: ".bn0.")] else { continue }
      network.buffers[name] = try own * Tensor(1.25)
    }
    released = free
    claim = try Claim(of: network, passports: passports, triggerHash: nil)
  }

  /// An ordinary network with scales of both signs, and running statistics that belong to its samples.
  static func released(_ plain: Network, seed: UInt64) throws -> Network {
    var network = plain
    try network.drawScales(seed: seed)
    try network.settleStatistics(on: samples(shape: plain.inputShape, count: 64, seed: seed).tensor)
    return network
  }

  /// Normal numbers that have some structure: neighbours are alike.
  static func samples(shape: Shape, count: Int = 1000, seed: UInt64 = 9) throws -> TensorSamples {
    var stream = RandomStream(seed: seed, name: "samples")
    let length = shape.reduce(1, *)
    let tensor = try Tensor(shape: [count] + shape) { target in
      var last: Float = 0
      for index in 0..<count * length {
        last = 0.6 * last + 0.8 * stream.normal()
        target[index] = last
      }
    }
    return try TensorSamples(tensor, labels: (0..<count).map { Int32($0 % classes) })
  }
}

extension Network {
  /// Scales of both signs and shifts, as no start has them.
  mutating func drawScales(seed: UInt64) throws {
    for name in parameterNames {
      var stream = RandomStream(seed: seed, name: "drawn/" + name)
      let isScale = name.hasSuffix(".scale") || name.hasSuffix("bn0.weight") || name.hasSuffix("bn.weight")
      let isShift = name.hasSuffix(".bias") && node(at: String(name.dropLast(5)))?.layer is any NormalizingLayer
        || name.hasSuffix("bn0.bias") || name.hasSuffix("bn.bias")
      guard isScale || isShift else { continue }
      let count = parameters[name]?.count ?? 0
      try parameters[name]?.mutate { values in
        for channel in 0..<count {
          values[channel] = isScale
            ? (stream.uniform() < 0.2 ? -1 : 1) * (0.5 + stream.uniform()) : 0.3 * stream.normal()
        }
      }
    }
  }

  /// Moves each row of the passport layers' weights along S as far as its sign needs.
  mutating func plant(_ passports: [IssuedPassport], margin: Float = 0.1) throws {
    let patches = try passports.patches(in: self)
    for passport in passports {
      guard let patch = patches[passport.path]?.scalePatch.elements else { continue }
      let reading = try scaleReading(passport).elements
      let square = patch.reduce(0) { $0 + $1 * $1 }
      try parameters[passport.source + ".weight"]?.mutate { values in
        for (row, sign) in passport.signature.signs.enumerated() where sign * reading[row] < margin {
          let step = (sign * margin - reading[row]) / square
          for column in patch.indices { values[row * patch.count + column] += step * patch[column] }
        }
      }
    }
  }

  /// Running statistics that belong to these samples.
  mutating func settleStatistics(on batch: Tensor) throws {
    for _ in 0..<30 {
      let pass = ForwardPass(isTraining: true, parameters: parameters, buffers: buffers)
      _ = try forward(batch, pass)
      buffers = pass.buffers
    }
  }

  /// The largest difference of the logits from those of another network, over their largest.
  func deviation(
    from expected: [Float], on samples: any Samples, passports: [IssuedPassport]? = nil
  ) throws -> Double {
    let found = try Predictor(self, passports: passports).logits(samples).elements
    let largest = expected.reduce(0) { max($0, $1.magnitude) }
    guard largest > 0, expected.count == found.count else { return .infinity }
    return Double(zip(expected, found).reduce(0) { max($0, ($1.0 - $1.1).magnitude) } / largest)
  }
}
