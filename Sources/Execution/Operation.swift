/// A step of a program: a layer, or several that are computed in one pass over memory.
///
/// An operation is a value that knows its place in the program; what it works on belongs to the `Run`.
protocol Operation: Sendable {
  /// What it reads, in the order of the layer's inputs.
  var inputs: [Feature.ID] { get }
  var output: Feature.ID { get }

  /// Full names of the network's parameters that it reads itself; scales and shifts come to it from outside.
  var parameterNames: [String] { get }

  /// Features whose values `backward` reads.
  var readBackward: [Feature.ID] { get }

  /// Working storage, in floats.
  func storage(_ program: Program, _ extent: Extent) -> OperationStorage

  /// Makes the output from the inputs.
  func forward(_ run: Run) throws

  /// Makes the gradients of inputs and parameters from that of the output.
  func backward(_ run: Run) throws

  /// An input whose gradient can take the place of the output's gradient, which nobody needs any more.
  var inputThatTakesGradient: Feature.ID? { get }

  /// An input whose gradient can take the place of its own values, which nobody needs any more.
  func inputOverwrittenByGradient(_ program: Program) -> Feature.ID?

  /// Whether the output can be made again from the inputs for little, instead of being kept for the way back.
  var isCheap: Bool { get }
}

/// Floats of working storage of an operation.
struct OperationStorage: Sendable {
  /// While it runs, in either direction.
  var scratch = 0
  /// From the way forward to the way back.
  var state = 0
}

extension Operation {
  var parameterNames: [String] { [] }
  var readBackward: [Feature.ID] { [] }
  var inputThatTakesGradient: Feature.ID? { nil }
  var isCheap: Bool { false }

  func storage(_ program: Program, _ extent: Extent) -> OperationStorage { OperationStorage() }
  func inputOverwrittenByGradient(_ program: Program) -> Feature.ID? { nil }
}
