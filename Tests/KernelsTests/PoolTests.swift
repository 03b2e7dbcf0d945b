import Testing

@testable import Kernels

@Test func poolRunsEachChunkOnce() {
  var counts = [Int](repeating: 0, count: 1000)
  counts.withUnsafeMutableBufferPointer { buffer in
    Pool.run(chunks: 1000) { buffer[$0] += 1 }
  }
  #expect(counts.allSatisfy { $0 == 1 })
}
