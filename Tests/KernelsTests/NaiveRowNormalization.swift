@testable import Kernels

/// A normalisation of rows in float64, element by element, over what the kernels are given.
struct NaiveRowNormalization {
  var sets: RowSets
  var channels: Int
  /// Channels that share statistics; nil where mean 0 and variance 1 stand in for them.
  var perGroup: Int?
  var form: RowNormalization.Form
  var z: [Double]
  /// [sets, width]
  var scale, shift: [Double]
  var residual: [Double]?

  private var images: Int { form.pooledImage.map { sets.rows / ($0.height * $0.width) } ?? 0 }

  private func at(_ set: Int, _ row: Int, _ channel: Int) -> Int {
    (sets.inputRows[set] + row) * sets.width + channel
  }

  /// Mean and 1/√(variance + ε) of a channel of a set.
  func statistics(_ set: Int, _ channel: Int) -> (mean: Double, inverse: Double) {
    guard let perGroup else { return (0, 1) }
    let group = channel / perGroup * perGroup..<channel / perGroup * perGroup + perGroup
    let elements = (0..<sets.rows).flatMap { row in group.map { z[at(set, row, $0)] } }
    let mean = elements.reduce(0, +) / Double(elements.count)
    let variance = elements.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(elements.count)
    return (mean, 1 / (variance + 1e-5).squareRoot())
  }

  /// y, and for each of its elements the element of the set's z a + b whose gradient is the element's, or nil.
  func forward() -> (y: [Double], sources: [Int?]) {
    let rows = form.outputRows(sets.rows)
    var y = [Double](repeating: 0, count: sets.count * rows * sets.width)
    var sources = [Int?](repeating: nil, count: y.count)
    for set in 0..<sets.count {
      for channel in 0..<channels {
        let (mean, inverse) = statistics(set, channel)
        let parameter = set * sets.width + channel
        let values = (0..<sets.rows).map {
          scale[parameter] * (z[at(set, $0, channel)] - mean) * inverse + shift[parameter]
        }
        for row in 0..<rows {
          let output = (set * rows + row) * sets.width + channel
          let source = window(row).max { values[$0] < values[$1] } ?? row
          var value = values[source], flows = true
          if form.relu, value <= 0 { (value, flows) = (0, false) }
          if let residual { value += residual[output] }
          if form.reluAfterSum, value <= 0 { (value, flows) = (0, false) }
          y[output] = value
          sources[output] = flows ? source : nil
        }
      }
    }
    return (y, sources)
  }

  /// The rows of a set that row `row` of its result is the largest of.
  private func window(_ row: Int) -> [Int] {
    guard let image = form.pooledImage else { return [row] }
    let (height, width) = (image.height / 2, image.width / 2)
    let first = row / (height * width) * image.height * image.width
    let (y, x) = (row / width % height * 2, row % width * 2)
    return [(y, x), (y, x + 1), (y + 1, x), (y + 1, x + 1)].map { first + $0 * image.width + $1 }
  }

  /// Gradients of Σ y dy with respect to z, and to scale and shift of each set.
  func backward(_ dy: [Double]) -> (z: [Double], scale: [Double], shift: [Double]) {
    let rows = form.outputRows(sets.rows), sources = forward().sources
    var dz = [Double](repeating: 0, count: z.count)
    var dscale = [Double](repeating: 0, count: scale.count), dshift = dscale
    for set in 0..<sets.count {
      var g = [[Double]](repeating: [Double](repeating: 0, count: sets.rows), count: channels)
      var normalized = g
      for channel in 0..<channels {
        let (mean, inverse) = statistics(set, channel), parameter = set * sets.width + channel
        for row in 0..<sets.rows { normalized[channel][row] = (z[at(set, row, channel)] - mean) * inverse }
        for row in 0..<rows {
          let output = (set * rows + row) * sets.width + channel
          if let source = sources[output] { g[channel][source] += dy[output] }
        }
        dshift[parameter] = g[channel].reduce(0, +)
        dscale[parameter] = zip(g[channel], normalized[channel]).reduce(0) { $0 + $1.0 * $1.1 }
      }
      for channel in 0..<channels {
        let inverse = statistics(set, channel).inverse
        let group = perGroup.map { channel / $0 * $0..<channel / $0 * $0 + $0 } ?? 0..<0
        let count = Double(group.count * sets.rows)
        let sum = group.reduce(0) { $0 + scale[set * sets.width + $1] * dshift[set * sets.width + $1] }
        let product = group.reduce(0) { $0 + scale[set * sets.width + $1] * dscale[set * sets.width + $1] }
        for row in 0..<sets.rows {
          let scaled = scale[set * sets.width + channel] * g[channel][row]
          let constant = perGroup == nil ? 0 : (sum + normalized[channel][row] * product) / count
          dz[at(set, row, channel)] += inverse * (scaled - constant)
        }
      }
    }
    return (dz, dscale, dshift)
  }

  /// The derivative of Σ y dy, by a central difference, where `change` moves one number by a step.
  func slope(_ dy: [Double], _ change: (inout NaiveRowNormalization, Double) -> Void) -> Double {
    let step = 1e-6
    func value(_ step: Double) -> Double {
      var moved = self
      change(&moved, step)
      return zip(moved.forward().y, dy).reduce(0) { $0 + $1.0 * $1.1 }
    }
    return (value(step) - value(-step)) / (2 * step)
  }
}
