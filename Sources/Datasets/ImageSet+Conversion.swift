extension ImageSet {
  /// The images with `border` zeros on each side.
  public func padded(by border: Int) throws -> ImageSet {
    guard border >= 0, max(height, width) + 2 * border <= Self.longestSide else {
      throw DatasetError.request("a border of \(border) makes images of more than \(Self.longestSide) pixels a side")
    }
    if border == 0 { return self }
    let (newHeight, newWidth) = (height + 2 * border, width + 2 * border)
    var output = [UInt8](repeating: 0, count: count * channels * newHeight * newWidth)
    for plane in 0..<count * channels {
      for row in 0..<height {
        let source = (plane * height + row) * width
        let target = (plane * newHeight + row + border) * newWidth + border
        output.replaceSubrange(target..<target + width, with: pixels[source..<source + width])
      }
    }
    return replacing(pixels: output, channels: channels, height: newHeight, width: newWidth)
  }

  /// The images with 1 or 3 channels: grey is repeated, colour becomes its luma (ITU-R BT.601).
  public func converted(toChannels wanted: Int) throws -> ImageSet {
    switch (channels, wanted) {
    case (1, 1), (3, 3): return self
    case (1, 3):
      var output: [UInt8] = []
      output.reserveCapacity(3 * pixels.count)
      for index in 0..<count {
        for _ in 0..<3 { output.append(contentsOf: sample(index)) }
      }
      return replacing(pixels: output, channels: 3, height: height, width: width)
    case (3, 1):
      let area = height * width
      var output: [UInt8] = []
      output.reserveCapacity(count * area)
      for index in 0..<count {
        let start = index * sampleLength
        for red in start..<start + area {
          let luma = 299 * Int(pixels[red]) + 587 * Int(pixels[red + area]) + 114 * Int(pixels[red + 2 * area])
          output.append(UInt8((luma + 500) / 1000))
        }
      }
      return replacing(pixels: output, channels: 1, height: height, width: width)
    default:
      throw DatasetError.request("images come with 1 or 3 channels, not \(wanted)")
    }
  }

  private func replacing(pixels: [UInt8], channels: Int, height: Int, width: Int) -> ImageSet {
    ImageSet(
      checked: pixels, labels: labels, channels: channels, height: height, width: width, classNames: classNames)
  }
}
