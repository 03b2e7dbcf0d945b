import Kernels
import Networks
import Tensors

/// One pass of a batch through a program, forward and perhaps back: the storage that it works in and what it found.
///
/// `@unchecked Sendable`: one thread at a time works on it, first the one that runs forward, later the one that
/// differentiates; nobody else holds it.
final class Run: @unchecked Sendable {
  let program: Program
  let extent: Extent
  let schedule: Schedule
  /// Of each branch. The passes themselves are not held: what is left in them may hold this run.
  let randomness: [RandomStream]
  let affines: Affines
  var level: KernelLevel { extent.level }
  /// What operations keep for the way back beside floats in the arena, by operation.
  var notes: [Int: any Sendable] = [:]
  /// The running statistics as they are after each branch so far.
  var buffers: [String: Tensor]
  /// Gradients by parameter, and those of the scales and shifts of each branch by operation.
  private(set) var parameterGradients: [String: Tensor] = [:]
  private(set) var affineGradients: [AffineSlot: Tensor] = [:]
  /// The operation that is under way.
  private(set) var current = 0
  private(set) var phase = Buffer.Phase.forward
  private let parameters: [String: Tensor]
  private let poll: () throws -> Void
  /// Where every buffer lies, at the offset that the schedule gives it.
  let arena: UnsafeMutablePointer<Float>
  private var started: Set<Feature.ID> = []
  private var isSpent = false

  /// Throws where the memory is not to be had.
  init(_ program: Program, _ extent: Extent, passes: [ForwardPass], affines: Affines) throws {
    self.program = program
    self.extent = extent
    randomness = passes.map(\.randomness)
    parameters = passes.first?.parameters ?? [:]
    poll = passes.first?.poll ?? {}
    self.affines = affines
    buffers = passes.first?.buffers ?? [:]
    schedule = program.schedule(for: extent)
    guard let arena = Memory.allocate(count: max(schedule.memory.count, 1)) else {
      throw TensorError(
        "there is not enough memory to send \(extent.samples) samples through the model",
        help: "use a smaller batch")
    }
    self.arena = arena
  }

  deinit { Memory.free(arena, count: max(schedule.memory.count, 1)) }

  // MARK: What operations use

  func feature(_ id: Feature.ID) -> Feature { program.features[id] }

  /// Rows of a feature over all samples and branches.
  func rows(_ id: Feature.ID) -> Int { extent.rows(feature(id)) }

  func count(_ id: Feature.ID) -> Int { extent.count(feature(id)) }

  /// The values of a feature; on the way back those made again, if it was let go.
  func values(_ id: Feature.ID) -> UnsafeMutablePointer<Float> {
    let isRemade = phase != .forward && schedule.remade.contains(id)
    return pointer(isRemade ? .remade(id) : .feature(id))
  }

  /// The gradient of the current operation's output.
  func outputGradient() -> UnsafeMutablePointer<Float> {
    pointer(.gradient(program.operations[current].output))
  }

  var scratch: UnsafeMutablePointer<Float> { pointer(.scratch(operation: current, phase)) }

  var state: UnsafeMutablePointer<Float> { pointer(.state(operation: current)) }

  /// The state as integers of the same size.
  var integerState: UnsafeMutablePointer<Int32> {
    let count = program.operations[current].storage(program, extent).state
    return UnsafeMutableRawPointer(state).bindMemory(to: Int32.self, capacity: count)
  }

  /// Whether anybody wants the gradient of a feature.
  func wantsGradient(_ id: Feature.ID) -> Bool { schedule.differentiated.contains(id) }

  /// Has `write` overwrite the gradient of an input; where other readers have left theirs already, it is added.
  func giveGradient(to id: Feature.ID, _ write: (UnsafeMutablePointer<Float>) -> Void) {
    guard wantsGradient(id) else { return }
    if started.insert(id).inserted { return write(pointer(.gradient(id))) }
    let share = pointer(.share(id))
    write(share)
    Elementwise.axpy(count(id), 1, share, into: pointer(.gradient(id)))
  }

  /// The output's gradient is the gradient of an input as well.
  func passGradient(to id: Feature.ID) {
    guard wantsGradient(id) else { return }
    let (source, target) = (outputGradient(), pointer(.gradient(id)))
    if started.insert(id).inserted {
      if source != target { target.update(from: source, count: count(id)) }
    } else {
      Elementwise.axpy(count(id), 1, source, into: target)
    }
  }

  func parameter(_ name: String) throws -> Tensor {
    guard let tensor = parameters[name] else {
      throw NetworkError("the network has no tensor named \(name)")
    }
    return tensor
  }

  /// Has `write` overwrite the gradient of a parameter, if anybody wants it.
  func giveGradient(toParameter name: String, _ write: (UnsafeMutablePointer<Float>) -> Void) throws {
    let tensor = try parameter(name)
    guard tensor.isTracked else { return }
    parameterGradients[name] = try Tensor(shape: tensor.shape, filledBy: write)
  }

  func giveGradient(to slot: AffineSlot, _ gradient: [Float]) throws {
    let tensor = try Tensor(gradient, shape: [gradient.count])
    affineGradients[slot] = try affineGradients[slot].map { try $0 + tensor } ?? tensor
  }

  // MARK: The two ways

  func forward() throws {
    phase = .forward
    for case .forward(let index) in schedule.steps {
      try poll()
      current = index
      try program.operations[index].forward(self)
    }
  }

  /// - Parameter seed: writes the gradient of an output.
  func backward(_ seed: (Feature.ID, UnsafeMutablePointer<Float>) -> Void) throws {
    guard !isSpent else { throw TensorError("the gradients of this computation have been taken already") }
    isSpent = true
    for output in program.outputs {
      started.insert(output)
      seed(output, pointer(.gradient(output)))
    }
    for step in schedule.steps {
      switch step {
      case .forward: continue
      case .remake(let index):
        (current, phase) = (index, .remake)
        try program.operations[index].forward(self)
      case .backward(let index):
        try poll()
        (current, phase) = (index, .backward)
        try program.operations[index].backward(self)
      }
    }
  }

  private func pointer(_ buffer: Buffer) -> UnsafeMutablePointer<Float> {
    var home = buffer
    while let next = schedule.homes[home] { home = next }
    guard let offset = schedule.memory.offsets[home] else { preconditionFailure("\(buffer) has no place in the plan") }
    return arena + offset
  }
}
