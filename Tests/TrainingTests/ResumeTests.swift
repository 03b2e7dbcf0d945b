import Datasets
import Files
import Foundation
import Networks
import Testing

@testable import Training

struct ResumeTests {
  private let folder: String
  private var path: String { folder + "/checkpoint.safetensors" }

  init() throws {
    folder = NSTemporaryDirectory() + "/passbook-training-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  private func cleanUp() { try? FileManager.default.removeItem(atPath: folder) }

  private func bytes() throws -> [UInt8] { try FileReader.contents(of: path, limit: 1 << 20) }

  /// 40 samples in batches of 8 make 5 steps an epoch: 10 is the end of the second, 13 and 19 lie within one.
  @Test(arguments: [1, 10, 13, 19])
  func aTrainingInTwoPartsIsTheWholeTrainingToTheBit(steps: Int) throws {
    defer { cleanUp() }
    let whole = try Small.train(Small.plan(epochs: 4))
    var plan = try Small.plan(epochs: 4)
    plan.checkpoint = path
    #expect(try Small.train(plan, stopAfter: steps).log.stop == .interrupt)
    plan.checkpoint = nil
    plan.resume = path
    let resumed = try Small.train(plan, network: Small.network(seed: 99))
    #expect(resumed.network.contents == whole.network.contents)
    #expect(resumed.log == whole.log)
    #expect(resumed.log.epochs == 4)
  }

  @Test func moreEpochsThanFirstAskedForAreTheWholeTraining() throws {
    defer { cleanUp() }
    var plan = try Small.plan(epochs: 2)
    plan.checkpoint = path
    #expect(try Small.train(plan).log.stop == nil)
    plan.resume = path
    plan.epochs = 4
    #expect(try Small.train(plan).network.contents == Small.train(Small.plan(epochs: 4)).network.contents)
  }

  @Test func theSameTrainingGivesTheSameCheckpoint() throws {
    defer { cleanUp() }
    var plan = try Small.plan(epochs: 1)
    plan.checkpoint = path
    _ = try Small.train(plan)
    let first = try bytes()
    _ = try Small.train(plan)
    #expect(try bytes() == first)
  }

  @Test func otherSettingsAreRefusedAndTheCheckpointStays() throws {
    defer { cleanUp() }
    var plan = try Small.plan(epochs: 2)
    plan.checkpoint = path
    _ = try Small.train(plan)
    let kept = try bytes()
    plan.resume = path
    let changes: [(inout TrainingPlan) throws -> Void] = [
      { $0.seed = 12 }, { $0.batchSize = 4 }, { $0.augments = false }, { $0.branches = .together },
      { $0.optimizer = .sgd(rate: 0.01, momentum: 0.9, decay: 0) }, { $0.schedule = .constant },
      { $0.objective.margin = 0.2 }, { $0.triggersPerBatch = 3 }, { $0.triggers = try Small.triggers(seed: 6) },
      { $0.passport?.seed = 43 }, { $0.passport?.text = "you" }, { $0.triggers = nil },
    ]
    for change in changes {
      var other = plan
      try change(&other)
      let error = #expect(throws: TrainingError.self) { try Small.train(other) }
      #expect(error?.message == "\(path) belongs to a training with other settings or data")
    }
    #expect(try bytes() == kept)
  }

  @Test func otherPixelsUnderTheSameLabelsAreRefused() throws {
    defer { cleanUp() }
    var plan = try Small.plan(epochs: 1)
    plan.checkpoint = path
    _ = try Small.train(plan)
    plan.resume = path
    let images = try Small.images(40)
    let others = try Small.images(40, seed: 4)
    let stranger = try ImageSet(
      pixels: others.pixels, labels: images.labels, channels: 1, height: 8, width: 8, classNames: images.classNames)
    #expect(throws: TrainingError.self) { _ = try Trainer(Small.network(), on: stranger, plan: plan) }
  }

  @Test func anotherModelIsRefusedAndTheCheckpointStays() throws {
    defer { cleanUp() }
    var plan = try Small.plan(epochs: 1)
    plan.checkpoint = path
    _ = try Small.train(plan)
    let kept = try bytes()
    plan.resume = path
    let error = #expect(throws: TrainingError.self) { try Small.train(plan, network: Small.network(width: 16)) }
    #expect(error?.message == "\(path) belongs to another model")
    #expect(try bytes() == kept)
  }

  @Test(arguments: [0, 4, 100, 2000, -1]) func aTruncatedCheckpointIsRefusedByName(length: Int) throws {
    defer { cleanUp() }
    var plan = try Small.plan(epochs: 1)
    plan.checkpoint = path
    _ = try Small.train(plan)
    let torn = Array(length < 0 ? try bytes().dropLast() : try bytes().prefix(length))
    try AtomicFile.write(torn, to: path)
    plan.resume = path
    let error = #expect(throws: FileError.self) { try Small.train(plan) }
    #expect(error?.path == path)
    #expect(try bytes() == torn)
  }

  @Test func aModelIsNoCheckpoint() throws {
    defer { cleanUp() }
    let network = try Small.network()
    try Safetensors.write(
      network.fileTensors, metadata: [Network.metadataKey: network.architectureText()], to: path)
    var plan = try Small.plan(epochs: 1)
    plan.resume = path
    let error = #expect(throws: TrainingError.self) { try Small.train(plan) }
    #expect(error?.message == "\(path) is not a checkpoint of a training")
  }
}
