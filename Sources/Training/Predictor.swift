import Execution
import Networks
import Passports
import Tensors

/// What a network says about samples, in evaluation mode.
public struct Predictor {
  static let mostSamples = 256
  /// A bound on one layer's output for a batch: 256 MiB.
  static let mostValues = 1 << 26

  public let network: Network
  let branch: Branch
  private let executor: Executor
  private let options: ExecutionOptions

  /// - Parameters:
  ///   - passports: none for the passport-free branch.
  public init(
    _ network: Network, passports: [IssuedPassport]? = nil, options: ExecutionOptions = ExecutionOptions()
  ) throws {
    self.network = network
    self.options = options
    executor = Executor(network, isExact: options.isExact)
    branch = try passports.map { .aware(try $0.patches(in: network)) } ?? .free
  }

  /// Logits [samples, classes].
  public func logits(_ samples: any Samples) throws -> Tensor {
    try Tensor.concatenated(batches(of: samples) { logits, _ in logits }, axis: 0)
  }

  /// The class that each sample is taken for.
  public func predictions(_ samples: any Samples) throws -> [Int32] {
    try batches(of: samples) { logits, _ in try logits.predictedClasses() }.flatMap { $0 }
  }

  /// How many samples are recognised.
  public func correct(_ samples: any Samples) throws -> Int {
    try batches(of: samples) { logits, labels in
      try zip(logits.predictedClasses(), labels).count { $0 == $1 }
    }.reduce(0, +)
  }

  /// The share of samples that are recognised.
  public func accuracy(_ samples: any Samples) throws -> Double {
    try Double(correct(samples)) / Double(samples.count)
  }

  private func batches<Result>(of samples: any Samples, _ body: (Tensor, [Int32]) throws -> Result) throws -> [Result] {
    guard samples.count > 0 else { throw TrainingError("there are no samples to look at") }
    let largest = network.nodes.map { $0.shape.reduce(1, *) }.max() ?? 1
    let size = max(1, min(Self.mostSamples, Self.mostValues / largest))
    return try stride(from: 0, to: samples.count, by: size).map { start in
      let positions = Array(start..<min(start + size, samples.count))
      let pass = ForwardPass(
        branch: branch, parameters: network.parameters, buffers: network.buffers, poll: options.poll)
      let logits = try executor.outputs(samples.batch(positions, draws: nil), [pass])[0]
      return try body(logits, samples.batchLabels(positions))
    }
  }
}
