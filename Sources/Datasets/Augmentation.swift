/// Where a sample is cropped out of its zero-padded picture and whether it is mirrored: one per epoch and sample.
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

  /// Offsets outside 0…8 are moved to the nearest end.
  public init(dx: Int, dy: Int, flip: Bool) {
    self.dx = min(max(dx, 0), 2 * Self.padding)
    self.dy = min(max(dy, 0), 2 * Self.padding)
    self.flip = flip
  }

  /// A draw from 32 random bits: 16 for `dx`, 15 for `dy`, one for `flip`.
  public init(bits: UInt32) {
    let steps = UInt32(2 * Self.padding + 1)
    dx = Int(((bits & 0xFFFF) * steps) >> 16)
    dy = Int((((bits >> 16) & 0x7FFF) * steps) >> 15)
    flip = bits >> 31 == 1
  }

  /// The sample as it is.
  public static let none = AugmentationDraw(dx: padding, dy: padding, flip: false)
}

extension ImageSet {
  /// Writes the normalised samples at `indices` to `destination`, [indices.count, channels, height, width].
  ///
  /// `draws` holds one draw a sample; without it the samples stay as they are. The padding is zero *before*
  /// normalisation, as in the published training code. `destination` must have room for all values.
  public func fill(
    _ indices: some Collection<Int>, into destination: UnsafeMutablePointer<Float>, draws: [AugmentationDraw]? = nil
  ) throws {
    if let draws, draws.count != indices.count {
      throw DatasetError.request("\(draws.count) augmentation draws for \(indices.count) images")
    }
    try indices.forEach(check)
    let tables = normalisation.tables()
    pixels.withUnsafeBufferPointer { pixels in
      for (position, index) in indices.enumerated() {
        let draw = draws?[position] ?? .none
        for channel in 0..<channels {
          let plane = index * sampleLength + channel * height * width
          let output = destination + position * sampleLength + channel * height * width
          tables[channel].withUnsafeBufferPointer { table in
            fillPlane(from: pixels, at: plane, table: table, draw: draw, into: output)
          }
        }
      }
    }
  }

  private func fillPlane(
    from pixels: UnsafeBufferPointer<UInt8>, at plane: Int, table: UnsafeBufferPointer<Float>,
    draw: AugmentationDraw, into output: UnsafeMutablePointer<Float>
  ) {
    let right = draw.dx - AugmentationDraw.padding
    let down = draw.dy - AugmentationDraw.padding
    for row in 0..<height {
      let sourceRow = row + down
      for column in 0..<width {
        let sourceColumn = (draw.flip ? width - 1 - column : column) + right
        let isInside = sourceRow >= 0 && sourceRow < height && sourceColumn >= 0 && sourceColumn < width
        let value = isInside ? Int(pixels[plane + sourceRow * width + sourceColumn]) : 0
        output[row * width + column] = table[value]
      }
    }
  }

  /// All samples as floats, [count, channels, height, width]: normalised, or 0…1 when `raw`.
  public func floats(raw: Bool = false) -> [Float] {
    let tables =
      raw ? [[Float]](repeating: (0..<256).map { Float($0) / 255 }, count: channels) : normalisation.tables()
    let area = height * width
    return [Float](unsafeUninitializedCapacity: pixels.count) { values, initialized in
      for plane in 0..<count * channels {
        let table = tables[plane % channels]
        for index in plane * area..<(plane + 1) * area { values[index] = table[Int(pixels[index])] }
      }
      initialized = pixels.count
    }
  }
}
