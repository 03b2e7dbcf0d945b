/// In which order a program runs forward and back, what is kept and what is made again, and where everything lies.
struct Schedule: Sendable {
  enum Step: Sendable {
    case forward(Int)
    /// Makes a feature again that was let go on the way forward.
    case remake(Int)
    case backward(Int)
  }

  private(set) var steps: [Step] = []
  private(set) var memory: MemoryPlan
  /// Buffers that live in the place of another one.
  private(set) var homes: [Buffer: Buffer] = [:]
  /// Features that are made again on the way back.
  private(set) var remade: Set<Feature.ID> = []
  /// Features whose gradient is wanted.
  private(set) var differentiated: Set<Feature.ID> = []

  init(_ program: Program, _ extent: Extent) {
    memory = MemoryPlan([:])
    var demands: [Buffer: MemoryPlan.Demand] = [:]
    if extent.isDifferentiated {
      differentiated = Self.differentiated(program, from: extent.firstTrained)
      homes = Self.sharedPlaces(program, differentiated)
      remade = Self.remade(program, homes)
    }
    var now = 0
    let homes = homes
    func use(_ buffer: Buffer, _ count: Int) {
      var home = buffer
      while let next = homes[home] { home = next }
      let known = demands[home]
      demands[home] = MemoryPlan.Demand(
        count: max(count, known?.count ?? 0), first: min(now, known?.first ?? now), last: max(now, known?.last ?? now))
    }
    func useScratch(_ index: Int, _ phase: Buffer.Phase) {
      let storage = program.operations[index].storage(program, extent)
      if storage.scratch > 0 { use(.scratch(operation: index, phase), storage.scratch) }
      let keepsState = storage.state > 0 && (extent.isDifferentiated || phase == .forward)
      if keepsState { use(.state(operation: index), storage.state) }
    }
    func count(_ id: Feature.ID) -> Int { extent.count(program.features[id]) }

    use(.feature(Program.input), count(Program.input))
    for (index, operation) in program.operations.enumerated() {
      steps.append(.forward(index))
      for input in operation.inputs { use(.feature(input), count(input)) }
      use(.feature(operation.output), count(operation.output))
      useScratch(index, .forward)
      now += 1
    }
    for output in program.outputs { use(.feature(output), count(output)) }
    if extent.isDifferentiated {
      var present: Set<Feature.ID> = []
      var started = Set(program.outputs)
      for output in program.outputs { use(.gradient(output), count(output)) }
      for (index, operation) in program.operations.enumerated().reversed()
      where differentiated.contains(operation.output) {
        for read in operation.readBackward where remade.contains(read) && present.insert(read).inserted {
          guard let maker = program.maker(of: read) else { continue }
          steps.append(.remake(maker))
          for input in program.operations[maker].inputs { use(.feature(input), count(input)) }
          use(.remade(read), count(read))
          useScratch(maker, .remake)
          now += 1
        }
        steps.append(.backward(index))
        for read in operation.readBackward { use(remade.contains(read) ? .remade(read) : .feature(read), count(read)) }
        use(.gradient(operation.output), count(operation.output))
        for input in operation.inputs where differentiated.contains(input) {
          if !started.insert(input).inserted { use(.share(input), count(input)) }
          use(.gradient(input), count(input))
        }
        useScratch(index, .backward)
        now += 1
      }
    }
    memory = MemoryPlan(demands)
  }

  /// What the operations from the first with anything to train on make.
  private static func differentiated(_ program: Program, from first: Int) -> Set<Feature.ID> {
    Set(program.operations[first...].map(\.output))
  }

  /// Gradients that take the place of something that is not needed any more.
  private static func sharedPlaces(_ program: Program, _ differentiated: Set<Feature.ID>) -> [Buffer: Buffer] {
    var homes: [Buffer: Buffer] = [:]
    var started = Set(program.outputs)
    for operation in program.operations.reversed() {
      if let input = operation.inputOverwrittenByGradient(program), program.readers[input] == 1,
        differentiated.contains(input), !program.outputs.contains(input), !isReadByItsMaker(input, program)
      {
        homes[.gradient(input)] = .feature(input)
      }
      if let input = operation.inputThatTakesGradient, differentiated.contains(input), !started.contains(input),
        program.features[input].isShared == program.features[operation.output].isShared
      {
        homes[.gradient(input)] = .gradient(operation.output)
      }
      started.formUnion(operation.inputs)
    }
    return homes
  }

  /// Whether the way back of what makes a feature needs its values.
  private static func isReadByItsMaker(_ feature: Feature.ID, _ program: Program) -> Bool {
    guard let maker = program.maker(of: feature) else { return false }
    return program.operations[maker].readBackward.contains(feature)
  }

  /// What costs little to make and much to keep: read by others on the way back, not by its own maker.
  private static func remade(_ program: Program, _ homes: [Buffer: Buffer]) -> Set<Feature.ID> {
    var result: Set<Feature.ID> = []
    for operation in program.operations
    where operation.isCheap && !isReadByItsMaker(operation.output, program)
      && !program.outputs.contains(operation.output)
    {
      let readers = program.operations.filter { $0.inputs.contains(operation.output) }
      let inputsAreKept = operation.inputs.allSatisfy { !result.contains($0) }
      if inputsAreKept, readers.contains(where: { $0.readBackward.contains(operation.output) }) {
        result.insert(operation.output)
      }
    }
    return result
  }
}
