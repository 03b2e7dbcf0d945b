#if canImport(Glibc)
  import Glibc
#endif

/// Writes all bytes to a descriptor, through interrupted calls and partial writes.
/// - Returns: The error number, or 0.
@discardableResult
public func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
  var written = 0
  while written < bytes.count {
    let count = bytes.withUnsafeBytes { buffer in
      write(descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written)
    }
    if count > 0 {
      written += count
    } else if errno == EAGAIN {
      var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      poll(&waiting, 1, 1000)
    } else if errno != EINTR {
      return errno
    }
  }
  return 0
}

/// Text for a descriptor, gathered so that a million short lines are not a million system calls.
public final class BufferedOutput {
  private let descriptor: Int32
  private let flushesLines: Bool
  private var bytes: [UInt8] = []
  /// The error number of the first write that failed, or 0.
  public private(set) var failure: Int32 = 0

  public init(descriptor: Int32) {
    self.descriptor = descriptor
    flushesLines = isTerminal(descriptor)
  }

  public func write(_ text: String) {
    bytes += text.utf8
    if bytes.count >= 1 << 16 || (flushesLines && bytes.last == 0x0A) { flush() }
  }

  public func flush() {
    if failure == 0 { failure = writeAll(bytes, to: descriptor) }
    bytes.removeAll(keepingCapacity: true)
  }

  /// What went wrong, in words of the system, if anything did.
  public var failureText: String? { failure == 0 ? nil : String(cString: strerror(failure)) }
}
