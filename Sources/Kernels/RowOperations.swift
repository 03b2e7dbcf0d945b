import CKernels

/// What is left to do with rows of channels; sums, rectifiers and their gradients are those of `Elementwise`, since
/// rows that are padded with zeros are an array like any other.
public enum RowOperations {
  /// y = relu?(x + bias), with bias [width]; y may be x.
  public static func addBias(
    rows: Int, width: Int, _ x: UnsafePointer<Float>, bias: UnsafePointer<Float>, relu: Bool = false,
    into y: UnsafeMutablePointer<Float>, level: KernelLevel = .preferred
  ) {
    let ones = [Float](repeating: 1, count: width)
    ones.withUnsafeBufferPointer { ones in
      guard let one = ones.baseAddress else { return }
      RowNormalization.forward(
        RowSets(count: 1, rows: rows, width: width), form: RowNormalization.Form(relu: relu), x,
        RowNormalization.Affine(multiply: one, add: bias), into: y, level: level)
    }
  }

  /// A run of channels of an array of rows.
  public struct Channels<Pointer> {
    public let start: Pointer
    public let width, first: Int

    /// The channels from `first` on of rows of `width` floats that begin at `start`.
    public init(_ start: Pointer, width: Int, first: Int = 0) {
      self.start = start
      self.width = width
      self.first = first
    }
  }

  /// Copies `channels` channels of each row to another place, or adds them there: several inputs side by side, and the
  /// gradient of that. Channels beyond the copied ones are left alone.
  public static func copyChannels(
    rows: Int, channels: Int, _ from: Channels<UnsafePointer<Float>>,
    into to: Channels<UnsafeMutablePointer<Float>>, accumulates: Bool = false
  ) {
    Pool.forEachBlock(rows, of: max(1, Elementwise.blockSize / max(channels, 1))) { block in
      for row in block {
        let source = from.start + row * from.width + from.first
        let target = to.start + row * to.width + to.first
        if accumulates {
          kernel_axpy(channels, 1, source, target)
        } else {
          target.update(from: source, count: channels)
        }
      }
    }
  }

  /// Sets the channels of each row from `channels` on to zero, which rows of `width` floats keep there.
  public static func clearSurplus(rows: Int, channels: Int, width: Int, _ x: UnsafeMutablePointer<Float>) {
    guard channels < width else { return }
    Pool.forEachBlock(rows, of: max(1, Elementwise.blockSize / width)) { block in
      for row in block { (x + row * width + channels).update(repeating: 0, count: width - channels) }
    }
  }
}
