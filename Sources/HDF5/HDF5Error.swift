/// Why a file was not read; what it is called is for the caller to add.
public enum HDF5Error: Error, Equatable, Sendable {
  /// The file is damaged, or asks for what is not read; the reader said why.
  case refused(String)
  /// The reader was ended by the system: a signal, after a crash of the library or at a limit.
  case ended(signal: Int32)
  /// The reader gave no answer in time.
  case late(seconds: Int)
  /// What came from the reader is no answer.
  case garbled(String)
  /// No reader could be started.
  case unavailable(String)
}

extension HDF5Error: CustomStringConvertible {
  public var description: String {
    switch self {
    case .refused(let reason): reason
    case .ended(let signal):
      "the HDF5 library broke down on it (signal \(signal)); the file is damaged, fetch it again"
    case .late(let seconds):
      "the HDF5 library was not done after \(seconds) seconds; the file is damaged or its disk is very slow"
    case .garbled(let what): "the process that reads HDF5 gave no proper answer: \(what)"
    case .unavailable(let reason): "the process that reads HDF5 cannot be started: \(reason)"
    }
  }
}
