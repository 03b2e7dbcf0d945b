import Files
import Networks

/// Finished trainings in a folder, one checkpoint each, so that a training is not done twice; the least recently used
/// go when there are too many.
public struct TrainingCache: Sendable {
  public let entryFolder: CacheFolder
  /// What computes: version, build and the processor's kernels. Another engine may give other bits.
  let engine: String

  public init(folder: String, engine: String = "", limit: Int = 2_000_000_000) {
    entryFolder = CacheFolder(path: folder, suffix: ".safetensors", limit: limit)
    self.engine = engine
  }

  /// `$XDG_CACHE_HOME/passbook/training`, or `~/.cache/passbook/training`; nothing without a home.
  public static func standardFolder(environment: [String: String]) -> String? {
    CacheFolder.standardPath("training", environment: environment)
  }

  /// `small, 5 epochs`: the model and how long it was trained; nil for a file that cannot be read.
  public static func title(of entry: CacheFolder.Entry) -> String? {
    guard let file = try? Safetensors.File(path: entry.path), let text = file.metadata[Network.metadataKey],
      let record = try? JSON(parsing: text), case .integer(let epochs)? = record["epoch"],
      case .string(let architecture)? = record["architecture"],
      case .string(let name)? = (try? JSON(parsing: architecture))?["name"]
    else { return nil }
    return "\(name), \(epochs) epoch\(epochs == 1 ? "" : "s")"
  }
}
