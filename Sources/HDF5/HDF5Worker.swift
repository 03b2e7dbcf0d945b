import CHDF5
import Glibc

/// The child's side: reads datasets of the file on standard input and writes them to standard output.
///
/// libhdf5 crashes on some damaged files and was never made for hostile ones. So this process has nothing to lose: it
/// cannot open a file, write one, start a process or take more memory and time than a reading needs.
public enum HDF5Worker {
  /// What makes the tool a reader instead of itself.
  public static let argument = "--read-hdf5-from-stdin"

  static let memory = 1 << 30
  static let seconds = 60

  /// Does the child's work if the arguments ask for it: `passbook --read-hdf5-from-stdin LIMIT NAME…`.
  ///
  /// - Returns: The exit code; nil where the process is none of ours.
  public static func run(_ arguments: [String]) -> Int32? {
    guard arguments.count > 3, arguments[1] == argument, let limit = Int(arguments[2]) else { return nil }
    do {
      try restrain()
      try reply(to: Array(arguments[3...]), limit: limit)
      try write(Message.end.encoded)
      return 0
    } catch {
      try? write(Message.failure("\(error)").encoded)
      return 1
    }
  }

  private struct Refusal: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    /// What the library says of its last failure; behind a colon it goes on with addresses and the time of day.
    static func library(_ what: String) -> Refusal {
      var message = [CChar](repeating: 0, count: chdf5_message_length)
      chdf5_failure(&message)
      let reason = String(decoding: message.prefix { $0 != 0 && $0 != 58 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      return Refusal(reason.isEmpty ? what : "\(what) (\(reason))")
    }
  }

  /// Gives up what a reader does not need: with descriptors below 3 it opens no file at all.
  private static func restrain() throws {
    // A parent that was killed takes its reader along.
    guard chdf5_die_with_parent() == 0 else { throw Refusal("the reader cannot be tied to its parent") }
    guard chdf5_start() == 0 else { throw Refusal.library("the HDF5 library does not start") }
    let limits: [(resource: __rlimit_resource, most: Int)] = [
      (RLIMIT_CORE, 0), (RLIMIT_FSIZE, 0), (__RLIMIT_NPROC, 0), (RLIMIT_NOFILE, 3), (RLIMIT_CPU, seconds),
      (RLIMIT_AS, addressSpace + memory),
    ]
    for (resource, most) in limits.map({ (__rlimit_resource_t(bitPattern: $0.resource.rawValue), $0.most) }) {
      var limit = rlimit()
      guard getrlimit(resource, &limit) == 0 else { throw Refusal("the limits of the reader are not known") }
      limit.rlim_max = min(limit.rlim_max, rlim_t(most))
      limit.rlim_cur = limit.rlim_max
      guard setrlimit(resource, &limit) == 0 else { throw Refusal("the reader cannot be limited") }
    }
  }

  /// Bytes of address space before anything is read: the tool, its libraries, and what a sanitizer reserves.
  private static var addressSpace: Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 1 << 32 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    guard fgets(&line, Int32(line.count), file) != nil else { return 1 << 32 }
    let digits = line.prefix { $0 >= 48 && $0 <= 57 }.map(UInt8.init(bitPattern:))
    let (bytes, overflow) = (Int(String(decoding: digits, as: UTF8.self)) ?? 1 << 20)
      .multipliedReportingOverflow(by: sysconf(Int32(_SC_PAGESIZE)))
    return overflow || bytes > 1 << 60 ? 1 << 60 : bytes
  }

  private static func reply(to names: [String], limit: Int) throws {
    var bytes = try standardInput()
    let file = chdf5_open(&bytes, bytes.count)
    bytes = []
    guard file >= 0 else { throw Refusal.library("it is no HDF5 file, or a damaged one") }
    var left = limit
    for name in names {
      let (element, shape) = try checkedFacts(of: name, in: file)
      guard let count = HDF5Array.byteCount(element, shape), count <= left else {
        throw Refusal("'\(name)' with its shape \(shape) is larger than \(left) bytes, the most that is read")
      }
      left -= count
      let elements = UnsafeMutableRawBufferPointer.allocate(byteCount: max(count, 1), alignment: 16)
      defer { elements.deallocate() }
      // What the library may leave out must not be what was in memory before.
      elements.initializeMemory(as: UInt8.self, repeating: 0)
      if count > 0, chdf5_read(file, name, chdf5_type(rawValue: UInt32(element.rawValue)), elements.baseAddress) < 0 {
        throw Refusal.library("the elements of '\(name)' cannot be read")
      }
      try write(Message.head(element: element, shape: shape, byteCount: count))
      try write(UnsafeRawBufferPointer(rebasing: elements[..<count]))
    }
  }

  /// The whole file, which must not be longer than the parent would send.
  private static func standardInput() throws -> [UInt8] {
    var status = stat()
    guard fstat(STDIN_FILENO, &status) == 0, (0...HDF5Reader.longestFile).contains(Int(status.st_size)) else {
      throw Refusal("there is no file on standard input")
    }
    return try [UInt8](unsafeUninitializedCapacity: max(Int(status.st_size), 1)) { buffer, count in
      while count < Int(status.st_size) {
        let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
        let length = read(STDIN_FILENO, rest.baseAddress, rest.count)
        guard length > 0 || (length < 0 && errno == EINTR) else { throw Refusal("standard input breaks off") }
        count += max(length, 0)
      }
    }
  }

  /// Type and shape of a dataset, after everything about it has been found harmless.
  private static func checkedFacts(of name: String, in file: Int64) throws -> (HDF5Array.Element, shape: [Int]) {
    var facts = chdf5_facts()
    switch chdf5_describe(file, name, &facts) {
    case 1: break
    case 0: throw Refusal("there is no dataset '\(name)'")
    default: throw Refusal.library("'\(name)' cannot be looked at")
    }
    guard facts.is_hard_link != 0 else { throw Refusal("'\(name)' is a link, and links are not followed") }
    guard facts.is_dataset != 0 else { throw Refusal("'\(name)' is no dataset") }
    guard let element = HDF5Array.Element(rawValue: UInt8(clamping: facts.type.rawValue)) else {
      throw Refusal("the elements of '\(name)' are neither whole numbers of 8 to 64 bits nor floats of 32 or 64")
    }
    guard facts.rank >= 1 else { throw Refusal("'\(name)' must have 1 to \(chdf5_most_axes) axes") }
    guard facts.is_inside != 0 else { throw Refusal("'\(name)' has its elements in other files, which are not read") }
    guard facts.chunk_bytes <= 1 << 28 else { throw Refusal("the chunks of '\(name)' have \(facts.chunk_bytes) bytes") }
    let filters = withUnsafeBytes(of: facts.filters) { Array($0.bindMemory(to: Int32.self)) }
    let known = [chdf5_deflate, chdf5_shuffle, chdf5_fletcher32].map { Int32($0.rawValue) }
    guard facts.filter_count >= 0, filters.prefix(Int(facts.filter_count)).allSatisfy(known.contains) else {
      throw Refusal("'\(name)' is packed with other filters than deflate, shuffle and fletcher32")
    }
    let axes = withUnsafeBytes(of: facts.shape) { Array($0.bindMemory(to: UInt64.self)) }
    return (element, axes.prefix(Int(facts.rank)).map { Int(clamping: $0) })
  }

  private static func write(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try write($0) } }

  private static func write(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes
    while !rest.isEmpty {
      let written = Glibc.write(STDOUT_FILENO, rest.baseAddress, rest.count)
      guard written >= 0 || errno == EINTR else { throw Refusal("nobody takes the answer") }
      rest = UnsafeRawBufferPointer(rebasing: rest[max(written, 0)...])
    }
  }
}
