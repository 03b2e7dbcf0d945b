import Tensors

/// `maxpool(kernel)`: the largest value of each window.
public struct MaxPoolLayer: Layer {
  public static let kind = "maxpool"

  public var window: PoolingWindow

  public init(_ window: PoolingWindow) { self.window = window }

  public func outputShape(of inputs: [Shape]) throws -> Shape { try window.outputShape(of: inputs, kind: Self.kind) }

  public func forward(_ inputs: [Tensor], _ pass: LayerPass) throws -> Tensor {
    try inputs[0].maxPooled(kernel: window.kernel, stride: window.stride, padding: window.padding)
  }
}

/// `avgpool(kernel)`: the mean of each window.
public struct AveragePoolLayer: Layer {
  public static let kind = "avgpool"

  public var window: PoolingWindow

  public init(_ window: PoolingWindow) { self.window = window }

  public func outputShape(of inputs: [Shape]) throws -> Shape { try window.outputShape(of: inputs, kind: Self.kind) }

  public func forward(_ inputs: [Tensor], _ pass: LayerPass) throws -> Tensor {
    try inputs[0].averagePooled(kernel: window.kernel, stride: window.stride, padding: window.padding)
  }
}

/// The window that a pooling layer moves over an image; its stride is its size unless given.
public struct PoolingWindow: Sendable, Codable {
  public var kernel: Int
  public var stride: Int
  public var padding: Int

  public init(kernel: Int, stride: Int? = nil, padding: Int = 0) {
    self.kernel = kernel
    self.stride = stride ?? kernel
    self.padding = padding
  }

  func outputShape(of inputs: [Shape], kind: String) throws -> Shape {
    let input = try inputs.only(for: kind)
    guard input.count == 3 else {
      throw NetworkError("\(kind): an image [channels, height, width] was expected, not \(input)")
    }
    guard (1...65_536).contains(kernel), (1...65_536).contains(stride), (0...(kernel / 2)).contains(padding) else {
      throw NetworkError("\(kind): window and stride are from 1 to 65536, and padding is at most half the window")
    }
    guard input[1...].allSatisfy({ $0 + 2 * padding >= kernel }) else {
      throw NetworkError("\(kind): a window of \(kernel) does not fit into \(input)")
    }
    return [input[0]] + input[1...].map { ($0 + 2 * padding - kernel) / stride + 1 }
  }
}

/// `globalmax` and `globalavg`: one value per channel, over all positions.
public struct GlobalPoolLayer: Layer {
  public static let kind = "globalpool"

  public var takesMaximum: Bool

  public init(takesMaximum: Bool) { self.takesMaximum = takesMaximum }

  public func outputShape(of inputs: [Shape]) throws -> Shape {
    let input = try inputs.only(for: Self.kind)
    guard input.count >= 2 else {
      throw NetworkError("global pooling: channels with positions were expected, not \(input)")
    }
    return [input[0]]
  }

  public func forward(_ inputs: [Tensor], _ pass: LayerPass) throws -> Tensor {
    let flat = try inputs[0].reshaped(to: [inputs[0].shape[0], inputs[0].shape[1], -1])
    return try takesMaximum ? flat.maximum(axis: 2) : flat.mean(axis: 2)
  }
}
