import Glibc

/// The parent's side: reads datasets of a file in a process of its own, and trusts nothing that comes back.
///
/// The process is a program that answers `HDF5Worker.argument` first of all, as this tool does. One that does not, such
/// as a program that runs tests, names the tool.
public struct HDF5Reader: Sendable {
  /// The program that becomes the reader.
  public let executable: String
  /// How long one file may take.
  public var patience: Duration = .seconds(120)

  public init(executable: String) { self.executable = executable }

  /// This program itself, started anew.
  public static let thisProgram = HDF5Reader(executable: "/proc/self/exe")

  /// The most bytes of a file, and of its datasets together.
  public static let longestFile = 1 << 28

  /// Datasets of the root group, in the order of `names`.
  ///
  /// Read are whole numbers of 8 to 64 bits and floats of 32 and 64, of 1 to 4 axes, stored in the file itself, plain
  /// or packed with deflate, shuffle and fletcher32. Links to elsewhere are refused.
  ///
  /// - Parameters:
  ///   - file: The whole file.
  ///   - limit: The most bytes of all datasets together.
  ///   - poll: Called while the reader works; what it throws ends the reader.
  /// - Throws: `HDF5Error`, and what `poll` throws.
  public func arrays(
    _ names: [String], in file: [UInt8], limit: Int = HDF5Reader.longestFile, poll: () throws -> Void = {}
  ) throws -> [HDF5Array] {
    guard file.count <= Self.longestFile else {
      throw HDF5Error.refused("it has \(file.count) bytes; at most \(Self.longestFile) are read")
    }
    let process = try ChildProcess(
      executable, [HDF5Worker.argument, "\(limit)"] + names, input: MemoryFile(file))
    // Room for the messages around the elements.
    let reply = try process.output(limit: limit + 4096, patience: patience, poll: poll)
    let status = process.wait()
    if let signal = ChildProcess.signal(of: status) { throw HDF5Error.ended(signal: signal) }
    let arrays = try Self.arrays(names, in: reply)
    guard status == 0 else { throw HDF5Error.garbled("its exit status is \(status)") }
    return arrays
  }

  /// The arrays of a whole reply.
  static func arrays(_ names: [String], in reply: [UInt8]) throws -> [HDF5Array] {
    var rest = reply[...]
    var arrays: [HDF5Array] = []
    while let message = Message(takenFrom: &rest) {
      switch message {
      case .failure(let reason): throw HDF5Error.refused(printable(reason))
      case .array(let element, let shape, let bytes):
        guard arrays.count < names.count,
          let array = HDF5Array(name: names[arrays.count], element: element, shape: shape, bytes: Array(bytes))
        else { throw HDF5Error.garbled("there are more datasets than were asked for") }
        arrays.append(array)
      case .end:
        guard arrays.count == names.count, rest.isEmpty else {
          throw HDF5Error.garbled("\(arrays.count) of \(names.count) datasets, and \(rest.count) bytes behind them")
        }
        return arrays
      }
    }
    throw HDF5Error.garbled("it breaks off after \(arrays.count) datasets of \(names.count)")
  }

  /// A file has its say in what goes wrong, but not in what a terminal does.
  private static func printable(_ text: String) -> String {
    String(text.unicodeScalars.prefix(400).map { $0.isASCII && $0.value >= 32 && $0.value < 127 ? Character($0) : "?" })
  }
}
