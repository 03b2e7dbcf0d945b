import Execution
import Files
import Networks
import Passports
import Tensors
import Training

/// The losses of both branches over the first steps, and a file from which somebody else can take the same steps.
public struct LossBenchmark {
  private var network: Network
  private var optimizer: Optimizer
  private let step: TrainingStep
  private let batches: [Objective.Batch]

  /// - Parameter steps: how many, each with a batch of its own: a pattern for each class, and noise. Something can be
  ///   learned, since where nothing can the losses grow, and the least difference with them.
  public init(_ name: BenchmarkNetwork, steps: Int, isExact: Bool) throws {
    network = try name.network(for: .all, dropout: 0)
    optimizer = Optimizer(name.optimizer)
    let passports = try Passport(seed: 1).issue(for: network)
    step = TrainingStep(
      objective: Objective(), passports: passports, patches: try passports.patches(in: network),
      randomness: RandomStream(seed: 1, name: "benchmark"), executor: Executor(network, isExact: isExact))
    let count = name.batch.samples + name.batch.triggers
    let shape = network.inputShape
    let patterns = try Self.draws([name.classes] + shape, "patterns").elements
    let size = try shape.elementCount()
    batches = try (0..<steps).map { index in
      let labels = (0..<count).map { Int32(($0 + index) % name.classes) }
      var samples = try Self.draws([count] + shape, "batch/\(index)")
      try samples.mutate { samples in
        for (sample, label) in labels.enumerated() {
          for element in 0..<size { samples[sample * size + element] += patterns[Int(label) * size + element] }
        }
      }
      return Objective.Batch(samples: samples, labels: labels, triggers: name.batch.triggers)
    }
  }

  private static func draws(_ shape: Shape, _ name: String) throws -> Tensor {
    var stream = RandomStream(seed: 1, name: "benchmark/losses/" + name)
    let count = try shape.elementCount()
    return try Tensor(shape: shape) {
      stream.fillNormal(UnsafeMutableBufferPointer(start: $0, count: count), deviation: 1)
    }
  }

  /// Takes the next steps, one for each batch.
  ///
  /// - Returns: The loss before each of them: both branches' cross-entropies, the sign losses and the penalties.
  public mutating func run() throws -> [Float] {
    try batches.map { batch in
      let outcome = try step.gradients(of: &network, batch, .both)
      try optimizer.apply(outcome.gradients, to: &network.parameters)
      return outcome.loss
    }
  }

  /// Writes what the steps start from: the network's tensors by their names, `passport/LAYER/scale`, `shift` and `signs`
  /// of each passport layer, `batch/INDEX/samples` and `labels` of each step. Throws `FileError`.
  public func export(to path: String) throws {
    var tensors = network.fileTensors
    for passport in step.passports {
      let name = "passport/\(passport.path)/"
      tensors.append(passport.scale.fileTensor(named: name + "scale"))
      tensors.append(passport.shift.fileTensor(named: name + "shift"))
      let signs = passport.signature.signs
      tensors.append(.floats(name + "signs", shape: [signs.count], signs))
    }
    for (index, batch) in batches.enumerated() {
      tensors.append(batch.samples.fileTensor(named: "batch/\(index)/samples"))
      tensors.append(.integers("batch/\(index)/labels", shape: [batch.labels.count], batch.labels.map { Int64($0) }))
    }
    try Safetensors.write(tensors, metadata: ["steps": "\(batches.count)"], to: path)
  }
}
