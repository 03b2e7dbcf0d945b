import Files

/// The coordinates of clouds: numbers of their own, or those of a mapped file, which nobody copies.
public struct PointCoordinates: Sendable {
  private enum Source: Sendable {
    case array([Float])
    /// The floats from a byte on, which is aligned for them.
    case mapped(MappedFile, start: Int)
  }

  private let source: Source
  public let count: Int

  public init(_ values: [Float]) {
    source = .array(values)
    count = values.count
  }

  /// `count` numbers of a file from byte `start` on; nil where they are not inside of it, or not aligned.
  init?(_ file: MappedFile, start: Int, count: Int) {
    let (length, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Float>.stride)
    guard !overflow, count >= 0, start >= 0, start.isMultiple(of: MemoryLayout<Float>.alignment),
      start <= file.bytes.count, length <= file.bytes.count - start
    else { return nil }
    source = .mapped(file, start: start)
    self.count = count
  }

  /// Whether they lie in a file instead of memory of their own.
  public var isMapped: Bool {
    if case .mapped = source { true } else { false }
  }

  public func withUnsafeBufferPointer<Result>(
    _ body: (UnsafeBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    switch source {
    case .array(let values): try values.withUnsafeBufferPointer(body)
    case .mapped(let file, let start):
      try withExtendedLifetime(file) {
        let length = count * MemoryLayout<Float>.stride
        let bytes = UnsafeRawBufferPointer(rebasing: file.bytes[start..<start + length])
        return try body(bytes.assumingMemoryBound(to: Float.self))
      }
    }
  }

  /// All of them, copied.
  public var values: [Float] {
    switch source {
    case .array(let values): values
    case .mapped: withUnsafeBufferPointer { Array($0) }
    }
  }
}

extension PointCoordinates: Equatable {
  public static func == (left: PointCoordinates, right: PointCoordinates) -> Bool {
    left.withUnsafeBufferPointer { left in right.withUnsafeBufferPointer { left.elementsEqual($0) } }
  }
}
