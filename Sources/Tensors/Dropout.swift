extension Tensor {
  /// Zeroes each element with probability `rate` and scales the others by 1 / (1 - rate), so that the mean stays.
  public func droppedOut(rate: Float, using stream: RandomStream) throws -> Tensor {
    guard rate >= 0, rate < 1 else {
      throw TensorError("dropout: the rate is a share of at least 0 % and less than 100 %")
    }
    guard rate > 0 else { return self }
    return try self * Tensor.dropoutMask(shape: shape, rate: rate, using: stream)
  }

  /// What dropout multiplies by: 0 with probability `rate`, else 1 / (1 - rate); drawn in row-major order.
  public static func dropoutMask(shape: Shape, rate: Float, using stream: RandomStream) throws -> Tensor {
    let count = try shape.elementCount()
    var stream = stream
    return try Tensor(shape: shape) { target in
      for index in 0..<count { target[index] = stream.uniform() < rate ? 0 : 1 / (1 - rate) }
    }
  }
}
