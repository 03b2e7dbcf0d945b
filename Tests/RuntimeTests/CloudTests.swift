import Testing

@testable import Runtime

/// Clouds of points in scripts: layers on tensors and stages, samples, and the life of a protected PointNet.
@Suite struct CloudTests {
  private static let setting = """
    fn clouds(count, seed) { {points: uniform([count, 16, 3], seed: seed), labels: [i mod 8 for i in 0..<count]} }
    data = {train: clouds(16, 1), test: clouds(10, 2)}
    owner = passport("me", seed: 1)

    """

  private func expectHolds(_ script: String) {
    let run = Run(Self.setting + script)
    #expect(run.outcome == .done, "\(run.errors)")
  }

  @Test(arguments: ["separate", "shared"])
  func aProtectedPointNetFromTrainingToVerification(statistics: String) {
    expectHolds(
      """
      net = pointnet(8, points: 16, widths: [16, 16, 32, 16, 16], passport: true, statistics: "\(statistics)")
      log = train(net, data, epochs: 2, batch: 8, passport: owner, optimizer: adam(0.001, decay: 1e-4))
      expect log.claim.bits == 16 + 16 + 32 + 16 + 16 + 8
      released = release(net)
      expect not any([("bn1" in name or "scale" in name) for name in keys(parameters(released))])
      expect accuracy(released, data) == accuracy(net, data)
      expect accuracy(released, data, claim: log.claim) == accuracy(net, data, passport: owner)
      x = transpose(data.test.points, [0, 2, 1])
      expect max(abs(released(x) - net(x))) == 0
      proof = verify(released, owner, claim: log.claim, data: data)
      expect proof.bits == log.claim.bits
      expect accuracy(prune(released, 30%), data, claim: log.claim) >= 0
      """)
  }

  @Test func protectingAPlainPointNetInPart() {
    expectHolds(
      """
      net = protect(pointnet(8, points: 16, widths: [16, 16, 32, 16, 16]), layers: ["convp1", "p3"])
      expect net.passports == ["convp1", "p3"]
      expect "stn.conv1.bn1.weight" in keys(parameters(net))
      log = train(net, data.train, epochs: 1, batch: 8, passport: owner, branches: "alternate")
      expect verify(release(net), owner, claim: log.claim).bits == 24
      """)
  }

  @Test func fewClassesLeaveTheLogitsWithoutAPassport() {
    expectHolds("expect not (\"p3\" in pointnet(4, points: 16, widths: [8, 8, 8, 8, 8], passport: true).passports)")
  }

  @Test func aNetOfOnesOwnWithATransform() {
    expectHolds(
      """
      net = input([3, 16]) |> tnet(widths: [8, 8, 8, 8, 8], regularize: true, passport: true) |> conv1d(16)
        |> norm(passport: true) |> relu |> globalmax |> dense(16) |> dropout(40%) |> norm(passport: true) |> relu
        |> dense(8) |> norm(kind: "none", passport: true) |> model_of("mine")
      expect len(net.passports) == 3
      log = train(net, data, epochs: 1, batch: 8, passport: owner, lambda_transform: 0.1)
      expect log.loss[0] > log.task_loss[0] + log.sign_loss[0]
      expect accuracy(release(net), data, claim: log.claim) == accuracy(net, data, passport: owner)
      """)
  }

  @Test func layersOnTensors() {
    expectHolds(
      """
      x = ones([2, 3, 5])
      y = conv1d(x, 2, weight: reshape(tensor([1, 2, 3, 0, 0, 1]), [2, 3, 1]))
      expect shape(y) == [2, 2, 5]
      expect y[0, 0, 0] == 6
      expect shape(conv1d(x, 7)) == [2, 7, 5]
      expect shape(tnet(x, widths: [4, 4, 4, 4, 4])) == [2, 3, 5]
      """)
  }

  @Test(arguments: [
    ("train(pointnet(8, widths: [8, 8, 8, 8, 8]), {points: ones([4, 3, 16]), labels: [0, 1, 2, 3]}, epochs: 1)",
     "train: points have the shape [clouds, points, 3], not [4, 3, 16]"),
    ("train(pointnet(8, points: 8, widths: [8, 8, 8, 8, 8]), data, epochs: 1)",
     "the samples have shape [3, 16], and the model takes [3, 8]"),
    ("protect(pointnet(8, points: 16, widths: [8, 8, 8, 8, 8]), layers: [\"stn.conv1\"])",
     "layers: there is none named 'stn.conv1' that can carry a passport"),
    ("pointnet(8, widths: [8])", "pointnet: 5 widths were expected, not 1"),
    ("input([3, 8, 8]) |> tnet()", "tnet: a cloud [channels, points] was expected, not [3, 8, 8]"),
    ("input([3, 8]) |> conv1d(4) |> norm(passport: true)",
     "norm: a passport needs at least 8 channels, and this layer has 4"),
  ])
  func mistakes(_ script: String, _ message: String) {
    let run = Run(Self.setting + script)
    #expect(run.messages.last == message)
  }
}
