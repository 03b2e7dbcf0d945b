/// Where a sample is cropped out of its zero-padded picture and whether it is mirrored: one per epoch and sample.
///
/// A cloud of points takes the bits themselves, as the seed of its own draws.
///
/// The caller draws it, so that neither the order of the samples nor the number of threads moves the result.
public struct AugmentationDraw: Sendable, Equatable {
  /// The zeros around a picture before it is cropped back to its size.
  public static let padding = 4

  /// Left edge of the crop in the padded picture, 0…8; 4 is the centre.
  public let dx: Int
  /// Upper edge of the crop in the padded picture, 0…8; 4 is the centre.
  public let dy: Int
  /// Whether the crop is mirrored left to right.
  public let flip: Bool
  /// What it was drawn from; 0 where the three were given.
  public let bits: UInt32

  /// Offsets outside 0…8 are moved to the nearest end.
  public init(dx: Int, dy: Int, flip: Bool) {
    self.dx = min(max(dx, 0), 2 * Self.padding)
    self.dy = min(max(dy, 0), 2 * Self.padding)
    self.flip = flip
    bits = 0
  }

  /// A draw from 32 random bits: 16 for `dx`, 15 for `dy`, one for `flip`.
  public init(bits: UInt32) {
    let steps = UInt32(2 * Self.padding + 1)
    dx = Int(((bits & 0xFFFF) * steps) >> 16)
    dy = Int((((bits >> 16) & 0x7FFF) * steps) >> 15)
    flip = bits >> 31 == 1
    self.bits = bits
  }

  /// The sample as it is.
  public static let none = AugmentationDraw(dx: padding, dy: padding, flip: false)
}
