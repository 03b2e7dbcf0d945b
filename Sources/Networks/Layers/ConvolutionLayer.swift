import Tensors

/// `conv(channels, kernel, ...)`: two-dimensional convolution over [channels, height, width].
public struct ConvolutionLayer: WeightedLayer {
  public static let kind = "conv"

  public var channels: Int
  public var kernel: Int
  public var stride: Int
  public var padding: Int
  public var hasBias: Bool
  public var groups: Int
  public var initialization: String

  /// - Parameters:
  ///   - padding: zeros around the input; half the kernel where none is given, which keeps the size at stride 1.
  ///   - initialization: Kaiming normal by fan-out, as the released code has it.
  public init(
    channels: Int, kernel: Int, stride: Int = 1, padding: Int? = nil, hasBias: Bool = false, groups: Int = 1,
    initialization: Initialization = .kaimingFanOut
  ) {
    self.channels = channels
    self.kernel = kernel
    self.stride = stride
    self.padding = padding ?? kernel / 2
    self.hasBias = hasBias
    self.groups = groups
    self.initialization = initialization.rawValue
  }

  public func outputShape(of inputs: [Shape]) throws -> Shape {
    guard inputs.count == 1, inputs[0].count == 3 else {
      throw NetworkError("conv: an image [channels, height, width] was expected, not \(inputs.first ?? [])")
    }
    let input = inputs[0]
    for (name, value) in [("channels", channels), ("kernel", kernel), ("stride", stride), ("groups", groups)] {
      guard (1...65_536).contains(value) else {
        throw NetworkError("conv: \(name) is a whole number from 1 to 65536, not \(value)")
      }
    }
    guard (0...65_536).contains(padding) else {
      throw NetworkError("conv: padding is a whole number from 0 to 65536, not \(padding)")
    }
    guard input[0] % groups == 0, channels % groups == 0 else {
      throw NetworkError("conv: \(input[0]) input and \(channels) output channels do not divide into \(groups) groups")
    }
    let sizes = input[1...].map { ($0 + 2 * padding - kernel) / stride + 1 }
    guard input[1...].allSatisfy({ $0 + 2 * padding >= kernel }) else {
      throw NetworkError(
        "conv: a kernel of \(kernel) does not fit into \(input) with padding \(padding)",
        help: "use a smaller kernel, or more padding")
    }
    return [channels] + sizes
  }

  public func parameters(for inputs: [Shape]) -> [ParameterDeclaration] {
    let shape = [channels, inputs[0][0] / groups, kernel, kernel]
    let start = Initialization(rawValue: initialization) ?? .kaimingFanOut
    let weight = ParameterDeclaration("weight", shape, start)
    let fanIn = shape.dropFirst().reduce(1, *)
    return hasBias ? [weight, ParameterDeclaration("bias", [channels], .uniformFanIn, fanIn: fanIn)] : [weight]
  }

  public func forward(_ inputs: [Tensor], _ pass: LayerPass) throws -> Tensor {
    try inputs[0].convolution(
      weight: pass.parameter("weight"), bias: hasBias ? pass.parameter("bias") : nil, stride: stride,
      padding: padding, groups: groups)
  }

  public var takesPassports: Bool { groups == 1 }

  /// S[c, a, b] = mean over output positions (i, j) of padded p[c, i·stride + a, j·stride + b].
  public func meanPatch(of passport: Tensor) throws -> Tensor {
    guard groups == 1 else {
      throw NetworkError("a passport needs a convolution over all channels, and this one has \(groups) groups")
    }
    // Separable: with A[a, y] the share of output rows at which kernel row a meets input row y, and B for columns,
    // S[c] = A p[c] Bᵀ. Two matrix products, through which a derivative by the passport flows (ambiguity attacks).
    let (channels, height, width) = (passport.shape[1], passport.shape[2], passport.shape[3])
    let byColumn = try Tensor.matrixProduct(passport.reshaped(to: [channels * height, width]), meetings(over: width))
      .reshaped(to: [channels, height, kernel]).transposed([0, 2, 1])
    return try Tensor.matrixProduct(byColumn.reshaped(to: [channels * kernel, height]), meetings(over: height))
      .reshaped(to: [channels, kernel, kernel]).transposed([0, 2, 1]).reshaped(to: [-1])
  }

  public func meetings(over positions: Shape) throws -> [Tensor] { try positions.map { try meetings(over: $0) } }

  /// [length, kernel]: the share of output positions along an axis at which each input position meets each weight.
  private func meetings(over length: Int) throws -> Tensor {
    let outputs = (length + 2 * padding - kernel) / stride + 1
    var shares = try Tensor(repeating: 0, shape: [length, kernel])
    try shares.mutate { shares in
      for output in 0..<outputs {
        for weight in 0..<kernel where (0..<length).contains(output * stride + weight - padding) {
          shares[(output * stride + weight - padding) * kernel + weight] = 1 / Float(outputs)
        }
      }
    }
    return shares
  }

  public func multiplyAdds(for inputs: [Shape], output: Shape) -> Int {
    inputs[0][0] / groups * kernel * kernel * output.reduce(1, *)
  }
}
