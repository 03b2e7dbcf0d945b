import Execution
import Networks
import Passports
import Tensors
import Training

/// One training step, or one prediction, of a network of the paper, as the trainer takes it.
public struct StepBenchmark {
  private var network: Network
  private var optimizer: Optimizer
  private let step: TrainingStep
  private let batch: Objective.Batch
  private let task: BenchmarkTask

  /// - Parameter isExact: on the reference path.
  public init(_ name: BenchmarkNetwork, _ task: BenchmarkTask, isExact: Bool) throws {
    self.task = task
    network = try name.network(for: task)
    optimizer = Optimizer(name.optimizer)
    let passports = network.carriesPassports ? try Passport(seed: 1).issue(for: network) : []
    step = TrainingStep(
      objective: Objective(), passports: passports, patches: try passports.patches(in: network),
      randomness: RandomStream(seed: 1, name: "benchmark"), executor: Executor(network, isExact: isExact))
    let triggers = task == .predict ? 0 : name.batch.triggers
    let count = task == .predict ? BenchmarkTask.predictedSamples : name.batch.samples + triggers
    var draws = RandomStream(seed: 1, name: "benchmark/batch")
    let shape = [count] + network.inputShape
    let elements = try shape.elementCount()
    let samples = try Tensor(shape: shape) {
      draws.fillNormal(UnsafeMutableBufferPointer(start: $0, count: elements), deviation: 1)
    }
    batch = Objective.Batch(samples: samples, labels: (0..<count).map { Int32($0 % 10) }, triggers: triggers)
  }

  /// Does it once; a training step changes the network.
  ///
  /// - Returns: The loss of the step; none for a prediction.
  @discardableResult
  public mutating func run() throws -> Float? {
    guard task != .predict else {
      let pass = ForwardPass(parameters: network.parameters, buffers: network.buffers)
      _ = try step.executor.outputs(batch.samples, [pass])
      return nil
    }
    let outcome = try step.gradients(of: &network, batch, step.passports.isEmpty ? .free : .both)
    try optimizer.apply(outcome.gradients, to: &network.parameters)
    return outcome.loss
  }
}
