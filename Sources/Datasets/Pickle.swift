/// Files of Python's pickle module as far as the releases of CIFAR need them: a dictionary of numbers, texts, flat
/// lists of them, and arrays of bytes by NumPy; protocols 2 to 5 (PEP 307, 3154 and 574).
///
/// A pickle is a program, and Python's own reader calls whatever it names. This one knows four names, none of which it
/// calls: they are how NumPy says "an array of bytes". Everything else is refused, and so are lists in lists, so that
/// no value is deep.
enum Pickle {
  enum Value {
    case none
    case boolean(Bool)
    case integer(Int)
    /// `str` and `bytes` of both Pythons.
    case text(ArraySlice<UInt8>)
    case tuple([Value])
    case list([Value])
    case dictionary([String: Value])
    case array(ByteArray)
    case name(Name)
    /// `numpy.dtype('u1')`
    case byteType
    /// `_reconstruct(ndarray, (0,), 'b')`: an array before its state.
    case blankArray

    /// Numbers, texts and `None`.
    var isScalar: Bool {
      switch self {
      case .none, .boolean, .integer, .text: true
      default: false
      }
    }
  }

  /// An array of unsigned bytes in C order, a part of the file's own bytes.
  struct ByteArray {
    let shape: [Int]
    let bytes: ArraySlice<UInt8>
  }

  /// The names that a file may hold.
  enum Name {
    case reconstruct, ndarray, dtype, fromBuffer

    /// Nil for all other names there are. NumPy 2 calls its `core` `_core`.
    init?(module: String, name: String) {
      switch (module, name) {
      case ("numpy.core.multiarray", "_reconstruct"), ("numpy._core.multiarray", "_reconstruct"): self = .reconstruct
      case ("numpy", "ndarray"): self = .ndarray
      case ("numpy", "dtype"): self = .dtype
      case ("numpy.core.numeric", "_frombuffer"), ("numpy._core.numeric", "_frombuffer"): self = .fromBuffer
      default: return nil
      }
    }
  }

  /// What a file holds where something else is needed.
  struct Failure: Error {
    let offset: Int
    let expected: String
    let found: String
  }

  /// The value in the bytes of a file.
  static func read(_ bytes: [UInt8], path: String) throws -> Value {
    var machine = PickleMachine(bytes)
    do {
      return try machine.run()
    } catch let failure as Failure {
      throw DatasetError.malformed(
        path: path, offset: failure.offset, expected: failure.expected, found: failure.found)
    }
  }
}
