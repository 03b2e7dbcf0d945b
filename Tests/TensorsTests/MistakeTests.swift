import Tensors
import Testing

/// What a user reads after a wrong shape.
struct MistakeTests {
  private let matrix: Tensor
  private let image: Tensor

  init() throws {
    matrix = try sample([2, 3])
    image = try sample([1, 4, 4, 4])
  }

  @Test func arithmeticNamesBothShapes() throws {
    let other = try sample([2])
    expectMistake("+: shapes [2, 3] and [2] do not match") { _ = try matrix + other }
    expectMistake("max: shapes [2, 3] and [2] do not match") { _ = try Tensor.maximum(matrix, other) }
    expectMistake("@: shapes [2, 3] and [2] do not match") { _ = try Tensor.matrixProduct(matrix, other) }
    expectMistake("@: two matrices or vectors were expected") { _ = try Tensor.matrixProduct(matrix, image) }
  }

  @Test func axesAndPositions() {
    expectMistake("sum: a tensor of shape [2, 3] has no axis 2") { _ = try matrix.sum(axis: 2) }
    expectMistake("max: a tensor of shape [2, 3] has no axis -3") { _ = try matrix.maximum(axis: -3) }
    expectMistake("index 3 is outside axis 1 of shape [2, 3]") {
      _ = try matrix.gathered(axis: 1, positions: [0, 3])
    }
    expectMistake("index 2..<4 is outside axis 1") { _ = try matrix.sliced(axis: 1, from: 2, count: 2) }
    expectMistake("is outside axis 1") { _ = try matrix.sliced(axis: 1, from: .max, count: 2) }
    expectMistake("needs each of its 2 axes once, not [0, 0]") { _ = try matrix.transposed([0, 0]) }
  }

  @Test func arrangements() throws {
    let row = try sample([1, 2])
    expectMistake("6 elements of shape [2, 3] do not divide into [4, -1]") { _ = try matrix.reshaped(to: [4, -1]) }
    expectMistake("has 6 elements, and [4] takes 4") { _ = try matrix.reshaped(to: [4]) }
    expectMistake("no negative lengths") { _ = try matrix.reshaped(to: [-1, -1]) }
    expectMistake("there is nothing to join") { _ = try Tensor.concatenated([], axis: 0) }
    expectMistake("differ beside axis 0") { _ = try Tensor.concatenated([matrix, row], axis: 0) }
  }

  @Test func convolutionsAndPooling() throws {
    let weight = try sample([2, 3, 3, 3])
    let wide = try sample([2, 4, 5, 5])
    expectMistake("conv: an input [batch, channels, height, width]") { _ = try matrix.convolution(weight: weight) }
    expectMistake("does not fit 4 input channels") { _ = try image.convolution(weight: weight) }
    expectMistake("conv: a kernel of 5 x 5 does not fit") { _ = try image.convolution(weight: wide) }
    expectMistake("stride and groups are at least 1") { _ = try image.convolution(weight: wide, stride: 0) }
    expectMistake("conv: the bias [2, 3]") { _ = try image.convolution(weight: wide, bias: matrix, padding: 1) }
    expectMistake("conv: ") { _ = try image.convolution(weight: wide, padding: .max) }
    expectMistake("maxpool: a window of 5 does not fit") { _ = try image.maxPooled(kernel: 5) }
    expectMistake("padding at most half the kernel") { _ = try image.averagePooled(kernel: 2, padding: 2) }
  }

  @Test func classificationAndNormalization() throws {
    let scale = try sample([2])
    expectMistake("label 3 does not fit a network of 3 classes") { _ = try matrix.crossEntropy(labels: [0, 3]) }
    expectMistake("logits [2, 3] do not fit 1 labels") { _ = try matrix.crossEntropy(labels: [0]) }
    expectMistake("do not fit 3 channels") { _ = try matrix.batchNormalized(scale: scale, shift: scale, epsilon: 1) }
    expectMistake("one value per channel cannot be normalised over the batch") {
      _ = try sample([1, 2]).batchNormalized(scale: scale, shift: scale, epsilon: 1e-5)
    }
    expectMistake("2 channels do not divide into 3 groups") {
      _ = try sample([1, 2]).groupNormalized(groups: 3, scale: scale, shift: scale, epsilon: 1e-5)
    }
    expectMistake("dropout: the rate") {
      _ = try matrix.droppedOut(rate: 1, using: RandomStream(seed: 1, name: "dropout"))
    }
  }

  @Test func absurdShapes() {
    expectMistake("not enough memory for a tensor of shape [1000000, 1000000, 1000]") {
      _ = try Tensor(repeating: 0, shape: [1_000_000, 1_000_000, 1000])
    }
    expectMistake("more elements than can be counted") { _ = try Tensor(repeating: 0, shape: [.max, 2]) }
    expectMistake("more elements than can be counted") { _ = try Tensor(repeating: 0, shape: [.max, .max, 0]) }
    expectMistake("not enough memory") { _ = try Tensor(repeating: 0, shape: [.max]) }
    expectMistake("no negative lengths") { _ = try Tensor(repeating: 0, shape: [-1]) }
    expectMistake("2 numbers do not fill the shape [3]") { _ = try Tensor([1, 2], shape: [3]) }
    expectMistake("a single number was expected") { _ = try matrix.scalar() }
  }
}
