import Networks
import Synchronization
import Tensors

/// A network as operations on features: layers fused, the part that all branches share apart from the rest.
///
/// It depends on the architecture alone; parameters, batches and passports come with each run.
final class Program: Sendable {
  /// The feature that holds the batch.
  static let input: Feature.ID = 0

  let features: [Feature]
  let operations: [any Operation]
  /// The features that a run hands out: the network's output, then what transforms are penalised for.
  let outputs: [Feature.ID]
  let penalties: [Penalty]
  /// How many operations read each feature.
  let readers: [Int]
  private let makers: [Feature.ID: Int]
  private let schedules = Mutex<[Extent: Schedule]>([:])

  init(features: [Feature], operations: [any Operation], output: Feature.ID, penalties: [Penalty]) {
    self.features = features
    self.operations = operations
    outputs = [output] + penalties.map(\.feature)
    self.penalties = penalties
    var readers = [Int](repeating: 0, count: features.count)
    for operation in operations {
      for input in operation.inputs { readers[input] += 1 }
    }
    self.readers = readers
    makers = Dictionary(uniqueKeysWithValues: operations.enumerated().map { ($1.output, $0) })
  }

  /// A transform that costs something by itself: the feature that holds its matrices.
  struct Penalty: Sendable {
    var feature: Feature.ID
    var path: String
    var layer: TransformLayer
    /// Of the features that it maps.
    var channels: Int
  }

  /// The operation that makes a feature; none for the input.
  func maker(of feature: Feature.ID) -> Int? { makers[feature] }

  /// The first operation that reads a tracked parameter, scale or shift; 0 where none does.
  func firstTrained(by parameters: [String: Tensor], _ affines: Affines) -> Int {
    let tracked = affines.trackedOperations
    return operations.indices.first { index in
      tracked.contains(index) || operations[index].parameterNames.contains { parameters[$0]?.isTracked ?? false }
    } ?? 0
  }

  /// The plan for an extent; made once, since most batches of a training are alike.
  func schedule(for extent: Extent) -> Schedule {
    if let schedule = schedules.withLock({ $0[extent] }) { return schedule }
    let schedule = Schedule(self, extent)
    schedules.withLock { schedules in
      if schedules.count >= Self.mostSchedules { schedules = [:] }
      schedules[extent] = schedule
    }
    return schedule
  }

  private static let mostSchedules = 16

  /// Into how many parts a batch is cut that is only predicted.
  ///
  /// A part's largest feature should stay in the caches, but every part reads, and transforms, all weights: so it does
  /// not become smaller than they are.
  func parts(of samples: Int) -> Int {
    let largest = features.reduce(0) { max($0, $1.positions * $1.rowLength) }
    let least = max(Self.cachedCount, weightCount) / max(largest, 1)
    return max(1, samples / max(least, 1))
  }

  /// Floats of a feature that stay in the caches together with its neighbours.
  private static let cachedCount = 1 << 19

  private var weightCount: Int {
    operations.reduce(0) { sum, operation in
      let folded = (operation as? FoldedConvolution)?.convolution
      guard let convolution = operation as? Convolve ?? folded else { return sum }
      return sum + features[convolution.input].channels * features[convolution.output].channels
        * convolution.kernelHeight * convolution.kernelWidth
    }
  }
}

extension Program: CustomStringConvertible {
  /// One line an operation: what it makes, where, and from what.
  var description: String {
    operations.map { operation in
      let feature = features[operation.output]
      let shape = "\(feature.positions) x \(feature.channels)\(feature.isShared ? ", shared" : "")"
      return "\(operation.output) [\(shape)] = \(type(of: operation)) of \(operation.inputs)"
    }.joined(separator: "\n")
  }
}
