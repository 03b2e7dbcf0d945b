import Glibc

/// A connection that never waits longer than its caller allows, and asks every twentieth of a second whether to stop.
final class Connection {
  private static let slice: Int32 = 50

  private let address: ServiceAddress
  private let deadline: ContinuousClock.Instant
  private let timeout: Duration
  private let poll: () throws -> Void
  private var descriptor: Int32 = -1

  /// Connects to the first of the machine's numbers that answers. The system's search for the name is not interrupted.
  init(to address: ServiceAddress, timeout: Duration, poll: @escaping () throws -> Void) throws {
    self.address = address
    self.timeout = timeout
    self.poll = poll
    deadline = ContinuousClock.now + timeout
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_NUMERICSERV
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(address.host, String(address.port), &hints, &list) == 0 else {
      throw ServiceError(address.text.shortened, .unknownHost)
    }
    defer { freeaddrinfo(list) }
    var (next, code) = (list, ECONNREFUSED)
    while let candidate = next {
      code = try connect(to: candidate.pointee)
      if code == 0 { return }
      next = candidate.pointee.ai_next
    }
    throw failure(.refused(Self.plainWords(code)))
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// 0, or the system's number for what went wrong.
  private func connect(to candidate: addrinfo) throws -> Int32 {
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    descriptor = socket(candidate.ai_family, kind, candidate.ai_protocol)
    guard descriptor >= 0 else { return errno }
    var code: Int32 = 0
    if Glibc.connect(descriptor, candidate.ai_addr, candidate.ai_addrlen) != 0 {
      code = errno
      if code == EINPROGRESS || code == EINTR {
        try wait(for: POLLOUT)
        var length = socklen_t(MemoryLayout<Int32>.size)
        if getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length) != 0 { code = errno }
      }
    }
    if code != 0 {
      close(descriptor)
      descriptor = -1
    }
    return code
  }

  /// Sends all bytes. False where the other side takes no more: it may have said why.
  func send(_ bytes: [UInt8]) throws -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count >= 0 {
        sent += count
        try poll()
        continue
      }
      switch errno {
      case EINTR: continue
      case EAGAIN: try wait(for: POLLOUT)
      case EPIPE, ECONNRESET: return false
      case let code: throw failure(.refused(Self.plainWords(code)))
      }
    }
    return true
  }

  /// What came next, at most 64 KiB; empty at the end.
  func receive() throws -> [UInt8] {
    while true {
      var code: Int32 = 0
      let bytes = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
        let received = recv(descriptor, buffer.baseAddress, buffer.count, 0)
        code = received < 0 ? errno : 0
        count = max(received, 0)
      }
      switch code {
      case 0:
        try poll()
        return bytes
      case EINTR: continue
      case EAGAIN: try wait(for: POLLIN)
      default: throw failure(.refused(Self.plainWords(code)))
      }
    }
  }

  private func wait(for event: Int32) throws {
    while true {
      try poll()
      guard ContinuousClock.now < deadline else {
        let seconds = Double(timeout.components.seconds) + Double(timeout.components.attoseconds) / 1e18
        throw failure(.timeout(seconds))
      }
      var entry = pollfd(fd: descriptor, events: Int16(event), revents: 0)
      if Glibc.poll(&entry, 1, Self.slice) > 0 { return }
    }
  }

  private func failure(_ reason: ServiceError.Reason) -> ServiceError {
    ServiceError(address.text.shortened, reason)
  }

  private static func plainWords(_ code: Int32) -> String {
    switch code {
    case ECONNREFUSED: "nobody listens at that port"
    case ECONNRESET, EPIPE: "the service closed it"
    case ETIMEDOUT: "the machine does not answer"
    case ENETUNREACH, EHOSTUNREACH: "there is no way to that machine"
    case EMFILE, ENFILE: "too many files are open"
    default: "the system reports error \(code)"
    }
  }
}
