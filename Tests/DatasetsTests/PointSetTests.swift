import Tensors
import Testing

@testable import Datasets

/// Sets of clouds, what is chosen from them, and what is done to them.
@Suite struct PointSetTests {
  private func set(_ count: Int = 4, points: Int = 3) throws -> PointSet {
    try PointSet(
      coordinates: (0..<count * points * 3).map(Float.init), labels: (0..<count).map { Int32($0 % 2) },
      pointCount: points, classNames: ["a", "b"])
  }

  @Test func partsMustFit() throws {
    #expect(throws: DatasetError.request("2 clouds of [2, 3] are not 11 coordinates")) {
      try PointSet(coordinates: [Float](repeating: 0, count: 11), labels: [0, 0], pointCount: 2, classNames: ["a"])
    }
    #expect(throws: DatasetError.request("label 1 names none of the 1 classes")) {
      try PointSet(coordinates: [0, 0, 0], labels: [1], pointCount: 1, classNames: ["a"])
    }
    #expect(throws: DatasetError.request("clouds have 1 to 65536 points, not 0")) { try Sampling(points: 0, seed: 1) }
  }

  @Test func selection() throws {
    let set = try set()
    let chosen = try set.selecting([3, 0, 3])
    #expect(chosen.labels == [1, 0, 1])
    #expect(try chosen.cloud(0) == set.cloud(3))
    #expect(try set.taking(count: 2).labels == [0, 1])
    #expect(try set.split(share: 0.75).second.labels == [1])
    #expect(try set.shuffled { Array((0..<$0).reversed()) }.labels == [1, 0, 1, 0])
    #expect(set.classCounts == [2, 2])
    #expect(throws: DatasetError.request("there is no cloud 4 among 4; the first is 0, the last 3")) {
      try set.selecting([4])
    }
  }

  @Test func channelsComeBeforePoints() throws {
    var values = [Float](repeating: 0, count: 9)
    try set().fill([1], into: &values)
    #expect(values == [9, 12, 15, 10, 13, 16, 11, 14, 17])
  }

  // MARK: Sampling

  @Test func samplingOfRows() throws {
    let cloud = (0..<10).map { Point(Float($0), 0, 0) }
    for method in Sampling.Method.allCases {
      let sampling = try Sampling(points: 4, method: method, seed: 3)
      var (first, second) = (sampling.stream(of: "a"), sampling.stream(of: "a"))
      let chosen = sampling.choose(from: cloud, &first)
      #expect(chosen == sampling.choose(from: cloud, &second))
      #expect(Set(chosen.map(\.x)).count == 4, "\(method)")
      let many = try Sampling(points: 25, method: method, seed: 3)
      var stream = many.stream(of: "a")
      let repeated = many.choose(from: cloud, &stream)
      #expect(repeated.count == 25 && Set(repeated.map(\.x)).count == 10, "\(method)")
    }
    #expect(try Sampling(points: 2, seed: 1).choose(from: cloud, &.some) == [cloud[0], cloud[1]])
  }

  /// Against the definition: every next point has the largest distance to those chosen.
  @Test func farthestPointsAreFarthest() {
    var stream = RandomStream(seed: 4, name: "test")
    for count in [1, 2, 7, 40] {
      let cloud = (0..<count).map { _ in Point(stream.normal(), stream.normal(), stream.normal()) }
      let order = cloud.farthestPoints(count, from: count / 2)
      #expect(order.first == count / 2 && Set(order).count == count)
      func distance(_ point: Int, _ chosen: ArraySlice<Int>) -> Float {
        chosen.map { ((cloud[point] - cloud[$0]) * (cloud[point] - cloud[$0])).sum() }.min() ?? 0
      }
      for step in order.indices.dropFirst() {
        let largest = order[step...].map { distance($0, order[..<step]) }.max()
        #expect(distance(order[step], order[..<step]) == largest)
      }
    }
  }

  @Test func pointsAreUniformOnTheSurface() throws {
    // Two triangles of areas 1 and 3.
    let mesh = Mesh(
      vertices: [Point(0, 0, 0), Point(2, 0, 0), Point(0, 1, 0), Point(0, 0, 5), Point(6, 0, 5), Point(0, 1, 5)],
      triangles: [SIMD3(0, 1, 2), SIMD3(3, 4, 5)])
    var stream = RandomStream(seed: 8, name: "test")
    let points = try mesh.points(20_000, &stream)
    let lower = points.filter { $0.z < 1 }
    // Four standard deviations of a binomial with p = 1/4, and of the mean over a triangle.
    #expect(abs(Double(lower.count) - 5000) < 4 * (20_000 * 0.1875).squareRoot())
    #expect(lower.allSatisfy { $0.x >= 0 && $0.y >= 0 && $0.x / 2 + $0.y <= 1.0001 })
    let mean = lower.reduce(Point(), +) / Float(lower.count)
    #expect(abs(mean.x - 2 / 3) < 0.03 && abs(mean.y - 1 / 3) < 0.015)
  }

  @Test func unitSphere() {
    let cloud = [Point(10, 0, 0), Point(14, 0, 0), Point(12, 3, 0), Point(12, -3, 0)].normalisedToUnitSphere()
    #expect(cloud == [Point(-2 / 3, 0, 0), Point(2 / 3, 0, 0), Point(0, 1, 0), Point(0, -1, 0)])
    #expect([Point(5, 5, 5), Point(5, 5, 5)].normalisedToUnitSphere() == [Point(), Point()])
    #expect([Point(3e38, 0, 0), Point(-3e38, 0, 0)].normalisedToUnitSphere() == [Point(1, 0, 0), Point(-1, 0, 0)])
  }

  // MARK: Augmentation

  private let cloud = (0..<200).map { Point(Float($0), Float($0 * $0) * 0.01, 1) }

  private func changed(_ change: (inout [Point], RandomStream) -> Void) -> [Point] {
    var points = cloud
    change(&points, RandomStream(seed: 5, name: "test"))
    return points
  }

  @Test func droppedPointsTakeThePlaceOfTheFirst() {
    let points = changed { PointAugmentation.dropOut(&$0, atMost: 0.875, $1) }
    let dropped = zip(points, cloud).filter { $0 != $1 }
    #expect(!dropped.isEmpty && dropped.count < 190)
    #expect(dropped.allSatisfy { $0.0 == cloud[0] })
    #expect(changed { PointAugmentation.dropOut(&$0, atMost: 1e-9, $1) } == cloud)
  }

  @Test(arguments: UpAxis.allCases)
  func turningKeepsHeightAndRadius(axis: UpAxis) {
    let points = changed { PointAugmentation.turn(&$0, about: axis, $1) }
    #expect(points != cloud)
    for (turned, point) in zip(points, cloud) {
      #expect(axis == .y ? turned.y == point.y : turned.z == point.z)
      #expect(abs((turned * turned).sum() - (point * point).sum()) <= 1e-5 * (point * point).sum())
    }
  }

  @Test func scaleShiftAndJitterStayWithinTheirBounds() {
    let scaled = changed { PointAugmentation.scale(&$0, within: 0.8...1.25, $1) }
    let factor = scaled[7].x / cloud[7].x
    #expect((0.8...1.25).contains(factor))
    #expect(scaled == cloud.map { $0 * (scaled[1].x / cloud[1].x) })
    let shifted = changed { PointAugmentation.shift(&$0, atMost: 0.1, $1) }
    let move = shifted[0] - cloud[0]
    #expect(move != Point() && abs(move.x) <= 0.1 && abs(move.y) <= 0.1 && abs(move.z) <= 0.1)
    #expect(zip(shifted, cloud).allSatisfy { moved, point in
      let rest = moved - point - move
      return max(abs(rest.x), abs(rest.y), abs(rest.z)) < 1e-4
    })
    let noise = zip(changed { PointAugmentation.jitter(&$0, deviation: 0.04, limit: 0.05, $1) }, cloud).map { $0 - $1 }
    let sizes = noise.flatMap { [abs($0.x), abs($0.y), abs($0.z)] }
    #expect(sizes.allSatisfy { $0 <= 0.0501 })
    #expect(sizes.contains { $0 > 0.0499 } && sizes.contains { $0 < 0.02 })
  }

  @Test func leavingOneOutMovesNoOther() throws {
    let stream = RandomStream(seed: 9, name: "test")
    var withoutDropout = PointAugmentation.released
    withoutDropout.dropout = 0
    var (all, rest) = (cloud, cloud)
    PointAugmentation.released.apply(to: &all, up: .y, stream)
    withoutDropout.apply(to: &rest, up: .y, stream)
    #expect(all != rest)
    #expect(all[0] == rest[0])
    #expect(all.allSatisfy { $0 == all[0] || rest.contains($0) })
  }

  @Test func theDrawDecides() throws {
    let set = try set(2, points: 8)
    func filled(_ draws: [AugmentationDraw]?) throws -> [Float] {
      var values = [Float](repeating: 0, count: 24)
      try set.fill([1], into: &values, draws: draws)
      return values
    }
    #expect(try filled([AugmentationDraw(bits: 1)]) == filled([AugmentationDraw(bits: 1)]))
    #expect(try filled([AugmentationDraw(bits: 1)]) != filled([AugmentationDraw(bits: 2)]))
    #expect(try filled(nil) != filled([AugmentationDraw(bits: 1)]))
    #expect(throws: DatasetError.self) { try filled([]) }
  }

  // MARK: Solids

  @Test func solids() throws {
    let set = try Solids.make(train: 25, test: 10, points: 64, seed: 7)
    #expect(set.train.count == 25 && set.test.count == 10)
    #expect(set.classNames.count == 10)
    #expect(set.train.classCounts == [3, 3, 3, 3, 3, 2, 2, 2, 2, 2])
    #expect(try set.train == Solids.make(train: 25, test: 10, points: 64, seed: 7).train)
    #expect(try set.train != Solids.make(train: 25, test: 10, points: 64, seed: 8).train)
    #expect(try set.train.taking(count: 10).coordinates != set.test.coordinates)
    for index in 0..<25 {
      let radius = try set.train.cloud(index).map { ($0 * $0).sum() }.max() ?? 0
      #expect(abs(radius - 1) < 1e-5)
    }
  }
}

extension RandomStream {
  /// A stream where none is drawn from.
  fileprivate static var some: RandomStream {
    get { RandomStream(seed: 0, name: "none") }
    set {}
  }
}
