import Datasets
import Files
import Foundation
import Networks
import Testing

@testable import Training

struct CacheTests {
  private let folder = NSTemporaryDirectory() + "/passbook-cache-" + UUID().uuidString

  private func cleanUp() { try? FileManager.default.removeItem(atPath: folder) }

  private func trainer(_ plan: TrainingPlan, network: Network? = nil, images: ImageSet? = nil) throws -> Trainer {
    try Trainer(network ?? Small.network(), on: images ?? Small.images(40), plan: plan)
  }

  private func run(_ trainer: inout Trainer) throws {
    try trainer.run(isInterrupted: { false }, elapsed: { 0 }, observe: { _ in })
  }

  @Test func whatIsRestoredIsWhatWasTrainedToTheBit() throws {
    defer { cleanUp() }
    let cache = TrainingCache(folder: folder)
    var plan = try Small.plan(epochs: 3)
    plan.validation = try Small.images(12, seed: 8)
    var trained = try trainer(plan)
    let key = try #require(try trained.cacheKey(cache))
    try run(&trained)
    try trained.keep(in: cache, as: key)
    plan.checkpoint = folder + "/checkpoint.safetensors"
    var restored = try trainer(plan)
    guard case .restored = try restored.restore(from: cache, key: key) else { throw TrainingError("nothing was restored") }
    #expect(restored.network.contents == trained.network.contents)
    #expect(restored.log == trained.log)
    #expect(try restored.claim()?.triggerHash == trained.claim()?.triggerHash)
    let kept = try FileReader.contents(of: cache.entryFolder.path(of: key), limit: 1 << 20)
    #expect(try FileReader.contents(of: folder + "/checkpoint.safetensors", limit: 1 << 20) == kept)
    #expect(cache.entryFolder.entries().contains { TrainingCache.title(of: $0) == "small, 3 epochs" })
  }

  @Test func everythingThatDecidesTheResultIsInTheKey() throws {
    let plan = try Small.plan(epochs: 3)
    let cache = TrainingCache(folder: folder)
    let changes: [(inout TrainingPlan) throws -> Void] = [
      { $0.epochs = 4 }, { $0.seed = 12 }, { $0.batchSize = 4 }, { $0.augments = false }, { $0.branches = .together },
      { $0.optimizer = .sgd(rate: 0.01, momentum: 0.9, decay: 0) }, { $0.schedule = .constant },
      { $0.objective.margin = 0.2 }, { $0.triggersPerBatch = 3 }, { $0.triggers = try Small.triggers(seed: 6) },
      { $0.passport?.seed = 43 }, { $0.passport?.text = "you" }, { $0.passport = nil }, { $0.triggers = nil },
      { $0.isExact = true }, { $0.validation = try Small.images(12) },
      { $0.validation = try Small.images(12, seed: 9) },
    ]
    var keys: [String?] = [try trainer(plan).cacheKey(cache)]
    for change in changes {
      var other = plan
      try change(&other)
      keys.append(try trainer(other).cacheKey(cache))
    }
    keys.append(try trainer(plan, network: Small.network(seed: 2)).cacheKey(cache))
    keys.append(try trainer(plan, images: Small.images(40, seed: 4)).cacheKey(cache))
    keys.append(try trainer(plan).cacheKey(TrainingCache(folder: folder, engine: "another")))
    #expect(!keys.contains(nil))
    #expect(Set(keys).count == keys.count)
    #expect(try trainer(plan).cacheKey(cache) == keys[0])
    var same = plan
    same.checkpoint = "elsewhere"
    #expect(try trainer(same).cacheKey(cache) == keys[0])
  }

  @Test func aBudgetKeepsATrainingOut() throws {
    var plan = try Small.plan(epochs: 1)
    plan.budget = 60
    #expect(try trainer(plan).cacheKey(TrainingCache(folder: folder)) == nil)
  }

  @Test func anUnfinishedTrainingIsNotKept() throws {
    defer { cleanUp() }
    let cache = TrainingCache(folder: folder)
    var trainer = try trainer(Small.plan(epochs: 2))
    let key = try #require(try trainer.cacheKey(cache))
    try trainer.run(isInterrupted: { true }, elapsed: { 0 }, observe: { _ in })
    try trainer.keep(in: cache, as: key)
    #expect(cache.entryFolder.entries().isEmpty)
  }

  @Test func theLeastRecentlyUsedGoFirst() throws {
    defer { cleanUp() }
    let cache = TrainingCache(folder: folder, limit: 250)
    try cache.entryFolder.make()
    for (index, name) in ["a", "b", "c"].enumerated() {
      try AtomicFile.write([UInt8](repeating: 0, count: 100), to: cache.entryFolder.path(of: name))
      let date = Date(timeIntervalSince1970: 1_000_000 + Double(index))
      try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: cache.entryFolder.path(of: name))
    }
    cache.entryFolder.touch(cache.entryFolder.path(of: "a"))
    try cache.entryFolder.shrink(keeping: cache.entryFolder.path(of: "c"))
    #expect(cache.entryFolder.entries().map(\.path) == ["a", "c"].map(cache.entryFolder.path))
    #expect(try cache.entryFolder.clear() == 2)
    #expect(cache.entryFolder.entries().isEmpty)
  }

  @Test func theFolderIsTheUsers() {
    #expect(
      TrainingCache.standardFolder(environment: ["XDG_CACHE_HOME": "/c", "HOME": "/h"]) == "/c/passbook/training")
    #expect(
      TrainingCache.standardFolder(environment: ["XDG_CACHE_HOME": "c", "HOME": "/h"]) == "/h/.cache/passbook/training")
    #expect(TrainingCache.standardFolder(environment: [:]) == nil)
  }
}
