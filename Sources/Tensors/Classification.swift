import Kernels

extension Tensor {
  /// Probabilities along the last axis.
  public func softmax() throws -> Tensor {
    guard let classes = shape.last, classes > 0 else {
      throw TensorError("softmax: at least one class is needed, and the shape is \(shape)")
    }
    let value = try Tensor(shape: shape) { target in
      read { SoftmaxCrossEntropy.softmax(rows: count / classes, classes: classes, $0, into: target) }
    }
    return value.recorded(from: [self]) { gradient in
      let weighted = try gradient * value
      return [try weighted - value * weighted.sum(axis: -1, keepingAxis: true)]
    }
  }

  /// The mean cross-entropy of logits [rows, classes] against one label a row.
  public func crossEntropy(labels: [Int32]) throws -> Tensor {
    guard rank == 2, shape[0] == labels.count, shape[0] > 0 else {
      throw TensorError("cross-entropy: logits \(shape) do not fit \(labels.count) labels")
    }
    let (rows, classes) = (shape[0], shape[1])
    if let wrong = labels.first(where: { !(0..<Int32(classes)).contains($0) }) {
      throw TensorError(
        "label \(wrong) does not fit a network of \(classes) classes",
        help: "labels count from 0; give the last dense layer as many outputs as there are classes")
    }
    var losses = [Float](repeating: 0, count: rows)
    let probabilities = try Tensor(shape: shape) { target in
      read { logits in
        labels.withUnsafeBufferPointer { labels in
          losses.withUnsafeMutableBufferPointer { losses in
            guard let labels = labels.baseAddress, let losses = losses.baseAddress else { return }
            SoftmaxCrossEntropy.forward(
              rows: rows, classes: classes, logits: logits, labels: labels, probabilities: target, losses: losses)
          }
        }
      }
    }
    let mean = losses.reduce(0.0) { $0 + Double($1) } / Double(rows)
    return try Tensor(Float(mean)).recorded(from: [self]) { gradient in
      // d mean / d logit = (probability - [label]) / rows
      var toLogits = probabilities
      try toLogits.mutate { target in
        for (row, label) in labels.enumerated() { target[row * classes + Int(label)] -= 1 }
      }
      return [try toLogits * Tensor(gradient.scalar() / Float(rows))]
    }
  }

  /// The class of the largest logit of each row; ties go to the first.
  public func predictedClasses() throws -> [Int32] {
    try argmax(axis: -1).elements.map { Int32($0) }
  }
}
