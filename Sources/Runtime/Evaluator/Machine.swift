import Glibc
import Language
import Tensors

/// Code that gives a value; expressions are lowered to these once and run many times.
typealias Evaluation = @Sendable (Frame) throws -> Value

/// Code that is run for its effect; a value that a block ends with is left in `Frame.value`.
typealias Action = @Sendable (Frame) throws -> Completion

/// How a statement ended.
enum Completion: Sendable {
  case normal, `break`, `continue`, `return`
}

/// Carries `break`, `continue` and `return` out of a block that stands inside an expression.
struct ControlTransfer: Error {
  var completion: Completion
}

/// The variables of one call.
final class Frame {
  var slots: [Value?]
  /// The value of the block that ran last, or what `return` gives.
  var value = Value.none
  let machine: Machine

  init(_ slots: [Value?], in machine: Machine) {
    self.slots = slots
    self.machine = machine
  }
}

/// What runs: the session's variables, the guard against runaway recursion, and the way to its natives.
final class Machine {
  /// A script function may call this deep; the stack is checked besides.
  static let maximumCalls = 10_000

  var globals: [Value?] = []
  private(set) var globalNames: [String] = []
  private var globalSlots: [String: Int] = [:]
  /// `_`
  var lastResult = Value.none
  /// Owns this machine.
  unowned let session: Session
  private let isInterrupted: @Sendable () -> Bool
  private var calls = 0
  private var turns: UInt32 = 0
  private static let turnsBetweenLooks: UInt32 = 0xFFF
  private var lowestAddress: UInt = 0

  init(session: Session, isInterrupted: @escaping @Sendable () -> Bool) {
    self.session = session
    self.isInterrupted = isInterrupted
  }

  /// The slot of a session variable, made if the name is new.
  func slot(of name: String) -> Int {
    if let slot = globalSlots[name] { return slot }
    globals.append(nil)
    globalNames.append(name)
    globalSlots[name] = globals.count - 1
    return globals.count - 1
  }

  subscript(name: String) -> Value? {
    get { globalSlots[name].flatMap { globals[$0] } }
    set { globals[slot(of: name)] = newValue }
  }

  func removeAll() {
    for slot in globals.indices { globals[slot] = nil }
    lastResult = .none
  }

  /// Gives the variables earlier values; those that came later have none.
  func restore(globals earlier: [Value?]) {
    for slot in globals.indices { globals[slot] = slot < earlier.count ? earlier[slot] : nil }
  }

  @inline(__always)
  func checkInterrupt() throws {
    if isInterrupted() { throw Interrupted() }
    turns &+= 1
    if turns & Self.turnsBetweenLooks == 0 { try checkMemory() }
  }

  /// A script that fills memory in small steps ends in an error, not by the system's hand.
  private func checkMemory() throws {
    guard MemoryRoom.has(bytes: 0) else {
      throw Failure("memory is used up", help: "free what is not needed any more: x = none, or :reset")
    }
  }

  /// Notes how far this thread's stack reaches; called whenever a cell starts.
  func prepareStack() {
    calls = 0
    var marker: UInt8 = 0
    let address = withUnsafeMutablePointer(to: &marker) { UInt(bitPattern: $0) }
    let size = session.options.stackSize ?? Machine.defaultStackSize
    // Natives, comparisons and releases of nested values need room below the last call.
    let usable = UInt(max(0, size - min(size / 2, 2 << 20)))
    lowestAddress = address > usable ? address - usable : 0
  }

  /// What a thread gets that asks for nothing else.
  private static var defaultStackSize: Int {
    var attributes = pthread_attr_t()
    var size = 0
    guard pthread_attr_init(&attributes) == 0 else { return 512 << 10 }
    defer { pthread_attr_destroy(&attributes) }
    return pthread_attr_getstacksize(&attributes, &size) == 0 ? min(size, 8 << 20) : 512 << 10
  }

  /// Calls a script's function with the slots of its frame.
  func run(_ function: UserFunction, slots: [Value?]) throws -> Value {
    try checkInterrupt()
    calls += 1
    defer { calls -= 1 }
    var marker: UInt8 = 0
    let address = withUnsafeMutablePointer(to: &marker) { UInt(bitPattern: $0) }
    guard calls <= Machine.maximumCalls, address > lowestAddress else {
      throw Failure(
        "\(function.name ?? "a function") calls itself too deeply: \(calls) calls are open",
        help: "a recursion needs a case that ends it; a loop has no such limit")
    }
    let frame = Frame(slots, in: self)
    for (position, parameter) in function.code.parameters.enumerated() where frame.slots[position] == nil {
      if let defaultValue = parameter.defaultValue { frame.slots[position] = try defaultValue(frame) }
    }
    do {
      return try function.code.body(frame)
    } catch let transfer as ControlTransfer where transfer.completion == .return {
      return frame.value
    }
  }

  /// Calls anything that can be called.
  func call(_ callee: Value, _ arguments: Arguments) throws -> Value {
    switch callee {
    case .function(let function):
      return try run(function, slots: function.slots(for: arguments))
    case .native(let native):
      return try native.call(arguments, in: session)
    case .object(let object):
      if let result = try object.call(arguments, in: session) { return result }
    default: break
    }
    throw Failure("\(callee.kindName) cannot be called")
  }
}
