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
        throw NetworkError("conv: \(name) is a whole number of at least 1, not \(value)")
      }
    }
    guard (0...65_536).contains(padding) else {
      throw NetworkError("conv: padding is a whole number of at least 0, not \(padding)")
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

  /// S[c, a, b] = mean over output positions (i, j) of padded p[c, i·stride + a, j·stride + b].
  public func meanPatch(of passport: Tensor) throws -> Tensor {
    guard groups == 1 else {
      throw NetworkError("a passport needs a convolution over all channels, and this one has \(groups) groups")
    }
    // The mean patch is the gradient of the mean output of one channel by its weights: let the engine work it out.
    let weight = try Tensor(repeating: 0, shape: [1, passport.shape[1], kernel, kernel]).tracked
    let mean = try passport.convolution(weight: weight, stride: stride, padding: padding).mean()
    return try mean.gradients(by: [weight])[0].reshaped(to: [-1])
  }

  public func multiplyAdds(for inputs: [Shape], output: Shape) -> Int {
    inputs[0][0] / groups * kernel * kernel * output.reduce(1, *)
  }
}
