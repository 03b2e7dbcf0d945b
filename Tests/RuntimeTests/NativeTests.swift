import Language
import Testing

@testable import Runtime

@Suite struct NativeTests {
  @Test(arguments: NativeTable.standard.names)
  func theExampleRuns(_ name: String) throws {
    let native = try #require(NativeTable.standard[name])
    let run = Run(native.example)
    #expect(run.outcome == .done, "\(run.errors)")
    // An example that needs a file of the reader's own declares a function around the call.
    #expect(!run.lines.isEmpty || native.example.hasPrefix("fn "))
    #expect(native.summary.hasSuffix("."))
    #expect(native.example.contains(name))
  }

  @Test func requiredParametersComeBeforeOptionalOnes() {
    for native in NativeTable.standard.natives {
      let firstOptional = native.parameters.firstIndex { $0.defaultText != nil } ?? native.parameters.count
      #expect(native.parameters[firstOptional...].allSatisfy { $0.defaultText != nil }, "\(native.name)")
    }
  }

  @Test func seedsDependOnNameAndCallOnly() throws {
    let session = Session(options: SessionOptions(), output: Recorder())
    let first = session.nextSeed(for: "normal")
    #expect(session.nextSeed(for: "normal") != first)
    session.reset()
    _ = session.nextSeed(for: "shuffle")
    #expect(session.nextSeed(for: "normal") == first)
    #expect(StableHash.fowlerNollVo("a") == 0xAF63_DC4C_8601_EC8C)
    #expect(StableHash.splitMix(0) == 0xE220_A839_7B1D_CDAF)
  }

  @Test func objectsAnswerInTheirOwnWay() {
    let recorder = Recorder()
    var options = SessionOptions()
    options.echo = .all
    let session = Session(options: options, output: recorder)
    session["v"] = .object(Vector(numbers: [1, 2, 3]))
    #expect(
      session.run(Source(name: "t", text: "v + 1\n1 - v\nv.size\nv[0]\nmean(v)\nv(5)\nlen(v)\n[x for x in v]")) == .done
    )
    #expect(
      recorder.lines == ["<2 3 4>", "<0 -1 -2>", "3", "1", "\"own mean\"", "\"called with 5\"", "3", "[1, 2, 3]"])
  }

  @Test func modelsAreComposedThroughTheSeam() {
    let script = """
      fn residual(x, width) { x |> step(width) |> step(width) }
      ## A small one.
      model tiny(width, deep = true) on [3, 8] {
        step(width) |> step(2)
        residual(width)
        if deep { step(99) }
        before = _
        for i in 1..2 { step(i) }
      }
      tiny(5)
      tiny(5, deep: false)
      ?tiny
      """
    let run = Run(script) {
      $0.composition = Chain.Composition()
      $0.natives = NativeTable([NativeTable.standard.natives, [Chain.step]])
    }
    #expect(run.errors == "")
    #expect(
      run.lines == [
        "tiny: [3, 8] 5 2 5 5 99 1 2", "tiny: [3, 8] 5 2 5 5 1 2", "model tiny(width, deep: …)\n  A small one.",
      ])
  }
}

/// A stand-in for a tensor.
private struct Vector: ObjectValue {
  var numbers: [Double]
  var kindName: String { "a vector" }
  func describe() -> String { "<" + numbers.map { Value.number($0).describe() }.joined(separator: " ") + ">" }
  var fieldNames: [String] { ["size"] }
  func field(_ name: String) throws -> Value? { name == "size" ? .integer(numbers.count) : nil }
  func elements() throws -> [Value]? { numbers.map { .number($0) } }
  var count: Int? { numbers.count }
  func element(at indices: [IndexValue]) throws -> Value? {
    try Value.list(numbers.map { .number($0) }).element(at: indices)
  }
  func binary(_ operation: BinaryOperator, _ other: Value, isReversed: Bool) throws -> Value? {
    guard case .number(let number, _) = other else { return nil }
    return .object(
      Vector(
        numbers: numbers.map {
          Value.arithmetic(operation, isReversed ? number : $0, isReversed ? $0 : number) ?? 0
        }))
  }
  func call(_ arguments: Arguments, in session: Session) throws -> Value? {
    .text("called with \(arguments.positional.map(\.display).joined())")
  }
  func apply(_ native: String, _ call: NativeCall) throws -> Value? { native == "mean" ? .text("own mean") : nil }
}

/// A stand-in for stages and models.
private struct Chain: ObjectValue {
  var text: String
  var kindName: String { "a chain" }
  func describe() -> String { text }

  static let step = Native(
    "step", area: "test", [.init("x", "chain", "the chain"), .init("width", "number", "a number")],
    summary: "Adds a step.", example: "step"
  ) { call in
    let chain = try call.object("x", as: Chain.self, called: "a chain")
    return .object(Chain(text: chain.text + " \(try call.integer("width"))"))
  }

  struct Composition: ModelComposition {
    func inputStage(_ shape: Value) throws -> Value { .object(Chain(text: shape.describe())) }
    func finish(_ stage: Value, name: String, seed: UInt64) throws -> Value {
      .object(Chain(text: "\(name): \(stage.describe())"))
    }
  }
}
