import CKernels

/// Softmax over the last axis of [rows, classes] and the cross-entropy on it.
public enum SoftmaxCrossEntropy {
  /// Probabilities [rows, classes] and the loss -log p[label] of each row; a label outside of the classes gives NaN.
  public static func forward(
    rows: Int, classes: Int, logits: UnsafePointer<Float>, labels: UnsafePointer<Int32>,
    probabilities: UnsafeMutablePointer<Float>, losses: UnsafeMutablePointer<Float>
  ) {
    forEachRow(rows, classes) { row in
      let logarithm = kernel_softmax(classes, logits + row * classes, probabilities + row * classes)
      let label = Int(labels[row])
      losses[row] = (0..<classes).contains(label) ? logarithm - logits[row * classes + label] : .nan
    }
  }

  /// The gradient of the losses: outputGradient[row] * (p - onehot(label)).
  public static func backward(
    rows: Int, classes: Int, probabilities: UnsafePointer<Float>, labels: UnsafePointer<Int32>,
    outputGradient: UnsafePointer<Float>, logitsGradient: UnsafeMutablePointer<Float>
  ) {
    forEachRow(rows, classes) { row in
      let gradient = logitsGradient + row * classes
      kernel_affine(classes, probabilities + row * classes, outputGradient[row], 0, gradient)
      let label = Int(labels[row])
      if (0..<classes).contains(label) { gradient[label] -= outputGradient[row] }
    }
  }

  /// y = exp(x) / Σ exp(x) along each row.
  public static func softmax(
    rows: Int, classes: Int, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>
  ) {
    forEachRow(rows, classes) { _ = kernel_softmax(classes, x + $0 * classes, y + $0 * classes) }
  }

  /// y = x - log Σ exp(x) along each row.
  public static func logSoftmax(
    rows: Int, classes: Int, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>
  ) {
    forEachRow(rows, classes) { _ = kernel_log_softmax(classes, x + $0 * classes, y + $0 * classes) }
  }

  private static func forEachRow(_ rows: Int, _ classes: Int, _ body: (Int) -> Void) {
    guard classes > 0 else { return }
    Pool.forEach(rows, elements: classes, body)
  }
}
