extension ImageSet {
  /// The samples at `indices`, in that order; an index may stand more than once.
  public func selecting(_ indices: some Collection<Int>) throws -> ImageSet {
    var chosen: [UInt8] = []
    var chosenLabels: [Int32] = []
    chosen.reserveCapacity(indices.count * sampleLength)
    chosenLabels.reserveCapacity(indices.count)
    for index in indices {
      try check(index)
      chosen.append(contentsOf: sample(index))
      chosenLabels.append(labels[index])
    }
    return replacing(pixels: chosen, labels: chosenLabels)
  }

  /// The first `count` samples.
  public func taking(count wanted: Int) throws -> ImageSet {
    guard (0...count).contains(wanted) else {
      throw DatasetError.request("cannot take \(wanted) of \(count) images; take at most \(count)")
    }
    return replacing(pixels: Array(pixels.prefix(wanted * sampleLength)), labels: Array(labels.prefix(wanted)))
  }

  /// The first `share` (0…1) of the samples, rounded to the nearest whole number.
  public func taking(share: Double) throws -> ImageSet {
    try taking(count: size(ofShare: share))
  }

  /// The samples in the order that `permutation` gives for their number.
  public func shuffled(by permutation: (_ count: Int) -> [Int]) throws -> ImageSet {
    try selecting(permutation(count))
  }

  /// The first `share` (0…1) of the samples, and the others.
  public func split(share: Double) throws -> (first: ImageSet, second: ImageSet) {
    let border = try size(ofShare: share)
    return (try taking(count: border), try selecting(border..<count))
  }

  func check(_ index: Int) throws {
    guard (0..<count).contains(index) else {
      throw DatasetError.request("there is no image \(index) among \(count); the first is 0, the last \(count - 1)")
    }
  }

  func replacing(pixels: [UInt8], labels: [Int32]) -> ImageSet {
    ImageSet(
      checked: pixels, labels: labels, channels: channels, height: height, width: width, classNames: classNames)
  }

  private func size(ofShare share: Double) throws -> Int {
    guard share >= 0, share <= 1 else {
      throw DatasetError.request("a share of the images is 0% to 100%, not \(share * 100)%")
    }
    return Int((share * Double(count)).rounded())
  }
}
