import Kernels

extension Tensor {
  /// Two-dimensional convolution (cross-correlation, as everywhere in deep learning) with zero padding.
  ///
  /// - Parameters:
  ///   - weight: [out, in / groups, kernel height, kernel width]; the input is [batch, in, height, width].
  ///   - bias: [out], or none.
  public func convolution(
    weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0, groups: Int = 1
  ) throws -> Tensor {
    let geometry = try convolutionGeometry(weight, stride: stride, padding: padding, groups: groups)
    if let bias, bias.shape != [geometry.outputChannels] {
      throw TensorError("conv: the bias \(bias.shape) does not fit \(geometry.outputChannels) channels")
    }
    let value = try Tensor(shape: geometry.outputShape) { output in
      read { input in
        weight.read { weight in
          if let bias {
            bias.read { Convolution.forward(geometry, input: input, weight: weight, bias: $0, output: output) }
          } else {
            Convolution.forward(geometry, input: input, weight: weight, bias: nil, output: output)
          }
        }
      }
    }
    let inputs = [self, weight] + (bias.map { [$0] } ?? [])
    guard inputs.contains(where: \.isTracked) else { return value }
    let (input, kernel) = (detached, weight.detached)
    let (wantsInput, wantsWeight, wantsBias) = (isTracked, weight.isTracked, bias?.isTracked ?? false)
    return value.recorded(from: inputs) { gradient in
      let toInput = try wantsInput ? input.convolutionInputGradient(geometry, gradient, kernel) : nil
      let toWeight = try wantsWeight ? kernel.convolutionWeightGradient(geometry, input, gradient) : nil
      let toBias = try wantsBias ? gradient.sum(axis: 0).reshaped(to: [geometry.outputChannels, -1]).sum(axis: 1) : nil
      return [toInput, toWeight, toBias]
    }
  }

  private func convolutionInputGradient(
    _ geometry: ConvolutionGeometry, _ gradient: Tensor, _ weight: Tensor
  ) throws -> Tensor {
    try Tensor(shape: shape) { target in
      gradient.read { gradient in
        weight.read {
          Convolution.backwardInput(geometry, outputGradient: gradient, weight: $0, inputGradient: target)
        }
      }
    }
  }

  private func convolutionWeightGradient(
    _ geometry: ConvolutionGeometry, _ input: Tensor, _ gradient: Tensor
  ) throws -> Tensor {
    try Tensor(shape: shape) { target in
      input.read { input in
        gradient.read {
          Convolution.backwardWeight(geometry, input: input, outputGradient: $0, weightGradient: target)
        }
      }
    }
  }

  private func convolutionGeometry(
    _ weight: Tensor, stride: Int, padding: Int, groups: Int
  ) throws -> ConvolutionGeometry {
    guard rank == 4, weight.rank == 4 else {
      throw TensorError(
        "conv: an input [batch, channels, height, width] was expected, not shape \(shape)",
        help: "a single image takes a batch axis: reshape(x, [1, ...])")
    }
    guard (1...Tensor.mostPadding).contains(stride), (0...Tensor.mostPadding).contains(padding), groups > 0 else {
      throw TensorError(
        "conv: stride and groups are at least 1 and padding at least 0, none above \(Tensor.mostPadding), "
          + "not \(stride), \(groups) and \(padding)",
        help: "padding of half the kernel keeps the size at stride 1")
    }
    guard shape[1] % groups == 0, weight.shape[0] % groups == 0, weight.shape[1] == shape[1] / groups else {
      throw TensorError("conv: the weight \(weight.shape) in \(groups) groups does not fit \(shape[1]) input channels")
    }
    let geometry = ConvolutionGeometry(
      batch: shape[0], inputChannels: shape[1], inputHeight: shape[2], inputWidth: shape[3],
      outputChannels: weight.shape[0], kernelHeight: weight.shape[2], kernelWidth: weight.shape[3],
      stride: stride, padding: padding, groups: groups)
    guard shape[2] + 2 * padding >= weight.shape[2], shape[3] + 2 * padding >= weight.shape[3] else {
      throw TensorError(
        "conv: a kernel of \(weight.shape[2]) x \(weight.shape[3]) does not fit into an input of shape \(shape)")
    }
    guard let scratch = Convolution.scratchCount(geometry), Memory.hasRoom(count: scratch) else {
      throw TensorError(
        "conv: there is not enough memory to work on an input of shape \(shape) with a kernel of \(weight.shape)",
        help: "use a smaller batch, image or kernel")
    }
    return geometry
  }
}

extension Tensor {
  /// No padding and no pooling window is larger, so that sums of lengths cannot overflow.
  static let mostPadding = 65_536
}

extension ConvolutionGeometry {
  var outputShape: Shape { [batch, outputChannels, outputHeight, outputWidth] }
}
