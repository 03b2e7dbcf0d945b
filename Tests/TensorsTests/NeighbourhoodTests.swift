import Tensors
import Testing

/// Sampling and grouping of clouds against their definitions, and their derivatives.
struct NeighbourhoodTests {
  /// Points of two clouds, none as far from another as from a third.
  private func clouds(_ points: Int, seed: UInt64 = 1) throws -> Tensor {
    var stream = RandomStream(seed: seed, name: "clouds")
    return try Tensor((0..<2 * 3 * points).map { _ in stream.signedUniform() }, shape: [2, 3, points])
  }

  /// [batch][point][axis]
  private func points(_ tensor: Tensor) -> [[[Float]]] {
    let (channels, count, values) = (tensor.shape[1], tensor.shape[2], tensor.elements)
    return (0..<tensor.shape[0]).map { sample in
      (0..<count).map { point in (0..<channels).map { values[(sample * channels + $0) * count + point] } }
    }
  }

  private func distance(_ a: [Float], _ b: [Float]) -> Float {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
  }

  @Test(arguments: [1, 2, 7, 20])
  func farthestPointsByDefinition(_ count: Int) throws {
    let cloud = try clouds(20)
    let found = points(try cloud.farthestPoints(count))
    for (all, found) in zip(points(cloud), found) {
      var chosen = [all[0]]
      while chosen.count < count {
        let spaces = all.map { point in chosen.map { distance(point, $0) }.min() ?? 0 }
        let next = try #require(spaces.indices.max { spaces[$0] < spaces[$1] })
        chosen.append(all[next])
      }
      #expect(found == chosen)
    }
  }

  @Test func equalPointsBeginAgainAtTheFirst() throws {
    let cloud = try Tensor([1, 1, 2, 5, 5, 6, 0, 0, 0], shape: [1, 3, 3])
    #expect(try points(cloud.farthestPoints(3))[0] == [[1, 5, 0], [2, 6, 0], [1, 5, 0]])
    let strange = try Tensor([.nan, .infinity, 0, .nan, 1, 2, 3, 4, 5], shape: [1, 3, 3])
    #expect(try strange.farthestPoints(3).shape == [1, 3, 3])
    #expect(try strange.neighbourhoods(of: strange, radius: 1, count: 2).shape == [1, 3, 3, 2])
  }

  @Test(arguments: [(1, 0), (3, 2), (8, 5), (40, 1)])
  func neighbourhoodsByDefinition(count: Int, channels: Int) throws {
    let cloud = try clouds(20), radius: Float = 0.7
    // Some centres are points, one is far from all.
    let centres = try Tensor.concatenated(
      [cloud.farthestPoints(4), Tensor(repeating: 3, shape: [2, 3, 1])], axis: 2)
    let features = channels > 0 ? try sample([2, channels, 20]) : nil
    let found = try cloud.neighbourhoods(of: centres, features: features, radius: radius, count: count)
    #expect(found.shape == [2, 3 + channels, 5, count])
    let all = points(cloud), values = features.map(points), result = found.elements
    for sample in 0..<2 {
      for (index, centre) in points(centres)[sample].enumerated() {
        let distances = all[sample].map { distance($0, centre) }
        var near = distances.indices.filter { distances[$0] < radius }
        if near.isEmpty { near = [try #require(distances.indices.min { distances[$0] < distances[$1] })] }
        let chosen = (0..<count).map { $0 < near.count ? near[$0] : near[0] }
        for (neighbour, point) in chosen.enumerated() {
          let expected = zip(all[sample][point], centre).map { $0 - $1 } + (values?[sample][point] ?? [])
          let place = (sample * expected.count * 5 + index) * count + neighbour
          #expect(expected.indices.map { result[place + $0 * 5 * count] } == expected)
        }
      }
    }
  }

  /// A step of 0.001 changes no choice in these clouds.
  @Test func gradients() throws {
    let cloud = try clouds(12, seed: 4), features = try sample([2, 3, 12])
    try expectGradient(of: { try $0[0].farthestPoints(5) }, at: [cloud], step: 1e-3)
    let centres = try cloud.farthestPoints(4)
    for count in [2, 6] {
      try expectGradient(
        of: { try $0[0].neighbourhoods(of: $0[1], features: $0[2], radius: 0.8, count: count) },
        at: [cloud, centres, features], step: 1e-3)
      try expectGradient(
        of: { try $0[0].neighbourhoods(of: $0[0].farthestPoints(4), radius: 0.8, count: count) }, at: [cloud],
        step: 1e-3)
    }
  }

  @Test func mistakes() throws {
    let cloud = try clouds(20)
    expectMistake("21 of 20 points cannot be chosen") { _ = try cloud.farthestPoints(21) }
    expectMistake("0 of 20 points cannot be chosen") { _ = try cloud.farthestPoints(0) }
    expectMistake("clouds [batch, 3, points] were expected, not a tensor of shape [2, 5]") {
      _ = try sample([2, 5]).farthestPoints(1)
    }
    expectMistake("features [2, 4, 19] do not fit points of shape [2, 3, 20]") {
      _ = try cloud.neighbourhoods(of: cloud, features: sample([2, 4, 19]), radius: 1, count: 1)
    }
    expectMistake("centres [1, 3, 20] do not fit") {
      _ = try cloud.neighbourhoods(of: sample([1, 3, 20]), radius: 1, count: 1)
    }
    expectMistake("0 of 20 points around 20 centres cannot be found") {
      _ = try cloud.neighbourhoods(of: cloud, radius: 1, count: 0)
    }
    #expect(throws: TensorError.self) { _ = try cloud.neighbourhoods(of: cloud, radius: 1, count: .max) }
    #expect(throws: TensorError.self) { _ = try cloud.neighbourhoods(of: cloud, radius: 1, count: 1 << 40) }
    expectMistake("10000 of 10000 points cannot be chosen") {
      _ = try Tensor(repeating: 0, shape: [1, 3, 10_000]).farthestPoints(10_000)
    }
  }
}
