import Language
import Tensors

/// Natives that make tensors and change their arrangement.
let tensorNatives: [Native] = [
  Native(
    "tensor", area: "tensors", [.init("values", "list", "numbers, or lists of lists of them, all rows equally long")],
    summary: "A tensor from lists; `[1, 2; 3, 4]` writes a matrix.", example: "tensor([[1, 2], [3, 4]])"
  ) { call in
    guard let tensor = try TensorObject.tensor(from: call.value("values")) else {
      throw call.mismatch("values", expected: "numbers or lists of numbers")
    }
    return .object(TensorObject(tensor))
  },
  filled("zeros", "A tensor of zeros.", example: "zeros([2, 3])") { shape, _ in try Tensor(repeating: 0, shape: shape)
  },
  filled("ones", "A tensor of ones.", example: "ones([2, 3])") { shape, _ in try Tensor(repeating: 1, shape: shape) },
  Native(
    "normal", area: "tensors",
    [
      .init("shape", "list", "lengths of the axes"), .init("mean", "number", default: "0", "their mean"),
      .init("deviation", "number", default: "1", "their standard deviation"),
      .init("seed", "number", default: "none", "of the draws"),
    ],
    summary: "Normally distributed random numbers.", example: "shape(normal([2, 3], seed: 1))"
  ) { call in
    let (mean, deviation) = (
      Float(try call.number("mean", default: 0)), Float(try call.number("deviation", default: 1))
    )
    return try random(call) { $0.fillNormal($1, mean: mean, deviation: deviation) }
  },
  Native(
    "uniform", area: "tensors",
    [
      .init("shape", "list", "lengths of the axes"), .init("from", "number", default: "0", "lower bound"),
      .init("to", "number", default: "1", "upper bound"), .init("seed", "number", default: "none", "of the draws"),
    ],
    summary: "Uniformly distributed random numbers.", example: "shape(uniform([2, 3], from: -1, seed: 1))"
  ) { call in
    let (from, to) = (Float(try call.number("from", default: 0)), Float(try call.number("to", default: 1)))
    return try random(call) { $0.fillUniform($1, from: from, to: to) }
  },
  Native(
    "shape", area: "tensors", [.init("x", "tensor, stage or split", "what to measure")],
    summary: "The lengths of a tensor's axes; of a stage, those of one sample.", example: "shape(zeros([2, 3]))"
  ) { call in
    if case .object(let object) = call.value("x") {
      if let shape = try object.field("shape") { return shape }
      if let split = object as? any SplitObject {
        return try .list(([split.sampleCount] + split.samples.sampleShape).map(Value.integer))
      }
    }
    guard let tensor = try TensorObject.tensor(from: call.value("x")) else {
      throw call.mismatch("x", expected: "a tensor, a stage or a split")
    }
    return try .list(tensor.shape.map(Value.integer))
  },
  Native(
    "reshape", area: "tensors",
    [.init("x", "tensor", "what to rearrange"), .init("shape", "list", "its new lengths; one may be -1")],
    summary: "The same numbers in another shape.", example: "reshape(range(6), [2, 3])"
  ) { call in
    .object(TensorObject(try call.tensor("x").reshaped(to: call.integers("shape"))))
  },
  Native(
    "transpose", area: "tensors",
    [
      .init("x", "tensor", "what to rearrange"),
      .init("axes", "list", default: "none", "the order of the axes; reversed if none"),
    ],
    summary: "The axes in another order.", example: "transpose([1, 2; 3, 4])"
  ) { call in
    .object(TensorObject(try call.tensor("x").transposed(call.isGiven("axes") ? call.integers("axes") : nil)))
  },
  Native(
    "argmax", area: "tensors",
    [
      .init("x", "tensor", "where to look"),
      .init("axis", "number", default: "none", "along which axis; all elements if none"),
    ],
    summary: "The position of the largest number.", example: "argmax(tensor([3, 9, 4]))"
  ) { call in
    TensorObject.value(try call.tensor("x").argmax(axis: call.isGiven("axis") ? call.integer("axis") : nil))
  },
  Native(
    "softmax", area: "tensors", [.init("x", "tensor", "logits")],
    summary: "Probabilities along the last axis.", example: "softmax(tensor([1, 1]))"
  ) { call in
    .object(TensorObject(try call.tensor("x").softmax()))
  },
  Native(
    "cross_entropy", area: "tensors",
    [.init("logits", "tensor", "[samples, classes]"), .init("labels", "list", "one class per sample")],
    summary: "The mean cross-entropy of logits against labels.", example: "cross_entropy([2, 0; 0, 2], [0, 1])"
  ) { call in
    let labels = try call.integers("labels").map { Int32(clamping: $0) }
    return TensorObject.value(try call.tensor("logits").crossEntropy(labels: labels))
  },
  Native(
    "grad", area: "tensors",
    [
      .init("f", "function", "of one tensor, giving one number"),
      .init("x", "tensor or number", "where to differentiate"),
    ],
    summary: "The derivative of a function by its argument, by reverse-mode differentiation.",
    example: "grad(x -> sum(x * x), tensor([1, 2, 3]))"
  ) { call in
    let variable = try call.tensor("x")
    guard !variable.isTracked else { throw call.fail("a derivative cannot be differentiated again", argument: "x") }
    let tracked = variable.tracked
    let result = try call.session.call(call.callable("f"), [.object(TensorObject(tracked))])
    guard let value = try TensorObject.tensor(from: result) else {
      throw call.fail("the function gave \(result.kindName), not a number", argument: "f")
    }
    return TensorObject.value(try value.gradients(by: [tracked])[0])
  },
]

/// A tensor of the shape that the call asks for, filled from the stream of its seed and of the native's name.
private func random(
  _ call: NativeCall, fill: (inout RandomStream, UnsafeMutableBufferPointer<Float>) -> Void
) throws -> Value {
  var stream = RandomStream(seed: try call.randomSeed(), name: call.native.name)
  let shape = try call.shape("shape")
  let count = try shape.elementCount()
  return .object(
    TensorObject(try Tensor(shape: shape) { fill(&stream, UnsafeMutableBufferPointer(start: $0, count: count)) }))
}

private func filled(
  _ name: String, _ summary: String, example: String, _ make: @escaping @Sendable (Shape, NativeCall) throws -> Tensor
) -> Native {
  Native(name, area: "tensors", [.init("shape", "list", "lengths of the axes")], summary: summary, example: example) {
    call in
    .object(TensorObject(try make(call.shape("shape"), call)))
  }
}

extension NativeCall {
  /// A tensor, or numbers that make one.
  func tensor(_ label: String) throws -> Tensor {
    guard let tensor = try TensorObject.tensor(from: value(label)) else { throw mismatch(label, expected: "a tensor") }
    return tensor
  }

  /// Lengths of axes; a single number is one axis.
  func shape(_ label: String) throws -> Shape {
    if case .number = value(label) { return [try integer(label, in: 0...)] }
    return try integers(label)
  }
}
