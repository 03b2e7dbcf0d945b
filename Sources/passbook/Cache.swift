import ArgumentParser
import Files
import Foundation
import Training

/// `passbook cache`: the trainings that `replay --fast` need not do again.
struct Cache: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show or clear the cache of finished trainings.",
    discussion: "replay --fast fills it; beyond 2 GB the least recently used entries are removed.")

  @Flag(help: "Remove all entries.")
  var clear = false

  func run() throws {
    guard let cache = TrainingCache.standard else {
      throw ValidationError("there is no place for a cache: neither HOME nor XDG_CACHE_HOME is set")
    }
    if clear {
      let count = try cache.clear()
      print("removed \(count) \(count == 1 ? "training" : "trainings") from \(cache.folder)")
      return
    }
    let entries = cache.entries()
    let dates = DateFormatter()
    dates.locale = Locale(identifier: "en_US_POSIX")
    dates.dateFormat = "yyyy-MM-dd HH:mm"
    for entry in entries {
      let size = Self.megabytes(entry.size)
      print("\(dates.string(from: entry.lastUse))  \(size)  \(entry.title ?? "unreadable")  \(entry.path)")
    }
    let total = Self.megabytes(entries.reduce(0) { $0 + $1.size })
    print(
      "\(entries.count) \(entries.count == 1 ? "training" : "trainings"), \(total) of \(cache.limit / 1_000_000) MB, "
        + "in \(cache.folder)")
  }

  private static func megabytes(_ bytes: Int) -> String {
    "\((Double(bytes) / 1e5).rounded() / 10) MB"
  }
}
