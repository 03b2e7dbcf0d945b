/// How NumPy writes an array of bytes into a pickle, in two ways.
///
/// * `_reconstruct(ndarray, (0,), 'b')`, then the state `(1, shape, dtype, False, bytes)`; all protocols.
/// * `_frombuffer(bytes, dtype, shape, 'C')`; protocol 5.
///
/// The type is `dtype('u1', False, True)` with the state `(3, '|', None, None, None, -1, -1, 0)`.
enum PickledArray {
  typealias Complaint = (_ expected: String, _ found: String) -> Pickle.Failure

  /// What the operation REDUCE makes of a name and its arguments.
  static func called(
    _ name: Pickle.Value, with arguments: Pickle.Value, or failure: Complaint
  ) throws -> Pickle.Value {
    guard case .name(let name) = name, case .tuple(let arguments) = arguments else {
      throw failure("a part of a NumPy array", "another call")
    }
    switch name {
    case .reconstruct:
      guard arguments.count == 3, case .name(.ndarray) = arguments[0] else {
        throw failure("_reconstruct(ndarray, (0,), 'b')", "other arguments")
      }
      return .blankArray
    case .dtype:
      guard case .text(let type)? = arguments.first, type.elementsEqual("u1".utf8) else {
        throw failure("an array of bytes, dtype('u1')", "another type")
      }
      return .byteType
    case .fromBuffer:
      guard arguments.count == 4, case .text(let bytes) = arguments[0], case .byteType = arguments[1],
        case .text(let order) = arguments[3], order.elementsEqual("C".utf8)
      else { throw failure("_frombuffer(bytes, dtype('u1'), shape, 'C')", "other arguments") }
      return .array(try array(shape: arguments[2], bytes, failure))
    case .ndarray: throw failure("a part of a NumPy array", "ndarray called by itself")
    }
  }

  /// What the operation BUILD makes of an object and its state.
  static func built(_ object: Pickle.Value, from state: Pickle.Value, or failure: Complaint) throws -> Pickle.Value {
    guard case .tuple(let state) = state else { throw failure("the state of a NumPy array", "something else") }
    switch object {
    case .byteType:
      guard state.count >= 2, case .integer = state[0], case .text(let order) = state[1], order.elementsEqual("|".utf8)
      else { throw failure("the state of a type of bytes, (3, '|', …)", "another one") }
      return .byteType
    case .blankArray:
      guard state.count == 5, case .integer(1) = state[0], case .byteType = state[2], case .boolean(false) = state[3],
        case .text(let bytes) = state[4]
      else { throw failure("the state of an array, (1, shape, dtype('u1'), False, bytes)", "another one") }
      return .array(try array(shape: state[1], bytes, failure))
    default: throw failure("a NumPy array that gets its state", "something else")
    }
  }

  private static func array(
    shape: Pickle.Value, _ bytes: ArraySlice<UInt8>, _ failure: Complaint
  ) throws -> Pickle.ByteArray {
    guard case .tuple(let axes) = shape, (1...4).contains(axes.count) else {
      throw failure("the shape of an array", "something else")
    }
    var count = 1
    let shape = try axes.map { axis in
      guard case .integer(let length) = axis, length >= 0,
        case let (product, overflow) = count.multipliedReportingOverflow(by: length), !overflow
      else { throw failure("the length of an axis", "something else") }
      count = product
      return length
    }
    guard count == bytes.count else { throw failure("\(count) bytes for a shape of \(shape)", "\(bytes.count)") }
    return Pickle.ByteArray(shape: shape, bytes: bytes)
  }
}
