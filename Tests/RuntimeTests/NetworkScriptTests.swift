import Testing

@testable import Runtime

/// Networks of the zoo and of one's own in scripts.
@Suite struct NetworkScriptTests {
  private func expectHolds(_ script: String) {
    let run = Run(script)
    #expect(run.outcome == .done, "\(run.errors)")
  }

  @Test func vgg() {
    expectHolds(
      """
      net = vgg11(10, widths: [16 for i in 1..8], passport: true)
      expect len(net.passports) == 8
      expect net.output == [10]
      part = protect(vgg16(10, input: [1, 32, 32], kind: "group", widths: [16 for i in 1..13]), layers: [16, 0])
      expect part.passports == ["features.0", "features.16"]
      """)
    let run = Run("summary(vgg11(10, widths: [16 for i in 1..8], passport: true))")
    let rows = run.lines.joined(separator: "\n").split(separator: "\n")
    #expect(rows.contains { $0.hasPrefix("features.11.conv  conv") && $0.contains("[16, 2, 2]") })
    #expect(rows.contains { $0.hasPrefix("features.11 ") && $0.hasSuffix("yes") })
  }

  @Test func groupsInASummary() {
    let run = Run(
      "input([32, 8, 8]) |> conv(64, 3, groups: 4) |> norm(kind: \"group\") |> model_of(\"groups\") |> summary")
    let lines = run.lines.joined(separator: "\n").split(separator: "\n")
    let rows = lines.map { $0.split(separator: " ").map(String.init) }
    // 64 channels that see 8 each through 3 x 3 weights, at 64 positions.
    #expect(rows.contains(["conv1", "conv", "[64,", "8,", "8]", "\(64 * 8 * 9)", "\(64 * 8 * 9 * 64)"]))
    #expect(rows.contains(["norm1", "norm", "[64,", "8,", "8]", "128", "0"]))
  }

  @Test func setAbstraction() {
    expectHolds(
      """
      fn clouds(count, seed) { {points: uniform([count, 32, 3], seed: seed), labels: [i mod 8 for i in 0..<count]} }
      data = {train: clouds(16, 1), test: clouds(10, 2)}
      fn shared(x, width) { x |> conv(width, 1) |> norm(passport: true) |> relu |> localmax }
      fn hierarchy(points) {
        centres = farthest(points, 8)
        near = neighbours(points, centres, radius: 0.5, count: 4) |> shared(16)
        neighbours(centres, farthest(centres, 3), radius: 1, count: 4, features: near) |> shared(32)
      }
      model small(classes) on [3, 32] {
        hierarchy |> globalmax
        dense(classes)
      }
      net = small(8)
      expect net.passports == ["norm1", "norm2"]
      owner = passport("me", seed: 1)
      log = train(net, data, epochs: 2, batch: 8, passport: owner)
      expect accuracy(release(net), data, claim: log.claim) == accuracy(net, data, passport: owner)
      expect verify(release(net), owner, claim: log.claim).bits == 48
      """)
  }

  @Test func setAbstractionOnTensors() {
    expectHolds(
      """
      cloud = uniform([2, 3, 32], seed: 1)
      centres = farthest(cloud, 8)
      expect shape(centres) == [2, 3, 8]
      expect max(abs(centres[:, :, 0] - cloud[:, :, 0])) == 0
      near = neighbours(cloud, centres, radius: 0.5, count: 4, features: cloud)
      expect shape(near) == [2, 6, 8, 4]
      expect max(abs(near[0, 0..2, 3, 1] + centres[0, :, 3] - near[0, 3..5, 3, 1])) < 1e-6
      expect shape(localmax(near)) == [2, 6, 8]
      """)
  }

  /// The lines of an `if` that stands for a value are no lines of the model.
  @Test func choicesInsideOfAModel() {
    expectHolds(
      """
      model chosen(wide, deep) on [3, 8, 8] {
        width = if wide { 32 } else { 16 }
        conv(width, 3, stride: if wide { 2 } else { 1 })
        before = if deep { _ |> conv(width, 3) } else { _ }
        if deep { relu } else { leaky_relu(0.1) }
        add(before)
      }
      expect chosen(true, false).output == [32, 4, 4]
      expect chosen(false, true).output == [16, 8, 8]
      expect len(chosen(false, true).layers) == 4
      expect len(chosen(true, false).layers) == 3
      """)
  }

  @Test(arguments: [
    ("input([3, 16]) |> farthest(17)", "farthest: of 16 points 1 to 16 can be chosen, not 17"),
    ("input([8, 16]) |> farthest(4)", "farthest: coordinates of a cloud [3, points] were expected, not [8, 16]"),
    ("x = input([3, 16])\nneighbours(x, farthest(x, 4), radius: -1, count: 4)",
     "neighbours: the radius is a number above 0, not -1.0"),
    ("x = input([3, 16])\nneighbours(x, farthest(x, 4), radius: 1, count: 4, features: farthest(x, 4))",
     "neighbours: features [channels, 16] of the 16 points were expected, not [3, 4]"),
    ("neighbours(ones([1, 3, 4]), input([3, 4]), radius: 1, count: 1)",
     "neighbours: 'centres' must be a tensor, not a stage"),
    ("input([16, 8, 8]) |> conv(16, 3, groups: 2) |> norm(passport: true)",
     "norm: a passport goes through the weights of the layer before it, and there is no conv (of one group) or dense"),
    ("vgg11(10, input: [1, 28, 28])", "vgg11: an image of at least 32 x 32 was expected, not [1, 28, 28]"),
    ("vgg16(10, widths: [64])", "vgg16: 13 widths were expected, not 1"),
    ("input([16]) |> norm(kind: \"instance\")",
     "norm: instance normalisation has nothing to average over on a vector"),
    ("pointnet(10, points: 16, kind: \"instance\", widths: [16, 16, 16, 16, 16])",
     "norm: instance normalisation has nothing to average over on a vector"),
  ])
  func mistakes(_ script: String, _ message: String) {
    #expect(Run(script).messages.last == message)
  }
}
