import Networks
import Tensors

// From what was held back to operations: each makes a feature, shared by the branches for as long as they are the same.
extension Fusion {
  /// The feature that a layer makes (-1: the batch), emitted if it was held back.
  mutating func made(_ index: Int) -> Feature.ID {
    guard index >= 0 else { return Program.input }
    let feature =
      switch outcomes[index] {
      case .made(let feature): feature
      case .product(let product): emit(product)
      case .normalized(let normalized): emit(normalized)
      case .flattened(let image): emitFlatten(image, shape: network.nodes[index].shape)
      }
    outcomes[index] = .made(feature)
    return feature
  }

  mutating func emitFlatten(_ image: Feature.ID, shape: Shape) -> Feature.ID {
    guard let feature = Feature(shape: shape, isShared: features[image].isShared) else {
      preconditionFailure("a flattened image is a vector")
    }
    let output = append(feature)
    operations.append(Flatten(input: image, output: output))
    return output
  }

  mutating func emit(_ product: Product) -> Feature.ID {
    guard let feature = Feature(shape: product.node.shape, isShared: features[product.input].isShared) else {
      preconditionFailure("a convolution makes a shape that its input cannot have")
    }
    let output = append(feature)
    operations.append(convolution(product, output: output))
    return output
  }

  func convolution(_ product: Product, output: Feature.ID) -> Convolve {
    Convolve(
      input: product.input, output: output, path: product.node.path, kernelHeight: product.kernel.height,
      kernelWidth: product.kernel.width, stride: product.stride, padding: product.padding, hasBias: product.hasBias)
  }

  /// A normalisation behind a convolution that can be folded into its weights.
  mutating func emitFolded(_ normalized: Normalized) -> Feature.ID? {
    guard isPrediction, case .product(let product) = normalized.source, normalized.residual == nil,
      !normalized.isPooled, FoldedConvolution.folds(normalized.layer.normalization),
      let feature = Feature(shape: normalized.shape, isShared: features[product.input].isShared)
    else { return nil }
    let output = append(feature)
    operations.append(
      FoldedConvolution(
        convolution: convolution(product, output: output), path: normalized.node.path, layer: normalized.layer,
        isRectified: normalized.isRectified))
    return output
  }

  mutating func emit(_ normalized: Normalized) -> Feature.ID {
    if let folded = emitFolded(normalized) { return folded }
    let input =
      switch normalized.source {
      case .made(let feature): feature
      case .product(let product): emit(product)
      }
    var residual = normalized.residual
    var isShared = features[input].isShared && !normalized.layer.differsByBranch
    if let other = residual {
      isShared = isShared && features[other].isShared
      if !isShared { residual = split(other) }
    }
    guard let feature = Feature(shape: normalized.shape, isShared: isShared) else {
      preconditionFailure("a normalisation makes a shape that its input cannot have")
    }
    let output = append(feature)
    operations.append(
      Normalize(
        input: input, residual: residual, output: output, path: normalized.node.path, layer: normalized.layer,
        isRectified: normalized.isRectified, isRectifiedAfterAddition: normalized.isRectifiedAfterAddition,
        isPooled: normalized.isPooled))
    return output
  }

  /// Emits an operation of its own for a layer.
  mutating func emit(
    _ node: Network.Node, _ operation: (_ inputs: [Feature.ID], _ output: Feature.ID) -> any Operation
  ) -> Outcome {
    emit(node, reading: alike(node.inputs.map { made($0) }), operation)
  }

  mutating func emit(
    _ node: Network.Node, reading inputs: [Feature.ID],
    _ operation: (_ inputs: [Feature.ID], _ output: Feature.ID) -> any Operation
  ) -> Outcome {
    let isShared = inputs.allSatisfy { features[$0].isShared }
    guard let feature = Feature(shape: node.shape, isShared: isShared) else {
      preconditionFailure("a layer makes a shape that its inputs cannot have")
    }
    let output = append(feature)
    operations.append(operation(inputs, output))
    return .made(output)
  }

  mutating func append(_ feature: Feature) -> Feature.ID {
    features.append(feature)
    return features.count - 1
  }

  /// Inputs that are held for each branch if one of them is.
  mutating func alike(_ inputs: [Feature.ID]) -> [Feature.ID] {
    guard inputs.contains(where: { !features[$0].isShared }) else { return inputs }
    return inputs.map { split($0) }
  }

  /// A feature held for each branch.
  mutating func split(_ input: Feature.ID) -> Feature.ID {
    guard features[input].isShared else { return input }
    var feature = features[input]
    feature.isShared = false
    feature.rowLength = Feature.paddedLength(feature.channels)
    let output = append(feature)
    operations.append(Split(input: input, output: output))
    return output
  }
}
