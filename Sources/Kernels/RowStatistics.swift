/// Mean and Σ (z - mean)² of each set and channel [sets, width].
public struct RowMoments: Sendable {
  public let sets, rows, width: Int
  public let mean, squares: [Double]

  /// Merges the channels that share statistics: `channelsPerGroup` is 1 for batch and instance normalisation, all
  /// `channels` for layer normalisation. Channels beyond the true ones do not take part.
  public func statistics(channels: Int, channelsPerGroup: Int, epsilon: Double) -> RowStatistics {
    let groups = RowGroups(sets: sets, width: width, channels: channels, channelsPerGroup: channelsPerGroup)
    let count = Double(rows) * Double(channelsPerGroup)
    var means = [Double](repeating: 0, count: sets * width), variances = means
    groups.forEach { group in
      let center = group.reduce(0) { $0 + mean[$1] } / Double(channelsPerGroup)
      let total = group.reduce(0) {
        let offset = mean[$1] - center
        return $0 + squares[$1] + Double(rows) * offset * offset
      }
      for index in group {
        means[index] = center
        variances[index] = total / count
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

/// dz = p g + q z + r: the coefficients of each set and channel [sets, width].
public struct RowGradientCoefficients: Sendable {
  public let width: Int
  public let p, q, r: [Float]

  func withPointers(
    _ set: Int, _ body: (UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>) -> Void
  ) {
    p.withUnsafeBufferPointer { p in
      q.withUnsafeBufferPointer { q in
        r.withUnsafeBufferPointer { r in
          guard let p = p.baseAddress, let q = q.baseAddress, let r = r.baseAddress else { return }
          body(p + set * width, q + set * width, r + set * width)
        }
      }
    }
  }
}

/// Channels of sets [sets, width] that share statistics within a set.
struct RowGroups: Sendable {
  var sets: Int
  let width, channels, channelsPerGroup: Int

  /// The places of the channels of each group of each set.
  func forEach(_ body: (Range<Int>) -> Void) {
    for set in 0..<sets {
      for channel in stride(from: 0, to: channels, by: channelsPerGroup) {
        body(set * width + channel..<set * width + channel + channelsPerGroup)
      }
    }
  }

  func forEachChannel(_ body: (_ index: Int, _ set: Int, _ channel: Int) -> Void) {
    for set in 0..<sets {
      for channel in 0..<channels { body(set * width + channel, set, channel) }
    }
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
    inverseDeviation = variance.map { 1 / ($0 + epsilon).squareRoot() }
  }

  /// Constants: mean and variance of each channel, the same for all sets.
  public init(sets: Int, width: Int, mean: [Float], variance: [Float], epsilon: Double) {
    let groups = RowGroups(sets: sets, width: width, channels: mean.count, channelsPerGroup: 1)
    var means = [Double](repeating: 0, count: sets * width), variances = means
    groups.forEachChannel { index, _, channel in
      means[index] = Double(mean[channel])
      variances[index] = Double(variance[channel])
    }
    self.init(groups: groups, rows: 1, followInput: false, mean: means, variance: variances, epsilon: epsilon)
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
    var multiply = [Float](repeating: 0, count: sets * width), add = multiply
    groups.forEachChannel { index, set, channel in
      let parameter = affines[set] * width + channel
      let a = Double(scale?[parameter] ?? 1) * inverseDeviation[index]
      multiply[index] = Float(a)
      add[index] = Float(Double(shift?[parameter] ?? 0) - mean[index] * a)
    }
    return (multiply, add)
  }

  /// With x̂ = (z - m) i and averages ⟨⟩ over a group: dz = i (γ g - ⟨γ g⟩ - x̂ ⟨γ g x̂⟩), written as p g + q z + r.
  public func inputGradientCoefficients(
    _ sums: RowGradientSums, scale: [Float]?, affines: [Int]
  ) -> RowGradientCoefficients {
    var p = [Float](repeating: 0, count: sets * width), q = p, r = p
    let count = Double(rows) * Double(groups.channelsPerGroup)
    func scaleOf(_ index: Int) -> Double {
      guard let scale else { return 1 }
      return Double(scale[affines[index / width] * width + index % width])
    }
    groups.forEach { group in
      var sum = 0.0, product = 0.0
      for index in group {
        sum += scaleOf(index) * sums.sum[index]
        product += scaleOf(index) * sums.product[index]
      }
      for index in group {
        let inverse = inverseDeviation[index]
        p[index] = Float(scaleOf(index) * inverse)
        guard followInput else { continue }
        let slope = -inverse * inverse * inverse * product / count
        q[index] = Float(slope)
        r[index] = Float(-inverse * sum / count - slope * mean[index])
      }
    }
    return RowGradientCoefficients(width: width, p: p, q: q, r: r)
  }

  /// dγ = Σ g x̂ and dβ = Σ g [count, width], over the sets that share a row of them.
  public func affineGradients(
    _ sums: RowGradientSums, affines: [Int], count: Int
  ) -> (scale: [Float], shift: [Float]) {
    var scale = [Double](repeating: 0, count: count * width), shift = scale
    groups.forEachChannel { index, set, channel in
      scale[affines[set] * width + channel] += sums.product[index] * inverseDeviation[index]
      shift[affines[set] * width + channel] += sums.sum[index]
    }
    return (scale.map { Float($0) }, shift.map { Float($0) })
  }
}
