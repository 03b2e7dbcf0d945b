import Tensors

/// A step of a network: it knows the shape that it makes, the parameters that it owns, and how it computes.
///
/// Layers are values without state; parameters and running statistics live in the `Network`, under the path of the
/// layer. Shapes here leave the batch axis out. What a layer encodes is what the model file keeps of it, and nothing
/// that a file says is trusted: `outputShape` checks the options as well as the shapes.
public protocol Layer: Sendable, Codable {
  /// The layer's name in the language and in model files: `conv`, `norm`, ...
  static var kind: String { get }

  /// What a layer's default path starts with, before the running number.
  static var pathStem: String { get }

  /// The shape of the output, or an error that says which shapes do not fit.
  func outputShape(of inputs: [Shape]) throws -> Shape

  /// The trained tensors, named relative to the layer's path.
  func parameters(for inputs: [Shape]) -> [ParameterDeclaration]

  /// The tensors that a pass updates without a gradient (running statistics), named relative to the layer's path.
  func buffers(for inputs: [Shape]) -> [ParameterDeclaration]

  /// Computes the output for a batch.
  func forward(_ inputs: [Tensor], _ pass: LayerPass) throws -> Tensor

  /// What it computes, for whoever fuses layers.
  var form: LayerForm { get }

  /// Multiply-adds for one sample.
  func multiplyAdds(for inputs: [Shape], output: Shape) -> Int
}

extension Layer {
  public func parameters(for inputs: [Shape]) -> [ParameterDeclaration] { [] }
  public func buffers(for inputs: [Shape]) -> [ParameterDeclaration] { [] }
  public func multiplyAdds(for inputs: [Shape], output: Shape) -> Int { 0 }
  public var kind: String { Self.kind }
  public static var pathStem: String { kind }
}

/// A tensor that a layer owns, and how it starts.
public struct ParameterDeclaration: Sendable {
  public var name: String
  public var shape: Shape
  public var initialization: Initialization
  /// Inputs of one output, where the shape does not say it (biases).
  public var fanIn: Int?

  public init(_ name: String, _ shape: Shape, _ initialization: Initialization, fanIn: Int? = nil) {
    self.name = name
    self.shape = shape
    self.initialization = initialization
    self.fanIn = fanIn
  }
}

/// A layer whose weights meet its input linearly, so that a passport can pass through them: convolution and dense.
public protocol WeightedLayer: Layer {
  /// The mean patch S of a passport of the layer's input shape: GAP(conv(p; W)) = W · S, one product per output channel
  /// (method: the passport's scale and shift are linear in the weights).
  ///
  /// - Parameter passport: [1, input shape...]; the result has as many elements as one output channel has weights.
  func meanPatch(of passport: Tensor) throws -> Tensor

  /// How the positions of an input meet the weights: for each axis of positions [length, kernel], the share of output
  /// positions at which an input position meets a weight. A channel's mean patch is that channel times all of them.
  func meetings(over positions: Shape) throws -> [Tensor]

  /// Whether the layer adds a bias to W · S.
  var hasBias: Bool { get }

  /// Whether a passport can go through the weights; not where each output sees some of the channels only.
  var takesPassports: Bool { get }
}

extension WeightedLayer {
  public var takesPassports: Bool { true }
}
