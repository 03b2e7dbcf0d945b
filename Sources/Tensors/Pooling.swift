import Kernels

extension Tensor {
  /// The largest value of each window of `kernel` x `kernel`; x is [batch, channels, height, width].
  public func maxPooled(kernel: Int, stride: Int? = nil, padding: Int = 0) throws -> Tensor {
    let geometry = try poolingGeometry("maxpool", kernel, stride ?? kernel, padding)
    var indices = [Int32](repeating: 0, count: try geometry.outputShape.elementCount())
    let value = try Tensor(shape: geometry.outputShape) { output in
      read { input in
        indices.withUnsafeMutableBufferPointer { indices in
          guard let indices = indices.baseAddress else { return }
          Pooling.maximumForward(geometry, input: input, output: output, indices: indices)
        }
      }
    }
    let (full, winners) = (shape, indices)
    return value.recorded(from: [self]) { gradient in
      [
        try Tensor(shape: full) { target in
          gradient.read { gradient in
            winners.withUnsafeBufferPointer { winners in
              guard let winners = winners.baseAddress else { return }
              Pooling.maximumBackward(geometry, outputGradient: gradient, indices: winners, inputGradient: target)
            }
          }
        }
      ]
    }
  }

  /// The mean of each window of `kernel` x `kernel`; padding counts as zeros.
  public func averagePooled(kernel: Int, stride: Int? = nil, padding: Int = 0) throws -> Tensor {
    let geometry = try poolingGeometry("avgpool", kernel, stride ?? kernel, padding)
    let value = try Tensor(shape: geometry.outputShape) { output in
      read { Pooling.averageForward(geometry, input: $0, output: output) }
    }
    let full = shape
    return value.recorded(from: [self]) { gradient in
      [
        try Tensor(shape: full) { target in
          gradient.read { Pooling.averageBackward(geometry, outputGradient: $0, inputGradient: target) }
        }
      ]
    }
  }

  private func poolingGeometry(_ name: String, _ kernel: Int, _ stride: Int, _ padding: Int) throws -> PoolingGeometry {
    guard rank == 4 else {
      throw TensorError("\(name): an input [batch, channels, height, width] was expected, not shape \(shape)")
    }
    guard (1...Tensor.mostPadding).contains(kernel), (1...Tensor.mostPadding).contains(stride),
      (0...kernel / 2).contains(padding)
    else {
      throw TensorError("\(name): kernel and stride are at least 1, and padding at most half the kernel")
    }
    guard shape[2] + 2 * padding >= kernel, shape[3] + 2 * padding >= kernel else {
      throw TensorError("\(name): a window of \(kernel) does not fit into an input of shape \(shape)")
    }
    return PoolingGeometry(
      batch: shape[0], channels: shape[1], inputHeight: shape[2], inputWidth: shape[3], kernel: kernel,
      stride: stride, padding: padding)
  }
}

extension PoolingGeometry {
  var outputShape: Shape { [batch, channels, outputHeight, outputWidth] }
}
