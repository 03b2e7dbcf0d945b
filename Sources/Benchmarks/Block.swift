import Kernels
import Tensors

/// Floats that a kernel reads or writes; normal draws to begin with.
final class Block {
  let floats: UnsafeMutablePointer<Float>
  let count: Int

  /// Throws where the memory is not to be had.
  init(_ count: Int, seed: UInt64 = 1) throws {
    guard let floats = Memory.allocate(count: count) else {
      throw TensorError("a benchmark of kernels needs \(count >> 18) MiB at once, and they are not free")
    }
    self.floats = floats
    self.count = count
    var stream = RandomStream(seed: seed, name: "benchmark/block")
    stream.fillNormal(UnsafeMutableBufferPointer(start: floats, count: count), deviation: 1)
  }

  deinit { Memory.free(floats, count: count) }
}
