import Tensors

// What a set abstraction (Qi et al. 2017, PointNet++, section 3.2) has beside convolutions: centres, the neighbourhoods
// around them, and one vector a neighbourhood. Between the last two stands a shared network, `conv(channels, 1)`,
// normalisations and ReLUs, so that passports go there as anywhere else.

/// `farthest(count)`: points of a cloud [3, points] that cover it, by farthest-point sampling from the first one on
/// (`Tensor.farthestPoints`).
public struct FarthestPointsLayer: Layer {
  public static let kind = "farthest"

  public var count: Int

  public init(count: Int) { self.count = count }

  public func outputShape(of inputs: [Shape]) throws -> Shape {
    let cloud = try inputs.only(for: Self.kind)
    let points = try cloud.points(for: Self.kind, "a cloud")
    guard (1...points).contains(count) else {
      throw NetworkError("farthest: of \(points) points 1 to \(points) can be chosen, not \(count)")
    }
    try Self.checkDistances(points, count, Self.kind)
    return [3, count]
  }

  public func forward(_ inputs: [Tensor], _ pass: LayerPass) throws -> Tensor { try inputs[0].farthestPoints(count) }

  /// Refuses clouds whose distances nobody could wait for.
  static func checkDistances(_ points: Int, _ centres: Int, _ kind: String) throws {
    guard points <= Tensor.mostDistances / max(centres, 1) else {
      throw NetworkError(
        "\(kind): \(points) points and \(centres) centres have more than \(Tensor.mostDistances) distances",
        help: "take fewer points of each cloud: points: 1024")
    }
  }
}

/// `neighbours(centres, radius, count, features)`: the points of a cloud [3, points] around each of some centres
/// [3, centres], relative to it, and under them the points' features, if there are any [channels, points]; an image
/// [3 + channels, centres, count] (`Tensor.neighbourhoods`).
public struct NeighboursLayer: Layer {
  public static let kind = "neighbours"

  public var radius: Float
  /// Points of a neighbourhood.
  public var count: Int

  public init(radius: Float, count: Int) {
    self.radius = radius
    self.count = count
  }

  /// Inputs are the cloud, the centres and perhaps the features.
  public func outputShape(of inputs: [Shape]) throws -> Shape {
    guard (2...3).contains(inputs.count) else {
      throw NetworkError(
        "neighbours: a cloud, its centres and perhaps features were expected, not \(inputs.count) inputs")
    }
    let points = try inputs[0].points(for: Self.kind, "a cloud")
    let centres = try inputs[1].points(for: Self.kind, "centres")
    guard radius > 0, radius.isFinite else {
      throw NetworkError("neighbours: the radius is a number above 0, not \(radius)")
    }
    guard (1...65_536).contains(count) else {
      throw NetworkError("neighbours: count is a whole number from 1 to 65536, not \(count)")
    }
    try FarthestPointsLayer.checkDistances(points, centres, Self.kind)
    guard inputs.count == 3 else { return [3, centres, count] }
    guard inputs[2].count == 2, inputs[2][1] == points else {
      throw NetworkError(
        "neighbours: features [channels, \(points)] of the \(points) points were expected, not \(inputs[2])",
        help: "features belong to the points that are searched, not to the centres")
    }
    return [3 + inputs[2][0], centres, count]
  }

  public func forward(_ inputs: [Tensor], _ pass: LayerPass) throws -> Tensor {
    try inputs[0].neighbourhoods(
      of: inputs[1], features: inputs.count > 2 ? inputs[2] : nil, radius: radius, count: count)
  }
}

/// `localmax`: the largest value of each channel in each neighbourhood, [channels, centres, neighbours] to
/// [channels, centres].
public struct LocalMaximumLayer: Layer {
  public static let kind = "localmax"

  public init() {}

  public func outputShape(of inputs: [Shape]) throws -> Shape {
    let input = try inputs.only(for: Self.kind)
    guard input.count == 3 else {
      throw NetworkError(
        "localmax: neighbourhoods [channels, centres, neighbours] were expected, not \(input)",
        help: "neighbours(centres, radius: 0.2, count: 16) makes them of a cloud")
    }
    return [input[0], input[1]]
  }

  public func forward(_ inputs: [Tensor], _ pass: LayerPass) throws -> Tensor { try inputs[0].maximum(axis: 3) }
}

extension Shape {
  /// The number of points of [3, points].
  fileprivate func points(for kind: String, _ what: String) throws -> Int {
    guard count == 2, self[0] == 3, self[1] >= 1 else {
      throw NetworkError(
        "\(kind): coordinates of \(what) [3, points] were expected, not \(self)",
        help: "other channels than x, y and z go in as features")
    }
    return self[1]
  }
}
