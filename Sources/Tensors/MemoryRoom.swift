import Kernels

/// What the machine has left, for those who are about to hold much that is no tensor.
public enum MemoryRoom {
  /// Whether so many more bytes could be backed now.
  public static func has(bytes: Int) -> Bool { Memory.hasRoom(bytes: bytes) }
}
