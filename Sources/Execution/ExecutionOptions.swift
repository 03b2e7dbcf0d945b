/// How batches are sent through a network.
public struct ExecutionOptions {
  /// Layer by layer, with sums in float64 and convolutions as products of patches, instead of fused.
  public var isExact: Bool
  /// Called between layers; throws to stop a long computation.
  public var poll: () throws -> Void

  public init(isExact: Bool = false, poll: @escaping () throws -> Void = {}) {
    self.isExact = isExact
    self.poll = poll
  }
}
