import Foundation
import Testing

@testable import Runtime

/// Data sets of clouds in scripts: made, read, chosen from, augmented, drawn and trained on.
@Suite struct CloudDataTests {
  private static let setting = "data = solids(train: 40, test: 20, points: 24, seed: 3)\n"

  private func expectHolds(_ script: String) {
    let run = Run(Self.setting + script)
    #expect(run.outcome == .done, "\(run.errors)")
  }

  @Test func fieldsOfASplit() {
    expectHolds(
      """
      expect shape(data.train.points) == [40, 24, 3]
      expect shape(data.train) == [40, 3, 24]
      expect len(data.train) == 40
      expect data.train.counts == [4 for i in 0..<10]
      expect data.train.classes == data.classes
      expect data.test.labels == [i mod 10 for i in 0..<20]
      expect not data.provenance.official
      expect data.provenance.counts == {train: 40, test: 20}
      expect abs(max(sum(data.train.points * data.train.points, axis: 2)) - 1) < 1e-5
      """)
    #expect(Run(Self.setting + "data.train").lines == ["40 clouds [24, 3] of 10 classes"])
    #expect(Run(Self.setting + "augment(data.test)").lines == ["20 clouds [24, 3] of 10 classes, augmented"])
  }

  @Test func choosing() {
    expectHolds(
      """
      part = take(data.train, 25%)
      expect part.labels == [i mod 10 for i in 0..<10]
      mixed = shuffle(data.train, seed: 2)
      expect mixed.labels != data.train.labels and sort(mixed.labels) == sort(data.train.labels)
      first, rest = split(data.train, 30)
      expect len(first) == 30 and len(rest) == 10
      expect [len(b) for b in batches(data.train, 16)] == [16, 16, 8]
      one = data.train[3]
      expect one.label == 3 and one.up == "z" and shape(one.points) == [24, 3]
      expect max(abs(one.points - data.train.points[3])) == 0
      expect data.train[5..7].labels == [5, 6, 7]
      expect shape(fashion().test[0].image) == [1, 28, 28]
      cloud(data.test[0]);
      """)
  }

  @Test func aPointNetFromTrainingToVerification() {
    expectHolds(
      """
      owner = passport("me", seed: 1)
      net = pointnet(10, points: 24, widths: [16, 16, 32, 16, 16], passport: true)
      log = train(net, {train: augment(data.train), test: data.test}, epochs: 2, batch: 8, passport: owner,
                  optimizer: adam(0.001, decay: 1e-4))
      expect log.loss[1] < log.loss[0]
      released = release(net)
      expect accuracy(released, data, claim: log.claim) == accuracy(net, data, passport: owner)
      expect verify(released, owner, claim: log.claim, data: data).bits == log.claim.bits
      confusion(net, data);
      """)
  }

  @Test func aPointNetLearnsPointTriggers() {
    expectHolds(
      """
      marks = triggers(furniture(points: 24).test, count: 8, classes: 10, seed: 5, without: data)
      expect shape(marks.points) == [8, 24, 3] and len(marks.labels) == 8
      owner = passport("me", seed: 1)
      net = pointnet(10, points: 24, widths: [16, 16, 32, 16, 16], passport: true)
      before = accuracy(net, marks)
      log = train(net, {train: augment(data.train, dropout: 20%), test: data.test}, epochs: 60, batch: 8,
                  passport: owner, triggers: marks, triggers_per_batch: 8, optimizer: adam(0.003))
      expect before <= 50%
      expect accuracy(net, marks) >= 7 / 8
      found = verify(release(net), owner, claim: log.claim, data: data, triggers: marks)
      expect found.trigger == accuracy(net, marks) and found.trigger_log10_p < -3
      expect log.claim.triggers == marks.sha256
      """)
  }

  @Test func pointTriggersLeaveSharedClassesOut() {
    expectHolds(
      """
      source = furniture(points: 8).train
      names = ["bed", "chair", "lamp", "sofa", "table"]
      expect [c for c in data.classes if c in source.classes] == names
      by_names = triggers(source, count: 30, classes: 10, seed: 2, without: names)
      by_data = triggers(source, count: 30, classes: 10, seed: 2, without: data)
      by_numbers = triggers(source, count: 30, classes: 10, seed: 2, without: [1, 3, 7, 11, 12])
      expect by_names.sha256 == by_data.sha256 and by_names.sha256 == by_numbers.sha256
      expect by_names.sha256 != triggers(source, count: 30, classes: 10, seed: 2).sha256
      kept = triggers(data.train, keep_labels: true)
      expect kept.labels == data.train.labels
      """)
  }

  /// The same network, seed and order: only what augmentation does differs.
  @Test func augmentationReachesTraining() {
    expectHolds(
      """
      fn loss(split) {
        net = pointnet(10, points: 24, widths: [8, 8, 8, 8, 8])
        train(net, split, epochs: 1, batch: 8, seed: 4).loss[0]
      }
      plain = loss(data.train)
      expect loss(augment(data.train)) != plain
      expect loss(augment(data.train)) == loss(augment(data.train))
      expect loss(augment(data.train, rotate: true)) != loss(augment(data.train))
      expect loss(augment(data.train, dropout: 0%, scale: [1, 1], shift: 0)) == plain
      """)
  }

  @Test func foldersAndReleases() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("clouds-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    func write(_ name: String, _ text: String) throws {
      let file = folder.appendingPathComponent(name)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    for name in ["chair/train/chair_0001", "chair/test/chair_0002", "night_stand/train/night_stand_0001"] {
      try write("net/\(name).off", "OFF4 1 0\n0 0 0\n2 0 0\n2 1 0\n0 1 0\n4 0 1 2 3\n")
    }
    try write("rows/a.txt", "1,2,3,0,0,1\n4,5,6,0,0,1\n")
    expectHolds(
      """
      net = modelnet("\(folder.path)/net", points: 32, seed: 1)
      expect net.classes == ["chair", "night_stand"]
      expect net.train.labels == [0, 1] and shape(net.test.points) == [1, 32, 3]
      expect "3991" in net.provenance.note and net.provenance.sha256[0].name == "3 clouds"
      expect len(net.provenance.sha256[0].sha256) == 64
      rows = clouds("\(folder.path)/rows", points: 2, normalize: false, up: "z")
      expect max(abs(rows.points[0] - tensor([[1, 2, 3], [4, 5, 6]]))) == 0
      far = clouds("\(folder.path)/net", points: 8, sampling: "farthest", seed: 2)
      expect far.counts == [1, 1, 1]
      """)
  }

  @Test(arguments: [
    ("modelnet(\"/nowhere\")", "/nowhere: the folder or archive of ModelNet is missing; check the path"),
    ("modelnet(\"/nowhere\", classes: 12)", "ModelNet comes with 10 or 40 classes, not 12"),
    ("clouds(\"/nowhere\", points: 0)", "clouds: 'points' must be from 1 to 65536, not 0"),
    ("augment(fashion().test, shift: 1)", "augment: 'shift' is for clouds of points; images are cropped and flipped"),
    ("augment(data.train, scale: [2, 1])",
     "augment: 'scale' is two numbers above 0, the smaller first, such as [0.8, 1.25]"),
    ("triggers(data.train, count: 5, without: [\"spoon\"])", "triggers: the source has no class \"spoon\""),
    ("triggers(data.train, count: 5, without: [10])", "triggers: the source has no class 10"),
    ("triggers(data.train, count: 5, without: 3)",
     "triggers: 'without' must be a list of classes, or data with classes, not a number"),
    ("triggers(data.train, count: 41)", "cannot choose 41 triggers among 40 clouds"),
    ("triggers(data.train, keep_labels: true, count: 5)",
     "triggers: 'count' chooses at random, and 'keep_labels' takes all samples as they are"),
    ("furniture(points: 2000)", "furniture comes in clouds of 1 to 1024 points, not 2000"),
    ("show(data.train, 0)", "show: 'split' must be a split such as data.test, not a split"),
    ("cloud(data.test)", "cloud: a cloud has the shape [points, 3], not [20, 24, 3]"),
    ("train(pointnet(10, points: 16, widths: [8, 8, 8, 8, 8]), data, epochs: 1)",
     "the samples have shape [3, 24], and the model takes [3, 16]"),
  ])
  func mistakes(_ script: String, _ message: String) {
    let run = Run(Self.setting + script)
    #expect(run.messages.last?.hasSuffix(message) == true, "\(run.messages)")
  }
}
