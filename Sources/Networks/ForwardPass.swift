import Tensors

/// One of the two branches of a protected network.
public enum Branch: Sendable {
  /// The passport-free branch: the network's own scales and shifts.
  case free
  /// The passport-aware branch: scales and shifts computed from these passports, by layer path.
  case aware([String: LayerPassport])
}

/// What a pair of passports is to a layer: their mean patches, which meet the weights in a matrix-vector product.
public struct LayerPassport: Sendable {
  /// Mean patch of the passport for the scale (`skey` in the released code).
  public var scalePatch: Tensor
  /// Mean patch of the passport for the shift (`key` in the released code).
  public var shiftPatch: Tensor

  public init(scalePatch: Tensor, shiftPatch: Tensor) {
    self.scalePatch = scalePatch
    self.shiftPatch = shiftPatch
  }
}

/// How a batch goes through a network, and what it leaves behind there.
public final class ForwardPass {
  public let branch: Branch
  /// Batch statistics, updates of the running ones, and dropout; else the running statistics and no dropout.
  public let isTraining: Bool
  /// The tensors that the layers use, by full name; tracked where they are to be trained.
  public let parameters: [String: Tensor]
  /// Running statistics, by full name; the pass replaces what it updates.
  public internal(set) var buffers: [String: Tensor]
  /// Draws for dropout; a stream of its own for each layer comes from it.
  public let randomness: RandomStream
  /// What the weights of each passport layer made of its passports, in the passport-aware branch.
  public internal(set) var readings: [String: PassportReading] = [:]
  /// What transforms cost, by path (`TransformLayer.Regularizer`); scalars.
  public internal(set) var penalties: [String: Tensor] = [:]
  /// Paths of layers whose inputs are to be kept in `captured`.
  public let captures: Set<String>
  public internal(set) var captured: [String: Tensor] = [:]
  /// Called before each layer; throws to stop a long pass.
  public let poll: () throws -> Void

  public init(
    branch: Branch = .free, isTraining: Bool = false, parameters: [String: Tensor], buffers: [String: Tensor],
    randomness: RandomStream = RandomStream(seed: 0, name: "forward"), captures: Set<String> = [],
    poll: @escaping () throws -> Void = {}
  ) {
    self.branch = branch
    self.isTraining = isTraining
    self.parameters = parameters
    self.buffers = buffers
    self.randomness = randomness
    self.captures = captures
    self.poll = poll
  }
}

extension ForwardPass {
  /// Continues from these running statistics.
  public func take(buffers: [String: Tensor]) { self.buffers = buffers }
}

/// GAP(conv(passport; W)) of one layer, before the FC block: w for the scale, which carries the signature, and for the
/// shift; both [channels].
public struct PassportReading: Sendable {
  public var scale: Tensor
  public var shift: Tensor

  public init(scale: Tensor, shift: Tensor) {
    self.scale = scale
    self.shift = shift
  }
}

/// A pass as one layer sees it: names are relative to the layer's path.
public struct LayerPass {
  public let path: String
  let pass: ForwardPass

  public init(path: String, pass: ForwardPass) {
    self.path = path
    self.pass = pass
  }

  public var isTraining: Bool { pass.isTraining }

  /// The layer's passport, in the passport-aware branch.
  public var passport: LayerPassport? {
    if case .aware(let passports) = pass.branch { passports[path] } else { nil }
  }

  /// Whether the pass goes through the passport-aware branch.
  public var isAware: Bool {
    if case .aware = pass.branch { true } else { false }
  }

  public var randomness: RandomStream { pass.randomness.substream(named: path) }

  public func parameter(_ name: String) throws -> Tensor { try find(path + "." + name, in: pass.parameters) }

  /// A parameter of another layer, by full name.
  public func parameter(fullName: String) throws -> Tensor { try find(fullName, in: pass.parameters) }

  public func hasParameter(_ fullName: String) -> Bool { pass.parameters[fullName] != nil }

  public func buffer(_ name: String) throws -> Tensor { try find(path + "." + name, in: pass.buffers) }

  public func update(buffer name: String, to value: Tensor) { pass.buffers[path + "." + name] = value.detached }

  /// Leaves the reading for the sign loss and for verification.
  public func leave(_ reading: PassportReading) { pass.readings[path] = reading }

  /// Leaves a scalar that is to be added to the loss of the branch.
  public func leave(penalty: Tensor) { pass.penalties[path] = penalty }

  private func find(_ name: String, in tensors: [String: Tensor]) throws -> Tensor {
    guard let tensor = tensors[name] else { throw NetworkError("the network has no tensor named \(name)") }
    return tensor
  }
}
