import Kernels

/// A float32 array of any number of axes, contiguous and row-major, that can be differentiated.
///
/// A tensor is a value: operations give new ones, and the one way to write into an existing one,
/// `mutate`, copies first when anybody else holds the same storage.
public struct Tensor: Sendable {
  public let shape: Shape
  var storage: Storage
  /// How it was computed, if anything it depends on is being differentiated.
  let node: Node?

  init(shape: Shape, storage: Storage, node: Node? = nil) {
    self.shape = shape
    self.storage = storage
    self.node = node
  }

  /// A tensor whose elements `fill` writes, all of them. Throws where the memory is not to be had.
  public init(shape: Shape, filledBy fill: (UnsafeMutablePointer<Float>) throws -> Void) throws {
    let storage = try Storage(count: shape.elementCount(), shape: shape)
    try fill(storage.elements)
    self.init(shape: shape, storage: storage)
  }

  public init(_ elements: [Float], shape: Shape) throws {
    let count = try shape.elementCount()
    guard count == elements.count else {
      throw TensorError("\(elements.count) numbers do not fill the shape \(shape), which takes \(count)")
    }
    try self.init(shape: shape) { target in
      elements.withUnsafeBufferPointer { source in
        if let base = source.baseAddress { target.update(from: base, count: count) }
      }
    }
  }

  /// A tensor of equal elements.
  public init(repeating value: Float, shape: Shape) throws {
    let count = try shape.elementCount()
    try self.init(shape: shape) { $0.update(repeating: value, count: count) }
  }

  /// A scalar.
  public init(_ value: Float) throws { try self.init(repeating: value, shape: []) }

  /// The number of elements.
  public var count: Int { storage.count }

  /// The number of axes.
  public var rank: Int { shape.count }

  /// The elements, row-major.
  public var elements: [Float] { Array(UnsafeBufferPointer(start: storage.elements, count: count)) }

  /// The one element of a tensor that has just one.
  public func scalar() throws -> Float {
    guard count == 1 else { throw TensorError("a single number was expected, not a tensor of shape \(shape)") }
    return storage.elements[0]
  }

  /// Reads the elements in place.
  public func read<Result>(_ body: (UnsafePointer<Float>) throws -> Result) rethrows -> Result {
    let storage = storage
    return try withExtendedLifetime(storage) { try body(UnsafePointer(storage.elements)) }
  }

  /// Writes into the elements in place, after a copy when the storage is shared.
  public mutating func mutate<Result>(_ body: (UnsafeMutablePointer<Float>) throws -> Result) throws -> Result {
    if !isKnownUniquelyReferenced(&storage) {
      let copy = try Storage(count: count, shape: shape)
      copy.elements.update(from: storage.elements, count: count)
      storage = copy
    }
    let storage = storage
    return try withExtendedLifetime(storage) { try body(storage.elements) }
  }

  /// The same elements, with no memory of how they were computed.
  public var detached: Tensor { Tensor(shape: shape, storage: storage) }

  /// Whether a derivative is being recorded through this tensor.
  public var isTracked: Bool { node != nil }

  /// Whether every element is an ordinary number.
  public var isFinite: Bool {
    read { elements in
      // All bits of the exponent are set in what is not a number. A loop without a way out takes many at a time.
      let exponent = Float.infinity.bitPattern
      var largest: UInt32 = 0
      for index in 0..<count { largest = max(largest, elements[index].bitPattern & exponent) }
      return largest < exponent
    }
  }
}
