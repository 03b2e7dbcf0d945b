import Datasets
import Networks
import Tensors
import Training

/// Some of the samples of another collection: what a forger could get hold of.
struct DrawnSamples: Samples {
  private let all: any Samples
  /// Where its samples stand among all.
  private let positions: [Int]
  let labels: [Int32]

  fileprivate init(_ all: any Samples, positions: [Int]) {
    self.all = all
    self.positions = positions
    labels = all.batchLabels(positions)
  }

  var count: Int { positions.count }
  var sampleShape: Shape { all.sampleShape }

  func write(_ own: [Int], draws: [AugmentationDraw]?, to destination: UnsafeMutablePointer<Float>) throws {
    try all.write(own.map { positions[$0] }, draws: draws, to: destination)
  }
}

extension Samples {
  /// A share of the samples, above 0 and up to 1, drawn without replacement: at least one of them.
  func drawn(_ share: Double, seed: UInt64) throws -> any Samples {
    guard count > 0 else { throw NetworkError("forge: there are no samples to train on") }
    guard share < 1 else { return self }
    var stream = RandomStream(seed: seed, name: "forge/samples")
    let order = stream.permutation(count)
    let drawn = order.prefix(share: share)
    return DrawnSamples(self, positions: Array(drawn.isEmpty ? order.prefix(1) : drawn))
  }
}
