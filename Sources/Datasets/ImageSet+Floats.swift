extension ImageSet {
  /// Writes the samples at `indices` to `destination`, [indices.count, channels, height, width]: normalised, or 0…1
  /// when `raw`.
  ///
  /// `draws` holds one draw a sample; without it the samples stay as they are. The padding is zero *before*
  /// normalisation, as in the published training code. `destination` must have room for all values.
  public func fill(
    _ indices: some Collection<Int>, into destination: UnsafeMutablePointer<Float>, draws: [AugmentationDraw]? = nil,
    raw: Bool = false
  ) throws {
    if let draws, draws.count != indices.count {
      throw DatasetError.request("\(draws.count) augmentation draws for \(indices.count) images")
    }
    try indices.forEach(check)
    fill(checked: Array(indices), into: destination, draws: draws, raw: raw)
  }

  /// All samples as floats, [count, channels, height, width]: normalised, or 0…1 when `raw`.
  public func floats(raw: Bool = false) -> [Float] {
    [Float](unsafeUninitializedCapacity: pixels.count) { values, initialized in
      if let start = values.baseAddress { fill(checked: Array(0..<count), into: start, draws: nil, raw: raw) }
      initialized = pixels.count
    }
  }

  private func fill(
    checked indices: [Int], into destination: UnsafeMutablePointer<Float>, draws: [AugmentationDraw]?, raw: Bool
  ) {
    let tables = (raw ? Normalisation.identity(channels: channels) : normalisation).tables()
    let area = height * width
    pixels.withUnsafeBufferPointer { pixels in
      guard let pixels = pixels.baseAddress else { return }
      for (channel, table) in tables.enumerated() {
        table.withUnsafeBufferPointer { table in
          for (position, index) in indices.enumerated() {
            fillPlane(
              from: pixels + (index * channels + channel) * area, table: table, draw: draws?[position] ?? .none,
              into: destination + (position * channels + channel) * area)
          }
        }
      }
    }
  }

  /// Row by row: padding, a run of the picture, padding. A test for each pixel would take four times as long.
  private func fillPlane(
    from plane: UnsafePointer<UInt8>, table: UnsafeBufferPointer<Float>, draw: AugmentationDraw,
    into output: UnsafeMutablePointer<Float>
  ) {
    let (right, down) = (draw.dx - AugmentationDraw.padding, draw.dy - AugmentationDraw.padding)
    // Columns of the output that show the picture; a picture may be narrower than the padding.
    let shift = draw.flip ? -right : right
    let start = min(max(-shift, 0), width)
    let end = max(min(width - shift, width), start)
    let (first, step) = draw.flip ? (width - 1 - start + right, -1) : (start + right, 1)
    for row in 0..<height {
      let target = output + row * width
      guard (0..<height).contains(row + down) else {
        target.update(repeating: table[0], count: width)
        continue
      }
      target.update(repeating: table[0], count: start)
      var pixel = (row + down) * width + first
      for column in start..<end {
        target[column] = table[Int(plane[pixel])]
        pixel += step
      }
      (target + end).update(repeating: table[0], count: width - end)
    }
  }
}
