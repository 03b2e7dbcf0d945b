@testable import Kernels

/// Numbers in (-1, 1) that look random and are the same in every run.
func samples(_ count: Int, seed: UInt64) -> [Float] {
  var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
  return (0..<count).map { _ in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Float(Int32(truncatingIfNeeded: state >> 32)) / 0x1p31
  }
}

/// The result of a kernel that writes `count` floats over an array of NaNs.
func output(_ count: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) -> [Float] {
  var result = [Float](repeating: .nan, count: max(count, 1))
  result.withUnsafeMutableBufferPointer { if let start = $0.baseAddress { body(start) } }
  return Array(result.prefix(count))
}

/// The largest difference between a result and what it should be, relative to the largest number expected.
func error(_ result: [Float], _ expected: [Double]) -> Double {
  guard result.count == expected.count else { return .infinity }
  let scale = expected.reduce(1) { max($0, abs($1)) }
  return zip(result, expected).reduce(0) { $1.0.isNaN ? .infinity : max($0, abs(Double($1.0) - $1.1)) } / scale
}

/// Runs `body` under one, two and three threads, and says whether the results agree to the bit.
func isTheSameForEveryThreadCount(_ body: () -> [Float]) -> Bool {
  let before = Pool.threadCount
  defer { Pool.setThreadCount(before) }
  let results = [1, 2, 3].map { count in
    Pool.setThreadCount(count)
    return body().map(\.bitPattern)
  }
  return results.allSatisfy { $0 == results[0] }
}
