import Tensors
import Testing

@testable import Training

struct SamplesTests {
  /// Samples of any shape, such as clouds of 5 points.
  @Test(arguments: [[4, 6], [4, 5, 3], [4, 3, 2, 2]]) func aTensorGivesItsRows(shape: [Int]) throws {
    let tensor = try Tensor((0..<shape.reduce(1, *)).map(Float.init), shape: Shape(shape))
    let samples = try TensorSamples(tensor, labels: [0, 1, 2, 3])
    let positions = [3, 0, 3]
    let batch = try samples.batch(positions, draws: nil)
    let expected = try tensor.gathered(axis: 0, positions: positions)
    #expect(batch.shape == expected.shape)
    #expect(batch.elements == expected.elements)
    #expect(samples.batchLabels(positions) == [3, 0, 3])
  }

  @Test(arguments: [-1, 4, .max]) func aPositionBeyondTheSamplesIsAnError(position: Int) throws {
    let samples = try TensorSamples(Tensor(repeating: 0, shape: [4, 2]), labels: [0, 1, 2, 3])
    let error = #expect(throws: TensorError.self) { try samples.batch([0, position], draws: nil) }
    #expect(error?.message == "there is no sample \(position) among 4")
  }

  @Test func labelsMustFit() throws {
    #expect(throws: TensorError.self) { _ = try TensorSamples(Tensor(repeating: 0, shape: [4, 2]), labels: [0, 1]) }
    #expect(throws: TensorError.self) { _ = try TensorSamples(Tensor(repeating: 0, shape: [2]), labels: [0, 1]) }
  }
}
