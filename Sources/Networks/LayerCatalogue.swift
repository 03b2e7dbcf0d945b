/// The kinds of layers that a model file may name. Rooms above add their own.
public struct LayerCatalogue: Sendable {
  private var types: [String: any Layer.Type] = [:]

  public init(_ types: [any Layer.Type]) {
    for type in types { self.types[type.kind] = type }
  }

  /// The layers of this room.
  public static let standard = LayerCatalogue([
    ConvolutionLayer.self, DenseLayer.self, NormalizationLayer.self, ReluLayer.self, LeakyReluLayer.self,
    DropoutLayer.self, MaxPoolLayer.self, AveragePoolLayer.self, GlobalPoolLayer.self, FlattenLayer.self,
    AddLayer.self, ConcatenateLayer.self, Conv1dLayer.self, BranchNormalizationLayer.self, TransformLayer.self,
    FarthestPointsLayer.self, NeighboursLayer.self, LocalMaximumLayer.self,
  ])

  public func adding(_ type: any Layer.Type) -> LayerCatalogue {
    var catalogue = self
    catalogue.types[type.kind] = type
    return catalogue
  }

  func type(of kind: String) throws -> any Layer.Type {
    guard let type = types[kind] else {
      throw NetworkError("the file names a layer of kind '\(kind)', which this version does not know")
    }
    return type
  }
}
