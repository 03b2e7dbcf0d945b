extension PointSet {
  /// The clouds at `indices`, in that order; an index may stand more than once.
  public func selecting(_ indices: some Collection<Int>) throws -> PointSet {
    try Self.check(count: indices.count, pointCount: pointCount)
    var chosen: [Float] = []
    var chosenLabels: [Int32] = []
    chosen.reserveCapacity(indices.count * sampleLength)
    chosenLabels.reserveCapacity(indices.count)
    try coordinates.withUnsafeBufferPointer { coordinates in
      for index in indices {
        try check(index)
        chosen.append(contentsOf: coordinates[index * sampleLength..<(index + 1) * sampleLength])
        chosenLabels.append(labels[index])
      }
    }
    return PointSet(
      checked: chosen, labels: chosenLabels, pointCount: pointCount, classNames: classNames, up: up)
  }

  /// The first `count` clouds.
  public func taking(count wanted: Int) throws -> PointSet {
    guard (0...count).contains(wanted) else {
      throw DatasetError.request("cannot take \(wanted) of \(count) clouds; take at most \(count)")
    }
    return try selecting(0..<wanted)
  }

  /// The clouds in the order that `permutation` gives for their number.
  public func shuffled(by permutation: (_ count: Int) -> [Int]) throws -> PointSet {
    try selecting(permutation(count))
  }

  /// The first `share` (0…1) of the clouds, rounded to the nearest whole number, and the others.
  public func split(share: Double) throws -> (first: PointSet, second: PointSet) {
    guard (0...1).contains(share) else {
      throw DatasetError.request("a share of the clouds is 0% to 100%, not \(share * 100)%")
    }
    let border = Int((share * Double(count)).rounded())
    return (try taking(count: border), try selecting(border..<count))
  }

  func check(_ index: Int) throws {
    guard (0..<count).contains(index) else {
      throw DatasetError.request("there is no cloud \(index) among \(count); the first is 0, the last \(count - 1)")
    }
  }
}
