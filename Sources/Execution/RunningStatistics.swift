import Networks
import Tensors

/// The running mean and variance of a batch normalisation, as they are after the branches so far.
struct RunningStatistics {
  private let name: String
  private(set) var mean: Tensor
  private(set) var variance: Tensor

  init(_ path: String, _ affine: Affine, _ run: Run) throws {
    name = path + "." + affine.statistics
    guard let mean = run.buffers[name + ".running_mean"], let variance = run.buffers[name + ".running_var"] else {
      throw NetworkError("the network has no running statistics named \(name)")
    }
    self.mean = mean
    self.variance = variance
  }

  /// - Parameters:
  ///   - variance: the biased one of the batch; the running one takes the unbiased.
  ///   - values: how many there were of each channel.
  mutating func update(mean batchMean: [Float], variance batchVariance: [Float], values: Int) throws {
    try NormalizationLayer.checkBatch(values: values)
    let unbiased = Float(values) / Float(values - 1)
    mean = try NormalizationLayer.blend(mean, Tensor(batchMean, shape: mean.shape))
    variance = try NormalizationLayer.blend(
      variance, Tensor(batchVariance.map { $0 * unbiased }, shape: variance.shape))
  }

  func store(in run: Run) {
    run.buffers[name + ".running_mean"] = mean
    run.buffers[name + ".running_var"] = variance
  }
}
