import Tensors
import Testing

/// Distinct numbers in random order, at least 0.07 apart, so that no finite difference crosses a tie or a kink.
func sample(_ shape: Shape, from lower: Float = -2, to upper: Float = 2, seed: UInt64 = 1) throws -> Tensor {
  let count = try shape.elementCount()
  var stream = RandomStream(seed: seed, name: "sample\(shape)")
  let order = stream.permutation(count)
  return try Tensor(order.map { lower + (upper - lower) * (Float($0) + 0.5) / Float(max(count, 1)) }, shape: shape)
}

/// Compares the derivatives of a function by each of its inputs with central differences.
///
/// The function's result is made one number by fixed weights, so that no output's gradient can hide in another's.
func expectGradient(
  of function: ([Tensor]) throws -> Tensor, at inputs: [Tensor], step: Float = 1e-2, tolerance: Float = 5e-3,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let weights = try sample(function(inputs).shape, from: 0.5, to: 1.5, seed: 2)
  func loss(_ inputs: [Tensor]) throws -> Tensor { try (function(inputs) * weights).sum() }
  /// In double precision: the sum of many outputs would drown the difference.
  func value(_ inputs: [Tensor]) throws -> Double {
    try zip(function(inputs).elements, weights.elements).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }
  let tracked = inputs.map(\.tracked)
  let gradients = try loss(tracked).gradients(by: tracked)
  for (input, gradient) in gradients.enumerated() {
    #expect(gradient.shape == inputs[input].shape, sourceLocation: sourceLocation)
    let numbers = gradient.elements
    let scale = numbers.reduce(1) { max($0, abs($1)) }
    for index in 0..<inputs[input].count {
      let sides = try [step, -step].map { offset in
        var moved = inputs
        try moved[input].mutate { $0[index] += offset }
        return try value(moved)
      }
      let difference = Float((sides[0] - sides[1]) / (2 * Double(step)))
      #expect(
        abs(difference - numbers[index]) <= tolerance * scale, "input \(input), element \(index)",
        sourceLocation: sourceLocation)
    }
  }
}

func expectEqual(
  _ tensor: Tensor, _ expected: [Float], shape: Shape, tolerance: Float = 1e-5,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(tensor.shape == shape, sourceLocation: sourceLocation)
  #expect(tensor.count == expected.count, sourceLocation: sourceLocation)
  for (index, (found, wanted)) in zip(tensor.elements, expected).enumerated() {
    #expect(abs(found - wanted) <= tolerance * max(1, abs(wanted)), "element \(index)", sourceLocation: sourceLocation)
  }
}

/// Expects a mistake whose message contains a text.
func expectMistake(
  _ text: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) {
  let error = #expect(throws: TensorError.self, sourceLocation: sourceLocation) { try body() }
  if let error { #expect(error.message.contains(text), "\(error.message)", sourceLocation: sourceLocation) }
}
