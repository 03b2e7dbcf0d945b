/// Points of clouds taken to other places: y[c, j] = x[c, p(j)], with positions p [samples, chosen] of each sample.
public struct PointGather: Sendable {
  public let samples, channels, chosen: Int

  public init(samples: Int, channels: Int, chosen: Int) {
    self.samples = samples
    self.channels = channels
    self.chosen = chosen
  }

  public func forward(
    _ x: UnsafePointer<Float>, _ from: ActivationStrides, positions: UnsafePointer<Int32>,
    into y: UnsafeMutablePointer<Float>, _ to: ActivationStrides
  ) {
    forEach(from, to, positions) { source, target in
      let (x, y) = (x + source, y + target)
      for channel in 0..<channels { y[channel * to.channel] = x[channel * from.channel] }
    }
  }

  /// Adds the gradient of each y to that of the x that it was taken from; `inputGradient` starts as zeros.
  public func backward(
    outputGradient dy: UnsafePointer<Float>, _ to: ActivationStrides, positions: UnsafePointer<Int32>,
    into inputGradient: UnsafeMutablePointer<Float>, _ from: ActivationStrides
  ) {
    forEach(from, to, positions) { source, target in
      let (dx, dy) = (inputGradient + source, dy + target)
      for channel in 0..<channels { dx[channel * from.channel] += dy[channel * to.channel] }
    }
  }

  /// Calls with the offsets of x and y for each chosen point; those of one sample in order, on one thread.
  private func forEach(
    _ from: ActivationStrides, _ to: ActivationStrides, _ positions: UnsafePointer<Int32>,
    _ body: (_ source: Int, _ target: Int) -> Void
  ) {
    Pool.forEach(samples, elements: channels * chosen) { sample in
      for index in 0..<chosen {
        let position = Int(positions[sample * chosen + index])
        body(sample * from.sample + position * from.position, sample * to.sample + index * to.position)
      }
    }
  }
}

/// Coordinates relative to the centre of their neighbourhood: y[c, m, k] ← y[c, m, k] - centre[c, m].
public struct CentreSubtraction: Sendable {
  public let samples, channels, centres, neighbours: Int

  public init(samples: Int, channels: Int, centres: Int, neighbours: Int) {
    self.samples = samples
    self.channels = channels
    self.centres = centres
    self.neighbours = neighbours
  }

  public func forward(
    centres values: UnsafePointer<Float>, _ from: ActivationStrides, from y: UnsafeMutablePointer<Float>,
    _ to: ActivationStrides
  ) {
    forEach(from, to) { source, target in
      for neighbour in 0..<neighbours { y[target + neighbour * to.position] -= values[source] }
    }
  }

  /// The gradient of the centres, which is overwritten; that of the coordinates is the output's.
  public func backward(
    outputGradient dy: UnsafePointer<Float>, _ to: ActivationStrides, into gradient: UnsafeMutablePointer<Float>,
    _ from: ActivationStrides
  ) {
    forEach(from, to) { source, target in
      var sum: Float = 0
      for neighbour in 0..<neighbours { sum += dy[target + neighbour * to.position] }
      gradient[source] = -sum
    }
  }

  private func forEach(
    _ from: ActivationStrides, _ to: ActivationStrides, _ body: (_ source: Int, _ target: Int) -> Void
  ) {
    Pool.forEach(samples, elements: channels * centres * neighbours) { sample in
      for centre in 0..<centres {
        for channel in 0..<channels {
          body(
            sample * from.sample + channel * from.channel + centre * from.position,
            sample * to.sample + channel * to.channel + centre * neighbours * to.position)
        }
      }
    }
  }
}
