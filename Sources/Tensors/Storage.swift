import Kernels

/// A block of float32 elements, aligned for vector instructions.
///
/// `@unchecked Sendable`: the elements are written only before the first share, or through `Tensor.mutate`, which makes
/// sure that nobody else holds the block.
final class Storage: @unchecked Sendable {
  let elements: UnsafeMutablePointer<Float>
  let count: Int

  /// Throws, naming the shape, where the machine has not that much memory to give.
  init(count: Int, shape: Shape) throws {
    guard let elements = Memory.allocate(count: max(count, 1)) else {
      throw TensorError(
        "there is not enough memory for a tensor of shape \(shape) (\(Storage.size(of: count)))",
        help: "use a smaller batch or shape, or free variables with :reset")
    }
    self.elements = elements
    self.count = count
  }

  deinit { Memory.free(elements, count: max(count, 1)) }

  private static func size(of count: Int) -> String {
    let gigabytes = Double(count) * 4 / 1e9
    return gigabytes >= 1 ? "\(Int(gigabytes.rounded())) GB" : "\(Int(gigabytes * 1000)) MB"
  }
}
