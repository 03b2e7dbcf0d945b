import Language
import Networks
import Tensors

/// A place in a model that is being composed.
struct StageObject: ObjectValue {
  let stage: Stage

  init(_ stage: Stage) { self.stage = stage }

  var kindName: String { "a stage" }
  var fieldNames: [String] { ["shape"] }

  func describe() -> String { "stage \(stage.shape)" + (stage.path.map { " after \($0)" } ?? "") }

  func field(_ name: String) throws -> Value? {
    name == "shape" ? try .list(stage.shape.map(Value.integer)) : nil
  }

  /// `a + b` joins two stages like `add`.
  func binary(_ operation: BinaryOperator, _ other: Value, isReversed: Bool) throws -> Value? {
    guard operation == .add, case .object(let object) = other, let other = object as? StageObject else { return nil }
    return .object(StageObject(try stage.appending(AddLayer(), others: [other.stage])))
  }
}

/// What a `model` declaration needs of the engine.
struct EngineComposition: ModelComposition {
  func inputStage(_ shape: Value) throws -> Value {
    let lengths = try shape.elements().map { length -> Int in
      guard case .number(let number, _) = length, let whole = Int(exactly: number) else {
        throw Failure("an input shape holds whole numbers, not \(length.display)", help: "write on [3, 32, 32]")
      }
      return whole
    }
    return .object(StageObject(try Stage.input(lengths)))
  }

  /// Weights start from the seed and the layer's path, so that twins start alike.
  func finish(_ stage: Value, name: String, seed: UInt64) throws -> Value {
    guard case .object(let object) = stage, let last = object as? StageObject else {
      throw Failure(
        "model \(name) ends in \(stage.kindName), not in a layer",
        help: "its last line must be a layer such as dense(10)")
    }
    return .object(ModelObject(try last.stage.network(named: name, seed: seed)))
  }

  func matrix(_ rows: [[Value]]) throws -> Value? {
    try TensorObject.tensor(from: .list(rows.map { try .list($0) })).map { .object(TensorObject($0)) }
  }
}
