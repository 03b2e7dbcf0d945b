import Kernels

// Points of clouds [batch, 3, points] that stand for others, and the neighbourhoods around them: the sampling and the
// grouping of a set abstraction (Qi et al. 2017, PointNet++, section 3.2).

extension Tensor {
  /// The most distances that are taken in one cloud: points times centres.
  public static let mostDistances = 1 << 26

  /// Points of each cloud that cover it, [batch, 3, count]: the first point, then each time the one that is farthest
  /// from all before it, the first among equals.
  public func farthestPoints(_ count: Int) throws -> Tensor {
    try checkCloud("farthest")
    guard count >= 1, count <= shape[2], shape[2] <= Self.mostDistances / count else {
      throw TensorError("farthest: \(count) of \(shape[2]) points cannot be chosen")
    }
    let (samples, points) = (shape[0], shape[2])
    let gather = PointGather(samples: samples, channels: 3, chosen: count)
    let (from, to) = (
      ActivationStrides.planes(channels: 3, positions: points), ActivationStrides.planes(channels: 3, positions: count)
    )
    let positions = try read { coordinates in
      try Positions([samples, count]) {
        CloudSearch(samples: samples, points: points).farthest(count, of: coordinates, from, into: $0)
      }
    }
    let value = try Tensor(shape: [samples, 3, count]) { target in
      read { coordinates in
        positions.read { gather.forward(coordinates, from, positions: $0, into: target, to) }
      }
    }
    let full = shape
    return value.recorded(from: [self]) { gradient in
      [try positions.scatter(gradient, to, by: gather, shape: full, from)]
    }
  }

  /// What lies around each centre, [batch, 3 + channels, centres, count]: the places of `count` points nearer than the
  /// radius, relative to the centre, and under them the points' features.
  ///
  /// The first such points are taken; the first is repeated where there are fewer, and the nearest point stands for
  /// all where there is none.
  ///
  /// - Parameters:
  ///   - centres: [batch, 3, centres].
  ///   - features: [batch, channels, points].
  public func neighbourhoods(
    of centres: Tensor, features: Tensor? = nil, radius: Float, count: Int
  ) throws -> Tensor {
    let grouping = try Grouping(self, centres, features, count: count)
    let positions = try read { points in
      try centres.read { centres in
        try Positions([grouping.samples, grouping.centres, count]) {
          CloudSearch(samples: grouping.samples, points: grouping.points).neighbours(
            count, within: radius, of: (grouping.centres, centres, grouping.atCentres), among: points,
            grouping.atPoints, into: $0)
        }
      }
    }
    let value = try Tensor(shape: grouping.shape) { target in
      positions.read { positions in
        read {
          grouping.places.forward($0, grouping.atPoints, positions: positions, into: target, grouping.atNeighbours)
        }
        centres.read {
          grouping.subtraction.forward(centres: $0, grouping.atCentres, from: target, grouping.atNeighbours)
        }
        features?.read {
          grouping.features.forward(
            $0, grouping.ofFeatures, positions: positions, into: target + 3 * grouping.atNeighbours.channel,
            grouping.atNeighbours)
        }
      }
    }
    let (pointShape, centreShape, featureShape) = (shape, centres.shape, features?.shape)
    return value.recorded(from: [self, centres] + (features.map { [$0] } ?? [])) { gradient in
      let toPoints = try positions.scatter(
        gradient, grouping.atNeighbours, by: grouping.places, shape: pointShape, grouping.atPoints)
      let toCentres = try Tensor(shape: centreShape) { target in
        gradient.read {
          grouping.subtraction.backward(outputGradient: $0, grouping.atNeighbours, into: target, grouping.atCentres)
        }
      }
      let toFeatures = try featureShape.map { shape in
        try positions.scatter(
          gradient, grouping.atNeighbours, firstChannel: 3, by: grouping.features, shape: shape, grouping.ofFeatures)
      }
      return [toPoints, toCentres] + (toFeatures.map { [$0] } ?? [])
    }
  }

  fileprivate func checkCloud(_ name: String) throws {
    guard rank == 3, shape[1] == 3, shape[2] >= 1 else {
      throw TensorError("\(name): clouds [batch, 3, points] were expected, not a tensor of shape \(shape)")
    }
  }
}

/// The sizes, layouts and kernels of a grouping.
private struct Grouping: Sendable {
  let samples, points, centres, count, channels: Int
  /// Of the result.
  let shape: Shape

  /// Refuses tensors that do not fit each other, and sizes that nobody could wait for.
  init(_ cloud: Tensor, _ centres: Tensor, _ features: Tensor?, count: Int) throws {
    try cloud.checkCloud("neighbours")
    try centres.checkCloud("neighbours")
    (samples, points) = (cloud.shape[0], cloud.shape[2])
    self.centres = centres.shape[2]
    self.count = count
    if let features {
      guard features.rank == 3, features.shape[0] == samples, features.shape[2] == points else {
        throw TensorError("neighbours: features \(features.shape) do not fit points of shape \(cloud.shape)")
      }
    }
    guard centres.shape[0] == samples else {
      throw TensorError("neighbours: centres \(centres.shape) do not fit points of shape \(cloud.shape)")
    }
    guard count >= 1, points <= Tensor.mostDistances / self.centres else {
      throw TensorError("neighbours: \(count) of \(points) points around \(self.centres) centres cannot be found")
    }
    channels = features?.shape[1] ?? 0
    shape = [samples, 3 + channels, self.centres, count]
    _ = try shape.elementCount()
  }

  var atPoints: ActivationStrides { .planes(channels: 3, positions: points) }
  var atCentres: ActivationStrides { .planes(channels: 3, positions: centres) }
  var ofFeatures: ActivationStrides { .planes(channels: channels, positions: points) }
  var atNeighbours: ActivationStrides { .planes(channels: 3 + channels, positions: centres * count) }

  var places: PointGather { PointGather(samples: samples, channels: 3, chosen: centres * count) }
  var features: PointGather { PointGather(samples: samples, channels: channels, chosen: centres * count) }
  var subtraction: CentreSubtraction {
    CentreSubtraction(samples: samples, channels: 3, centres: centres, neighbours: count)
  }
}

/// Positions of points in clouds: integers in the storage of a tensor, which is refused where there is no room for it.
private struct Positions: Sendable {
  private let storage: Tensor

  init(_ shape: Shape, filledBy fill: (UnsafeMutablePointer<Int32>) -> Void) throws {
    let count = try shape.elementCount()
    storage = try Tensor(shape: shape) { $0.withMemoryRebound(to: Int32.self, capacity: count, fill) }
  }

  func read(_ body: (UnsafePointer<Int32>) -> Void) {
    storage.read { $0.withMemoryRebound(to: Int32.self, capacity: storage.count, body) }
  }

  /// The gradient of what was gathered, from that of what it was gathered into.
  func scatter(
    _ gradient: Tensor, _ to: ActivationStrides, firstChannel: Int = 0, by gather: PointGather, shape: Shape,
    _ from: ActivationStrides
  ) throws -> Tensor {
    var spread = try Tensor(repeating: 0, shape: shape)
    try spread.mutate { target in
      gradient.read { gradient in
        read { positions in
          gather.backward(
            outputGradient: gradient + firstChannel * to.channel, to, positions: positions, into: target, from)
        }
      }
    }
    return spread
  }
}
