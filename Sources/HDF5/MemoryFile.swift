import CHDF5
import Glibc

/// A file without a name or a disk: what a child gets to read is what its parent has read.
final class MemoryFile {
  let descriptor: Int32

  init(_ bytes: [UInt8]) throws {
    descriptor = chdf5_memory_file()
    guard descriptor >= 0 else { throw HDF5Error.unavailable("the system gives no file in memory (error \(errno))") }
    try bytes.withUnsafeBytes { bytes in
      var rest = bytes
      while !rest.isEmpty {
        let written = write(descriptor, rest.baseAddress, rest.count)
        guard written > 0 || (written < 0 && errno == EINTR) else {
          throw HDF5Error.unavailable("there is no memory for a copy of the file (error \(errno))")
        }
        rest = UnsafeRawBufferPointer(rebasing: rest[max(written, 0)...])
      }
    }
    guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw HDF5Error.unavailable("a file in memory has no start") }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }
}
