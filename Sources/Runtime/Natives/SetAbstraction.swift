import Language
import Networks
import Tensors

/// Natives for the layers of PointNet++'s set abstraction that no other network needs (Qi et al. 2017).
let setAbstractionNatives: [Native] = [
  Native(
    "farthest", area: "layers",
    [
      .init("x", "stage or tensor", "the cloud, [3, points]"),
      .init("count", "number", "how many of its points to take"),
    ],
    summary: "Points that cover a cloud: its first one, then each time the one farthest from those before it.",
    example: "input([3, 256]) |> farthest(64)"
  ) { call in
    let count = try call.integer("count", in: 1...)
    if let cloud = try TensorObject.tensor(from: call.value("x")) {
      return .object(TensorObject(try cloud.farthestPoints(count)))
    }
    return try call.append(FarthestPointsLayer(count: count))
  },
  Native(
    "neighbours", area: "layers",
    [
      .init("x", "stage or tensor", "the cloud, [3, points]"),
      .init("centres", "stage or tensor", "where to look, [3, centres], as farthest gives them"),
      .init("radius", "number", "how near a neighbour is"),
      .init("count", "number", "points of each neighbourhood; the first is repeated where there are fewer"),
      .init("features", "stage or tensor", default: "none", "what is known of each point, [channels, points]"),
    ],
    summary: "The points around each centre, relative to it, with their features: [3 + channels, centres, count].",
    example: "points = input([3, 256])\nneighbours(points, farthest(points, 64), radius: 0.2, count: 16)"
  ) { call in
    let (radius, count) = (Float(try call.number("radius")), try call.integer("count", in: 1...65_536))
    if let cloud = try TensorObject.tensor(from: call.value("x")) {
      guard radius > 0 else { throw call.fail("'radius' is a number above 0", argument: "radius") }
      let centres = try call.object("centres", as: TensorObject.self, called: "a tensor").tensor
      let features = try call.optionalObject("features", as: TensorObject.self, called: "a tensor")?.tensor
      return .object(
        TensorObject(try cloud.neighbourhoods(of: centres, features: features, radius: radius, count: count)))
    }
    let cloud = try call.object("x", as: StageObject.self, called: "a stage or a tensor").stage
    let centres = try call.object("centres", as: StageObject.self, called: "a stage").stage
    let features = try call.optionalObject("features", as: StageObject.self, called: "a stage")?.stage
    return .object(
      StageObject(
        try cloud.appending(
          NeighboursLayer(radius: radius, count: count), others: [centres] + (features.map { [$0] } ?? []))))
  },
  Native(
    "localmax", area: "layers",
    [.init("x", "stage or tensor", "neighbourhoods, [channels, centres, neighbours]")],
    summary: "The largest value of each channel in each neighbourhood: [channels, centres].",
    example: "input([32, 64, 16]) |> localmax"
  ) { call in try call.append(LocalMaximumLayer()) },
]
