/// Mean and Σ (z - mean)² of each set and channel [sets, width].
public struct RowMoments: Sendable {
  public let sets, rows, width: Int
  public let mean, squares: [Double]

  /// Merges the channels that share statistics: `channelsPerGroup` is 1 for batch and instance normalisation, all
  /// `channels` for layer normalisation. Channels beyond the true ones do not take part.
  public func statistics(channels: Int, channelsPerGroup: Int, epsilon: Double) -> RowStatistics {
    let groups = RowGroups(sets: sets, width: width, channels: channels, channelsPerGroup: channelsPerGroup)
    let count = Double(rows) * Double(channelsPerGroup)
    let means: [Double] = filled(sets * width) { means in
      groups.forEach { _, group in
        let center = group.reduce(0) { $0 + mean[$1] } / Double(channelsPerGroup)
        for index in group { means[index] = center }
      }
    }
    let variances: [Double] = filled(sets * width) { variances in
      groups.forEach { _, group in
        let total = group.reduce(0) {
          let offset = mean[$1] - means[$1]
          return $0 + squares[$1] + Double(rows) * offset * offset
        }
        for index in group { variances[index] = total / count }
      }
    }
    return RowStatistics(
      groups: groups, rows: rows, followInput: true, mean: means, variance: variances, epsilon: epsilon)
  }
}

/// Σ g and Σ g (z - mean) of each set and channel [sets, width].
public struct RowGradientSums: Sendable {
  public let sets, width: Int
  public let sum, product: [Double]
}

/// dz = p g + q z + r: the coefficients of each set and channel.
public struct RowGradientCoefficients: Sendable {
  /// p, q and r, each [sets, width].
  fileprivate let values: [Float]
  fileprivate let width: Int

  func withPointers(
    _ set: Int, _ body: (UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>) -> Void
  ) {
    values.withUnsafeBufferPointer { values in
      guard let p = values.baseAddress.map({ $0 + set * width }) else { return }
      body(p, p + values.count / 3, p + 2 * values.count / 3)
    }
  }
}

/// Channels of sets [sets, width] that share statistics within a set.
struct RowGroups: Sendable {
  var sets: Int
  let width, channels, channelsPerGroup: Int

  /// The places of the channels of each group of each set.
  func forEach(_ body: (_ set: Int, _ group: Range<Int>) -> Void) {
    Pool.forEach(sets, elements: Self.work * width) { set in
      for channel in stride(from: 0, to: channels, by: channelsPerGroup) {
        body(set, set * width + channel..<set * width + channel + channelsPerGroup)
      }
    }
  }

  /// The place of each channel of each set.
  func forEachChannel(_ body: (_ index: Int, _ set: Int, _ channel: Int) -> Void) {
    Pool.forEach(sets, elements: Self.work * width) { set in
      for channel in 0..<channels { body(set * width + channel, set, channel) }
    }
  }

  /// The work on a channel of a set, as elements of an array.
  private static let work = 8
}

/// An array of `count` numbers, zero where `body` does not write.
private func filled<Number: BinaryFloatingPoint>(
  _ count: Int, _ body: (UnsafeMutablePointer<Number>) -> Void
) -> [Number] {
  [Number](unsafeUninitializedCapacity: count) { buffer, initialized in
    buffer.initialize(repeating: 0)
    if let start = buffer.baseAddress { body(start) }
    initialized = count
  }
}

/// The statistics that each set and channel is normalised with [sets, width], and what follows from them.
public struct RowStatistics: Sendable {
  private let groups: RowGroups
  private let rows: Int
  /// Whether the statistics are those of the input; else they are constants, and no gradient flows through them.
  public let followInput: Bool
  public let mean: [Double]
  /// Biased.
  public let variance: [Double]
  /// 1 / √(variance + ε)
  public let inverseDeviation: [Double]

  fileprivate init(
    groups: RowGroups, rows: Int, followInput: Bool, mean: [Double], variance: [Double], epsilon: Double
  ) {
    self.groups = groups
    self.rows = rows
    self.followInput = followInput
    self.mean = mean
    self.variance = variance
    inverseDeviation = filled(variance.count) { inverse in
      groups.forEachChannel { index, _, _ in inverse[index] = 1 / (variance[index] + epsilon).squareRoot() }
    }
  }

  /// Constants: mean and variance of each channel, the same for all sets.
  public init(sets: Int, width: Int, mean: [Float], variance: [Float], epsilon: Double) {
    let groups = RowGroups(sets: sets, width: width, channels: mean.count, channelsPerGroup: 1)
    func perSet(_ values: [Float]) -> [Double] {
      filled(sets * width) { result in
        groups.forEachChannel { index, _, channel in result[index] = Double(values[channel]) }
      }
    }
    self.init(
      groups: groups, rows: 1, followInput: false, mean: perSet(mean), variance: perSet(variance), epsilon: epsilon)
  }

  /// No normalisation: mean 0 and deviation 1.
  public init(identityOf channels: Int, sets: Int, width: Int) {
    self.init(
      sets: sets, width: width, mean: [Float](repeating: 0, count: channels),
      variance: [Float](repeating: 1, count: channels), epsilon: 0)
  }

  /// The sets of several statistics of one kind, one behind the other; there is at least one.
  public init(joining parts: [RowStatistics]) {
    var groups = parts[0].groups
    groups.sets = parts.reduce(0) { $0 + $1.sets }
    self.groups = groups
    rows = parts[0].rows
    followInput = parts[0].followInput
    mean = parts.flatMap(\.mean)
    variance = parts.flatMap(\.variance)
    inverseDeviation = parts.flatMap(\.inverseDeviation)
  }

  /// The same for `count` times as many sets, which lie on the rows of these.
  public func repeated(_ count: Int) -> RowStatistics {
    RowStatistics(joining: Array(repeating: self, count: count))
  }

  public var sets: Int { groups.sets }
  public var width: Int { groups.width }

  /// a = scale inverseDeviation and b = shift - mean a [sets, width].
  ///
  /// `affines[set]` says which row of scale and shift [affines, width] a set uses; without them they are 1 and 0.
  public func affine(scale: [Float]?, shift: [Float]?, affines: [Int]) -> (multiply: [Float], add: [Float]) {
    func factor(_ index: Int, _ parameter: Int) -> Double {
      Double(scale?[parameter] ?? 1) * inverseDeviation[index]
    }
    let multiply: [Float] = filled(sets * width) { multiply in
      groups.forEachChannel { index, set, channel in
        multiply[index] = Float(factor(index, affines[set] * width + channel))
      }
    }
    let add: [Float] = filled(sets * width) { add in
      groups.forEachChannel { index, set, channel in
        let parameter = affines[set] * width + channel
        add[index] = Float(Double(shift?[parameter] ?? 0) - mean[index] * factor(index, parameter))
      }
    }
    return (multiply, add)
  }

  /// With x̂ = (z - m) i and averages ⟨⟩ over a group: dz = i (γ g - ⟨γ g⟩ - x̂ ⟨γ g x̂⟩), written as p g + q z + r.
  public func inputGradientCoefficients(
    _ sums: RowGradientSums, scale: [Float]?, affines: [Int]
  ) -> RowGradientCoefficients {
    let elements = sets * width, count = Double(rows) * Double(groups.channelsPerGroup)
    let values: [Float] = filled(3 * elements) { p in
      let (q, r) = (p + elements, p + 2 * elements)
      groups.forEach { set, group in
        let parameters = (affines[set] - set) * width  // from the place of a channel to that of its scale
        var sum = 0.0, product = 0.0
        for index in group {
          let factor = Double(scale?[parameters + index] ?? 1)
          p[index] = Float(factor * inverseDeviation[index])
          sum += factor * sums.sum[index]
          product += factor * sums.product[index]
        }
        guard followInput else { return }
        for index in group {
          let inverse = inverseDeviation[index]
          let slope = -inverse * inverse * inverse * product / count
          q[index] = Float(slope)
          r[index] = Float(-inverse * sum / count - slope * mean[index])
        }
      }
    }
    return RowGradientCoefficients(values: values, width: width)
  }

  /// dγ = Σ g x̂ and dβ = Σ g [count, width], over the sets that share a row of them.
  public func affineGradients(
    _ sums: RowGradientSums, affines: [Int], count: Int
  ) -> (scale: [Float], shift: [Float]) {
    var scale = [Double](repeating: 0, count: count * width), shift = scale
    for set in 0..<sets {
      for channel in 0..<groups.channels {
        let (index, parameter) = (set * width + channel, affines[set] * width + channel)
        scale[parameter] += sums.product[index] * inverseDeviation[index]
        shift[parameter] += sums.sum[index]
      }
    }
    return (scale.map { Float($0) }, shift.map { Float($0) })
  }
}
