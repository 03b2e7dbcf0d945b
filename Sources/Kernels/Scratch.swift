/// Working storage inside of a kernel, recycled by `Memory`.
///
/// Whoever calls a kernel with large patches has asked `Memory.hasRoom` for them before (`Convolution.scratchCount`);
/// where the system refuses all the same there is no result to give, and the process stops with a message.
enum Scratch {
  /// Runs `body` with `count` uninitialised floats.
  static func withFloats(_ count: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) {
    guard let pointer = Memory.allocateScratch(count: count) else {
      fatalError("Out of memory: a kernel needed \(count) floats of working storage.")
    }
    defer { Memory.free(pointer, count: count) }
    body(pointer)
  }

  /// Runs `body` with `count` uninitialised doubles.
  static func withDoubles(_ count: Int, _ body: (UnsafeMutablePointer<Double>) -> Void) {
    withFloats(2 * count) { floats in
      floats.withMemoryRebound(to: Double.self, capacity: count, body)
    }
  }
}
