@testable import Execution
import Kernels
import Networks
import Passports
import Tensors
import Testing

/// All buffers of a run lie in one block, where neither a sanitizer nor the system sees one reach into another: so here
/// is looked at what the plan says, and at what a run does with it.
@Suite struct MemoryTests {
  static let networks = ["alexnet", "resnet18", "pointnet", "abstraction", "alone"]

  private func network(_ name: String, isProtected: Bool, isNarrow: Bool = false) throws -> Network {
    let network =
      switch name {
      case "alexnet": try AlexNet.make(classes: 10, widths: isNarrow ? [16, 32, 48, 32, 32] : nil, seed: 1)
      case "resnet18": try ResNet18.make(classes: 10, widths: isNarrow ? [16, 16, 32, 32] : nil, seed: 1)
      case "pointnet":
        try PointNet.make(
          classes: 10, points: isNarrow ? 32 : PointNet.points, widths: isNarrow ? [16, 32, 48, 32, 16] : nil, seed: 1)
      case "abstraction": try Network.setAbstraction()
      default: try unfused()
      }
    return isProtected ? try network.protecting(.all, seed: 2) : network
  }

  /// Layers that no pattern joins, of channels that fill no vector.
  private func unfused() throws -> Network {
    let input = try Stage.input([5, 9, 10])
    let left = try input.appending(ConvolutionLayer(channels: 9, kernel: 3, hasBias: true)).appending(ReluLayer())
      .appending(MaxPoolLayer(PoolingWindow(kernel: 3, stride: 2, padding: 1)))
    let right = try input.appending(NormalizationLayer(.instance)).appending(LeakyReluLayer(slope: 0.2))
      .appending(AveragePoolLayer(PoolingWindow(kernel: 3, stride: 2, padding: 1)))
    let both = try left.appending(ConcatenateLayer(), others: [right]).appending(DropoutLayer(rate: 0.3))
    return try both.appending(FlattenLayer()).appending(ReluLayer()).appending(DenseLayer(width: 14))
      .appending(AddLayer(), others: [both.appending(GlobalPoolLayer(takesMaximum: true))]).appending(ReluLayer())
      .appending(NormalizationLayer()).appending(DenseLayer(width: 8, hasBias: false))
      .appending(NormalizationLayer())
      .network(named: "alone", seed: 6)
  }

  // MARK: The plan

  /// Every buffer lies within the block, at the beginning of a cache line, and apart from those in use with it.
  private func expectNoOverlap(_ plan: MemoryPlan, sourceLocation: SourceLocation = #_sourceLocation) throws {
    var placed: [(buffer: Buffer, demand: MemoryPlan.Demand, range: Range<Int>)] = []
    for (buffer, demand) in plan.demands {
      let offset = try #require(plan.offsets[buffer], "\(buffer) has no place", sourceLocation: sourceLocation)
      #expect(offset % 16 == 0 && offset + demand.count <= plan.count, "\(buffer)", sourceLocation: sourceLocation)
      placed.append((buffer, demand, offset..<offset + demand.count))
    }
    for (index, one) in placed.enumerated() {
      for other in placed[..<index]
      where one.demand.first <= other.demand.last && other.demand.first <= one.demand.last {
        let isApart = !one.range.overlaps(other.range)
        #expect(isApart, "\(one.buffer) and \(other.buffer) share floats", sourceLocation: sourceLocation)
      }
    }
  }

  @Test(arguments: networks, [false, true])
  func buffersInUseTogetherShareNothing(_ name: String, isProtected: Bool) throws {
    let network = try network(name, isProtected: isProtected)
    let program = try #require(Fusion.program(of: network))
    let kinds = [(1, true, true), (66, true, true), (7, false, true), (64, false, false)]
    for (samples, isTraining, isDifferentiated) in kinds {
      let extent = Extent(
        samples: samples, branches: isProtected ? 2 : 1, isTraining: isTraining, isDifferentiated: isDifferentiated)
      try expectNoOverlap(program.schedule(for: extent).memory)
    }
  }

  @Test func randomDemandsShareNothing() throws {
    var stream = RandomStream(seed: 1, name: "demands")
    for _ in 0..<400 {
      let steps = Int.random(in: 1...40, using: &stream)
      let demands = (0..<Int.random(in: 0...60, using: &stream)).map { index in
        let first = Int.random(in: 0..<steps, using: &stream)
        let last = Int.random(in: first..<steps, using: &stream)
        // Nothing at all, a size that many have, and any other, small or large.
        let sizes = [0, 16, Int.random(in: 1...100, using: &stream), Int.random(in: 1...10_000, using: &stream)]
        let count = sizes[Int.random(in: sizes.indices, using: &stream)]
        return (Buffer.feature(index), MemoryPlan.Demand(count: count, first: first, last: last))
      }
      let plan = MemoryPlan(Dictionary(uniqueKeysWithValues: demands))
      try expectNoOverlap(plan)
      // No smaller than what is in use at once, and no larger than all together.
      let together = (0..<steps).map { step in
        demands.reduce(0) { $0 + ($1.1.first <= step && step <= $1.1.last ? $1.1.count : 0) }
      }
      #expect(plan.count >= together.max() ?? 0)
      #expect(plan.count <= demands.reduce(0) { $0 + ($1.1.count + 15) / 16 * 16 })
    }
  }

  // MARK: The run

  /// What a run finds in its block is whatever an earlier one left there. Here it finds NaN, at first and, before every
  /// step, in all that is not in use: nothing may be read that was not written, nor later or earlier than was planned.
  @Test(arguments: networks, [false, true])
  func nothingIsReadThatWasNotWritten(_ name: String, isProtected: Bool) throws {
    let network = try network(name, isProtected: isProtected, isNarrow: true)
    let expected = try results(network, samples: 6, spoils: false)
    let found = try results(network, samples: 6, spoils: true)
    #expect(Set(expected.keys) == Set(found.keys))
    for (name, values) in expected {
      #expect(values.allSatisfy { $0.isFinite }, "\(name)")
      #expect(found[name] == values, "\(name)")
    }
  }

  /// Outputs, running statistics and all gradients of a step by name.
  private func results(_ network: Network, samples: Int, spoils: Bool) throws -> [String: [Float]] {
    let program = try #require(Fusion.program(of: network))
    let batch = try Tensor.random([samples] + network.inputShape, seed: 1)
    var spoiler: Spoiler?
    let passes = try network.testBranches().map {
      ForwardPass(
        branch: $0, isTraining: true, parameters: network.parameters.mapValues(\.tracked), buffers: network.buffers,
        randomness: RandomStream(seed: 3, name: "draws"), poll: { spoiler?.spoil() })
    }
    let extent = Extent(samples: samples, branches: passes.count, isTraining: true, isDifferentiated: true)
    let affines = try Affines(program, passes)
    let run = try Run(program, extent, passes: passes, affines: affines)
    if spoils { spoiler = Spoiler(run) }
    spoiler?.spoilAll()
    run.load(batch)
    try run.forward()
    let outputs = try run.outputs()
    try run.backward(from: Tensor.random(outputs.shape, seed: 9))
    var results = run.buffers.mapValues(\.elements)
    results["outputs"] = outputs.elements
    for (name, gradient) in run.parameterGradients { results["gradient of \(name)"] = gradient.elements }
    for (slot, gradient) in run.affineGradients { results["gradient of \(slot)"] = gradient.elements }
    return results
  }
}

/// Writes NaN into every part of a run's block that the plan holds for unused, each time that a step begins.
private final class Spoiler {
  private unowned let run: Run
  /// Of the schedule's steps, those before which a run polls.
  private let polled: [Int]
  private var next = 0

  init(_ run: Run) {
    self.run = run
    polled = run.schedule.steps.indices.filter {
      if case .remake = run.schedule.steps[$0] { false } else { true }
    }
  }

  func spoilAll() { run.arena.update(repeating: .nan, count: run.schedule.memory.count) }

  /// Called before a step.
  func spoil() {
    let step = polled[next]
    next += 1
    var isUsed = [Bool](repeating: false, count: run.schedule.memory.count)
    for (buffer, demand) in run.schedule.memory.demands where isWritten(buffer, demand, before: step) {
      guard let offset = run.schedule.memory.offsets[buffer] else { continue }
      for place in offset..<offset + demand.count { isUsed[place] = true }
    }
    for place in isUsed.indices where !isUsed[place] { run.arena[place] = .nan }
  }

  /// The batch is there before the first step, and the gradients of the outputs before the first step back.
  private func isWritten(_ buffer: Buffer, _ demand: MemoryPlan.Demand, before step: Int) -> Bool {
    if demand.last < step { return false }
    if demand.first < step { return true }
    return switch buffer {
    case .feature(Program.input): demand.first == step
    case .gradient(let id): demand.first == step && run.program.outputs.contains(id)
    default: false
    }
  }
}
