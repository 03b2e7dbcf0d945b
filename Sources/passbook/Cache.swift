import ArgumentParser
import Datasets
import Files
import Foundation
import Training

/// `passbook cache`: the trainings that `replay --fast` need not do again, and the clouds that need no decoding.
struct Cache: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show or clear the caches of finished trainings and of decoded clouds.",
    discussion: "replay --fast keeps trainings, up to 2 GB; modelnet, shapenet and clouds keep what they decode, up to "
      + "4 GB. Beyond that the least recently used entries are removed.")

  @Flag(help: "Remove all entries.")
  var clear = false

  func run() throws {
    guard let trainings = TrainingCache.standard, let clouds = CloudCache.standard else {
      throw ValidationError("there is no place for a cache: neither HOME nor XDG_CACHE_HOME is set")
    }
    let shelves = [
      Shelf(
        folder: trainings.entryFolder, nouns: ("training", "trainings"), title: { TrainingCache.title(of: $0) }),
      Shelf(folder: clouds.folder, nouns: ("data set", "data sets"), title: { CloudCache.title(of: $0) }),
    ]
    for shelf in shelves {
      if clear { try shelf.clear() } else { shelf.list() }
    }
  }
}

/// One kind of entries.
private struct Shelf {
  let folder: CacheFolder
  let nouns: (one: String, many: String)
  let title: (CacheFolder.Entry) -> String?

  func clear() throws {
    let count = try folder.clear()
    print("removed \(count) \(count == 1 ? nouns.one : nouns.many) from \(folder.path)")
  }

  func list() {
    let entries = folder.entries()
    let dates = DateFormatter()
    dates.locale = Locale(identifier: "en_US_POSIX")
    dates.dateFormat = "yyyy-MM-dd HH:mm"
    for entry in entries {
      let date = dates.string(from: Date(timeIntervalSince1970: entry.lastUse))
      print("\(date)  \(megabytes(entry.size))  \(title(entry) ?? "unreadable")  \(entry.path)")
    }
    let total = megabytes(entries.reduce(0) { $0 + $1.size })
    print(
      "\(entries.count) \(entries.count == 1 ? nouns.one : nouns.many), \(total) of \(folder.limit / 1_000_000) MB, "
        + "in \(folder.path)")
  }

  private func megabytes(_ bytes: Int) -> String { "\((Double(bytes) / 1e5).rounded() / 10) MB" }
}
