import Testing

@testable import Kernels

@Suite struct PoolTests {
  @Test func eachChunkRunsOnce() {
    for chunks in [0, 1, 2, 1000] {
      var counts = [Int](repeating: 0, count: chunks)
      counts.withUnsafeMutableBufferPointer { buffer in
        Pool.run(chunks: chunks) { buffer[$0] += 1 }
      }
      #expect(counts.allSatisfy { $0 == 1 })
    }
  }

  @Test func aCallInsideOfAChunkFinishesThere() {
    var counts = [Int](repeating: 0, count: 64)
    counts.withUnsafeMutableBufferPointer { buffer in
      Pool.run(chunks: 8) { outer in Pool.run(chunks: 8) { buffer[outer * 8 + $0] += 1 } }
    }
    #expect(counts.allSatisfy { $0 == 1 })
  }

  @Test func manySmallJobsInARowAllFinish() {
    var total = [0, 0]
    total.withUnsafeMutableBufferPointer { buffer in
      for _ in 0..<20_000 { Pool.run(chunks: 2) { buffer[$0] += 1 } }
    }
    #expect(total == [20_000, 20_000])
  }
}

@Suite struct MemoryTests {
  @Test func blocksAreAlignedAndHoldWhatTheySay() {
    for count in [0, 1, 1000, 1 << 20] {
      guard let pointer = Memory.allocate(count: count) else {
        Issue.record("no memory for \(count) floats")
        continue
      }
      #expect(Int(bitPattern: pointer) % 64 == 0)
      pointer.update(repeating: 1, count: count)
      Memory.free(pointer, count: count)
    }
  }

  @Test(arguments: [-1, 1 << 42, Int.max]) func whatCannotBeHadIsRefused(_ count: Int) {
    #expect(Memory.allocate(count: count) == nil)
  }

  @Test func sizesGrowByAtMostAnEighth() throws {
    for count in [20_000, 33_333, 1 << 20, (1 << 24) + 1] {
      let size = try #require(Memory.blockSize(count: count))
      #expect(size >= 4 * count && Double(size) <= 4.5 * Double(count) + 64)
    }
  }
}
