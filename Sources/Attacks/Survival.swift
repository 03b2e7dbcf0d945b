import Datasets
import Execution
import Networks
import Ownership
import Passports
import Tensors
import Training

/// What an owner still finds in an attacked network: one row of every table of removal attacks. Shares are of 1.
public struct Survival: Sendable {
  /// Accuracy of the attacked network as it is; none without data.
  public var free: Double?
  /// Accuracy of the claim's branch around the attacked weights; none without data, or where no layer of the claim is
  /// left.
  public var aware: Double?
  /// Bits that match, of those whose layers are still there.
  public var matches: Int
  public var bits: Int
  /// Bits of layers that the attacked network does not have any more, such as a passport on a head that was replaced.
  public var goneBits: Int
  /// log10 of the chance that random signs match as often.
  public var log10P: Double
  /// Accuracy on the owner's triggers; none without triggers.
  public var trigger: Double?

  /// The share of the bits that match; none where no layer of the claim is left.
  public var signature: Double? { bits > 0 ? Double(matches) / Double(bits) : nil }
}

/// An owner who asks attacked networks: with a claim, and with whatever data and triggers there are.
public struct Examination {
  private let claim: Claim
  private let data: (any Samples)?
  private let triggers: TriggerSet?
  private let options: ExecutionOptions

  /// - Parameters:
  ///   - claim: what the owner kept of the network before it was attacked.
  ///   - data: to measure both branches on: of the task that the attacked network is for.
  public init(
    claim: Claim, data: (any Samples)? = nil, triggers: TriggerSet? = nil,
    options: ExecutionOptions = ExecutionOptions()
  ) {
    self.claim = claim
    self.data = data
    self.triggers = triggers
    self.options = options
  }

  /// Reads everything that a network still shows.
  ///
  /// - Parameter answering: who is asked for the triggers, if not the network itself: one of other classes cannot know
  ///   their labels.
  /// - Throws: `TrainingError` where the triggers are not those that the claim names.
  public func survival(in network: Network, answering: Network? = nil) throws -> Survival {
    let (part, goneBits) = claim.part(in: network)
    let found = try Verification(network, claim: part, data: data, options: options)
    // Triggers belong to the claim, but asking for them needs none of its layers.
    let whole = Claim(layers: [], triggerHash: claim.triggerHash)
    let asked = try triggers.map { triggers in
      try Verification(answering ?? network, claim: whole, triggers: triggers, options: options)
    }
    return Survival(
      free: found.free, aware: part.layers.isEmpty ? nil : found.aware, matches: found.matches, bits: found.bits,
      goneBits: goneBits, log10P: found.log10P, trigger: asked?.trigger)
  }
}
